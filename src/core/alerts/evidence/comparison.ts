import { DAY, HOUR, MINUTE } from '../../../base/duration.ts';
import type { Alert } from '../../model/alert.ts';
import type { Comparison, FiredBefore, NumberComparison } from '../../model/context.ts';
import type { Selection } from '../../model/selector.ts';
import type { Window } from '../../model/window/window.ts';
import type { WorkloadKey } from '../../model/workload.ts';
import type { Condition } from '../../rules/condition.ts';

/** Of a shorter time, or of fewer numbers, nothing is said: at the first start the lookback gives nearly an hour. */
const LEAST_SPAN = 30 * MINUTE;
const LEAST_NUMBERS = 2;
/** Between two looks; after a longer one nobody knows what had fired before it. Most schedules look more often. */
const LONGEST_PAUSE = 2 * HOUR;

export interface ComparisonInput {
  readonly alert: Alert;
  readonly condition: Pick<Condition, 'past' | 'worst'>;
  readonly selection: Selection;
  readonly window: Window;
  /** All that are known, the alert itself and those that have ended among them. */
  readonly alerts: readonly Alert[];
}

/** How an alert compares with the day before it. */
export function compareWithDay(input: ComparisonInput, key: WorkloadKey | null): Comparison {
  return { number: numberBefore(input, key), fired: firedBefore(input) };
}

function numberBefore(
  { alert, condition, selection, window }: ComparisonInput,
  key: WorkloadKey | null,
): NumberComparison | null {
  const { container = '', pod, workload = '' } = alert.labels;
  const past = condition.past?.({
    key: key ?? '',
    workload,
    container,
    pods: pod === undefined ? (alert.facts.pods ?? []) : [pod],
    window,
    selection,
    from: alert.activeAt - DAY,
    begin: alert.activeAt,
  });
  const now = past?.now ?? alert.value;
  if (past == null || now === null || past.to - past.from < LEAST_SPAN || past.values.length < LEAST_NUMBERS) return null;
  const sorted = past.values.toSorted((a, b) => a.value - b.value);
  const isLowest = condition.worst === 'lowest';
  const worst = isLowest ? sorted[0] : sorted.at(-1);
  // The lower of two in the middle: a number that there was.
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (worst === undefined || median === undefined) return null;
  return {
    what: past.what,
    unit: past.unit,
    now,
    from: past.from,
    to: past.to,
    median: median.value,
    worst: worst.value,
    worstIs: isLowest ? 'lowest' : 'highest',
    worstAt: worst.at,
  };
}

/** Alerts that ended are known for a window's length; `null` where that is too short to say anything. */
function firedBefore({ alert, window, alerts }: ComparisonInput): FiredBefore | null {
  const begin = alert.activeAt;
  const dayBefore = begin - DAY;
  const from = Math.max(dayBefore, lookedSince(window, begin));
  const same = alerts.filter(
    ({ id, fingerprint, firedAt, resolvedAt }) =>
      id !== alert.id &&
      fingerprint === alert.fingerprint &&
      firedAt !== null &&
      firedAt < begin &&
      (resolvedAt ?? begin) > dayBefore,
  );
  const last = same.toSorted((a, b) => (a.firedAt ?? 0) - (b.firedAt ?? 0)).at(-1);
  if (last === undefined) return begin - from < LEAST_SPAN ? null : { from, to: begin, count: 0, lastAt: null, lastFor: null };
  const { activeAt, firedAt, resolvedAt } = last;
  return {
    from: Math.min(from, ...same.map((each) => Math.max(dayBefore, each.firedAt ?? from))),
    to: begin,
    count: same.length,
    lastAt: firedAt,
    lastFor: resolvedAt === null ? null : resolvedAt - activeAt,
    ...(resolvedAt !== null && (firedAt ?? begin) <= dayBefore ? { lastUntil: resolvedAt } : {}),
  };
}

/** Since when there was a look at all times: what fired while Tocsin was away is not known. */
function lookedSince({ scheduled }: Window, begin: number): number {
  let since = begin;
  for (const { at } of scheduled.toReversed()) {
    if (at > begin) continue;
    if (since - at > LONGEST_PAUSE) break;
    since = at;
  }
  return since;
}
