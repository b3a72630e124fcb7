/**
 * Uplift: by how much more people convert where they were not held out. The difference of the two
 * shares comes with its 95 % interval by Newcombe's hybrid score method without continuity
 * correction: Wilson's interval for each share, joined (R. G. Newcombe, Statistics in Medicine 17,
 * 1998, 873-890, method 10). It holds for shares near 0 and small groups, where the usual one does
 * not. Variants are compared with the holdout one by one, and nothing is corrected for that.
 */
import type { Text } from '../text.ts';
import type { GroupMinimum } from './experiment.ts';

export interface Group {
  readonly people: number;
  readonly conversions: number;
}

export interface Difference {
  /** Share of the treated less share of the control. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the normal distribution. */
const z = 1.959963984540054;

/** Wilson's score interval for a share. */
export function shareInterval({
  people,
  conversions,
}: Group): readonly [low: number, high: number] {
  const share = conversions / people;
  const middle = 2 * conversions + z * z;
  const reach = z * Math.sqrt(z * z + 4 * conversions * (1 - share));
  const scale = 2 * (people + z * z);
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

export function differenceOf(treated: Group, control: Group): Difference {
  const [one, two] = [treated.conversions / treated.people, control.conversions / control.people];
  const [lowOne, highOne] = shareInterval(treated);
  const [lowTwo, highTwo] = shareInterval(control);
  const value = one - two;
  return {
    value,
    low: value - Math.hypot(one - lowOne, highTwo - two),
    high: value + Math.hypot(highOne - one, two - lowTwo),
  };
}

/** Whether two groups are large enough for a difference between them to mean anything. */
export function isLargeEnough(treated: Group, control: Group, minimum: GroupMinimum): boolean {
  return (
    Math.min(treated.people, control.people) >= minimum.people &&
    treated.conversions + control.conversions >= minimum.conversions
  );
}

export function tooSmallText({ people, conversions }: GroupMinimum): Text {
  return {
    'pt-BR': `Grupos pequenos demais para dizer uma diferença: são precisas ao menos ${people} pessoas em cada grupo e ${conversions} conversões nos dois juntos.`,
    en: `The groups are too small to tell a difference: at least ${people} people in each and ${conversions} conversions in both together are needed.`,
  };
}

export function differenceText({ value, low, high }: Difference): Text {
  const isOpen = low <= 0 && high >= 0;
  const [pt, en] = [points(',', value, low, high), points('.', value, low, high)];
  return {
    'pt-BR':
      `A conversão mudou ${pt[0]} pontos percentuais em relação ao grupo de controle ` +
      `(intervalo de 95%: de ${pt[1]} a ${pt[2]}).` +
      (isOpen ? ' A diferença pode ser obra do acaso.' : ''),
    en:
      `Conversion changed by ${en[0]} percentage points against the control group ` +
      `(95% interval: ${en[1]} to ${en[2]}).` +
      (isOpen ? ' The difference may be chance.' : ''),
  };
}

function points(mark: string, ...shares: readonly number[]): readonly string[] {
  return shares.map((share) => {
    const text = (share * 100).toFixed(2).replace('.', mark);
    return share > 0 ? `+${text}` : text;
  });
}
