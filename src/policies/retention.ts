/**
 * policies/retention.yaml: when processing ends, what is done then, and on which ground (LGPD arts.
 * 15 and 16). Nothing is kept forever, so a class without an end does not load.
 */
import { isScalar } from 'yaml';
import { eventTriggers, retentionTriggers } from '../domain/guards/retention.ts';
import type { RetentionClass } from '../domain/policy.ts';
import { bilingual, duration, id } from './format.ts';
import { signalTypes } from './balancing-test.ts';
import { type Found, list, offsetOf, oneOf, optional, record, type Shape, text } from './shape.ts';

interface RetentionFile {
  readonly classes: readonly RetentionClass[];
}

const endless = /^(?:forever|always|never|permanent|indefinite(?:ly)?|(?:para )?sempre|nunca)$/i;

const ending: Shape<string> = {
  expected: duration.expected,
  read(node, source) {
    const written = isScalar(node) ? node.value : undefined;
    if (typeof written === 'string' && endless.test(written.trim())) {
      const law = 'LGPD art. 15 ends every processing, so nothing is kept forever';
      source.complain(offsetOf(node), `${source.trail}: ${law}`, duration.expected);
      return undefined;
    }
    if (typeof written === 'number' || (typeof written === 'string' && /^\d+$/.test(written))) {
      const message = `${source.trail} is the bare number ${written}: days, months or years?`;
      source.complain(offsetOf(node), message, `P${written}D, P${written}M or P${written}Y`);
      return undefined;
    }
    return duration.read(node, source);
  },
};

export const retentionShape: Shape<RetentionFile> = record<RetentionFile>({
  classes: list(
    record<RetentionClass>(
      {
        name: id,
        trigger: oneOf(retentionTriggers),
        events: optional(list(oneOf(signalTypes), { min: 1, max: signalTypes.length }), []),
        duration: ending,
        action: oneOf(['erase', 'anonymise', 'block']),
        ground: text('the article that allows it, such as LGPD art. 16, I', (value) =>
          /\bart\. ?\d/.test(value),
        ),
        reason: bilingual,
      },
      { declare, check },
    ),
    { min: 1, max: 100 },
  ),
});

/** Events where the trigger counts none would look as if they mattered. */
function check({ value, complain }: Found<RetentionClass>): void {
  const { trigger, events } = value;
  if (trigger === undefined || events === undefined) return;
  const counted = eventTriggers.has(trigger);
  if (counted && events.length === 0) {
    const message = `is missing under the trigger ${trigger}`;
    complain('events', message, 'what starts the count, such as [purchase]');
  }
  if (!counted && events.length > 0) {
    complain('events', `has no place under the trigger ${trigger}`, 'no events');
  }
}

function declare({ value, source, complain }: Found<RetentionClass>): void {
  if (value.name === undefined) return;
  const { retention } = source.reading.declared;
  if (retention.has(value.name)) complain('name', `"${value.name}" stands twice`, 'each name once');
  retention.add(value.name);
}
