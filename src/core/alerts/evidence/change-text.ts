import { humanDuration, MINUTE } from '../../../base/duration.ts';
import type { Change, Changes } from '../../model/context.ts';
import type { ResourceChange, Rollout } from '../../model/window/window.ts';
import { formatValue } from '../../rules/evaluation/value-text.ts';
import { formatClock } from '../facts.ts';
import { spanText } from './span-text.ts';

/** Less than this says nothing by having no change in it. */
const LEAST_KNOWN = 30 * MINUTE;

type ChangeText = Pick<Change, 'what' | 'from' | 'to'>;

/** What was changed before an alert that began at `begin`, one short line each: `image of app: shop:1.4.1 → shop:1.4.2, rolled out 10:31:04 (4 min before)`. */
export function changeTexts(
  changes: Changes,
  { begin, timezone }: { readonly begin: number; readonly timezone: string },
): readonly string[] {
  const { from, items, more, earlierAt, firstEndAt } = changes;
  if (items.length > 0) {
    const lines = items.map(({ at, dated, ...change }) => {
      const when = `${dated} ${formatClock(at, timezone)} (${humanDuration(begin - at)} before)`;
      const late = firstEndAt !== null && firstEndAt < at ? `, after its first end at ${formatClock(firstEndAt, timezone)}` : '';
      return `${changeText(change)}, ${when}${late}`;
    });
    return more > 0 ? [...lines, `${more} more`] : lines;
  }
  if (earlierAt !== null) return [`No change shortly before it; the last rollout was ${humanDuration(begin - earlierAt)} before`];
  if (begin - from < LEAST_KNOWN) return [];
  return [`No rollout, and no other change of images, limits or requests, in ${spanText(from, begin)}`];
}

/** `image of app: shop:1.4.1 → shop:1.4.2`. */
export function changeText({ what, from, to }: ChangeText): string {
  return from === null && to === null ? what : `${what}: ${from ?? 'none'} → ${to ?? 'none'}`;
}

export function imageChange({ container, from, to }: Rollout['images'][number]): ChangeText {
  return { what: from === null || to === null ? `container ${container}` : `image of ${container}`, from, to };
}

export function resourceChange({ container, resource, of, from, to }: ResourceChange): ChangeText {
  const amount = (value: number | null) => (value === null ? null : formatValue(value, resource === 'cpu' ? 'cores' : 'bytes'));
  return { what: `${resource === 'cpu' ? 'CPU' : resource} ${of} of ${container}`, from: amount(from), to: amount(to) };
}
