/** Who acts where a person does so on the portal's pages. */
import type { Actor } from '../operation.ts';

export const portalActor: Actor = { kind: 'client', id: 'portal', scopes: new Set() };
