/** What a complaint about an unknown name expects. */
import { nearestName } from '../domain/nearest-name.ts';

/** `"consent.state"`, or `one of a, b, c` where nothing is near. */
export function suggestion(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return nearest === null ? `one of ${names.join(', ')}` : `"${nearest}"`;
}
