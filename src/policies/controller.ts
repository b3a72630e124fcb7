/** policies/controller.yaml: who decides, and whom to reach (LGPD arts. 5, VI, 9, III, and 41). */
import type { Controller } from '../domain/policy.ts';
import { plainLook } from '../domain/portal/look.ts';
import { civilDate, cnpj, line, link, timeZone } from './format.ts';
import { lookShape } from './look.ts';
import { flag, nullable, optional, record, type Shape, text } from './shape.ts';

const contact = text(
  'an e-mail address, or a link that starts with https://, mailto: or tel:',
  (value) => /^(?:https:\/\/|mailto:|tel:\+)\S+$|^[^\s@]+@[^\s@]+$/.test(value),
);

export const controllerShape: Shape<Controller> = record<Controller>({
  name: line,
  cnpj,
  address: line,
  timeZone,
  smallAgent: flag,
  likelyAccessedByMinors: optional(flag, false),
  secondPersonActivates: optional(flag, false),
  humanContact: link,
  dpo: record<Controller['dpo']>({
    name: line,
    contact,
    substitute: optional(nullable(line), null),
    appointedOn: civilDate,
  }),
  look: optional(lookShape, plainLook),
});
