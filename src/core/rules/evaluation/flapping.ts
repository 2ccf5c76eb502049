import { formatDuration, MINUTE, SECOND } from '../../../base/duration.ts';
import { optional } from '../../../base/schema/object.ts';
import { duration, integer } from '../../../base/schema/scalars.ts';
import type { Lapse } from '../../model/window/window.ts';
import { plural } from './facts.ts';

/** Beside `not_ready`: how often within a time it may be lost. */
export interface FlapSpec {
  /** `null`: only what is not ready now counts. */
  readonly flaps: number | null;
  readonly within: number;
}

export const FLAP_KEYS = { flaps: optional(integer(2), null), within: optional(duration(SECOND), 30 * MINUTE) };

/** It goes on for at least so much of the time, and was not ready again within so much of it: else it was a hiccup, or is over. */
const PART = 3;

/** Something that is ready and not ready in turn. */
export interface Flapping {
  /** When it was lost for the first time that counts. */
  readonly since: number;
  readonly text: string;
}

/** Whether it flaps at a moment, and was not ready for at least that `share` of the time; `null` where it does not. */
export function flappingAt(
  lapses: readonly Lapse[],
  at: number,
  { flaps, within, share }: FlapSpec & { readonly share: number },
): Flapping | null {
  if (flaps === null || lapses.length < flaps) return null;
  const found = lapses.filter(({ from }) => from > at - within && from <= at);
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined || found.length < flaps) return null;
  const endOf = ({ to }: Lapse) => Math.min(to ?? at, at);
  const end = endOf(last);
  if (last.from - first.from < within / PART || at - end > within / PART) return null;
  const away = found.reduce((sum, lapse) => sum + endOf(lapse) - lapse.from, 0);
  if (away < share * (end - first.from)) return null;
  return { since: first.from, text: `not ready ${plural(found.length, 'time')} within ${formatDuration(within)}` };
}

/** What it adds to a condition's text. */
export function flapText({ flaps, within }: FlapSpec): string {
  return flaps === null ? '' : `, or ${flaps} times not so within ${formatDuration(within)}`;
}
