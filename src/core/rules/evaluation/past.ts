import { humanDuration, MINUTE } from '../../../base/duration.ts';
import type { Alert } from '../../model/alert.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { Selection } from '../../model/selector.ts';
import type { Window } from '../../model/window/window.ts';
import type { WorkloadKey } from '../../model/workload.ts';
import { linesText } from '../written/matcher-type.ts';
import { countRestarts } from './restart-count.ts';

/** Whose past is asked for: the subject of an alert. */
export interface PastView {
  readonly key: WorkloadKey;
  readonly workload: string;
  /** Empty for conditions on whole workloads. */
  readonly container: string;
  /** Those that the alert names. */
  readonly pods: readonly string[];
  readonly window: Window;
  readonly selection: Selection;
  /** The span [from, begin) that is asked for, epoch milliseconds; `begin` is the judgement at which the alert became true. */
  readonly from: number;
  readonly begin: number;
}

/** The number that a condition compares with its threshold, or what it is made of, in the time before. */
export interface Past {
  /** `restarts in 30 min`. */
  readonly what: string;
  readonly unit: Alert['unit'];
  /** The number when the alert began, where that is not its value. */
  readonly now?: number;
  /** Oldest first, one after the other, and only those that were seen whole. `at` is the end of the time that was counted. */
  readonly values: readonly { readonly at: number; readonly value: number }[];
  /** The time that they are of, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Lines that match, in as long a time as the condition counts. */
export function pastLines(matcher: Matcher, within: number): (view: PastView) => Past | null {
  return (view) => {
    const counts = view.window.counts(view.key, view.container, matcher, view.selection);
    if (counts === null) return null;
    const end = Math.floor(view.begin / MINUTE);
    const now = counts.between(end - within / MINUTE, end);
    const what = `${linesText(matcher)} in ${humanDuration(within)}`;
    return {
      what,
      unit: 'count',
      now,
      ...pastMinutes(view, within, (from, to) => (counts.isWhole(from, to) ? counts.between(from, to) : null)),
    };
  };
}

/** What the log gave in spans of `length` ms, back from the one that made the alert true; `measure` gets minutes since the epoch, and gives `null` for no data. */
export function pastMinutes(
  { key, container, window, from, begin }: PastView,
  length: number,
  measure: (from: number, to: number) => number | null,
): Span {
  const first = (window.firstLook(key, container) ?? Number.POSITIVE_INFINITY) * MINUTE;
  const end = Math.floor(begin / MINUTE) * MINUTE - length;
  return spansBack({ from: Math.max(from, first), to: end, length }, (start, at) => {
    const minutes = { from: start / MINUTE, to: at / MINUTE };
    return window.isSeen(key, container, minutes) ? measure(minutes.from, minutes.to) : null;
  });
}

/** Records counted over spans as long as the condition counts, each at its end, since the workload was first seen. */
export function pastRecords({ window, key, from, begin }: PastView, length: number, countAt: (at: number) => number): Span {
  const seen = window.workload(key)?.firstSeenAt ?? window.scheduled[0]?.at ?? begin;
  return spansBack({ from: Math.max(from, seen), to: begin - length, length }, (_, at) => countAt(at));
}

type Span = Pick<Past, 'values' | 'from' | 'to'>;

/** The spans before `to`, as many as fit behind `from`. */
function spansBack(
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
  measure: (from: number, to: number) => number | null,
): Span {
  const values: { readonly at: number; readonly value: number }[] = [];
  let start = to;
  for (; start - length >= from; start -= length) {
    const value = measure(start - length, start);
    if (value !== null) values.push({ at: start, value });
  }
  return { values: values.reverse(), from: start, to };
}

/** Restarts of the container, or of the whole workload where the alert is about none, in as long a time as the condition counts. */
export function pastRestarts(within: number): (view: PastView) => Past {
  return (view) => {
    const { key, container, window, selection } = view;
    const countAt = (at: number) => {
      const found = window
        .restarts(key, at - within, at, selection)
        .filter((restart) => container === '' || restart.container === container);
      return found.length === 0 ? 0 : countRestarts(found, within, window.terminations(key, at - within, at, selection));
    };
    return { what: `restarts in ${humanDuration(within)}`, unit: 'count', ...pastRecords(view, within, countAt) };
  };
}

/** What the first of the alert's pods has used since its container was started. */
export function pastUsage(resource: 'cpu' | 'memory'): (view: PastView) => Past | null {
  return ({ key, container, pods: [worst], window, from, begin }) => {
    const pod = window.newest?.byWorkload.get(key)?.find(({ name }) => name === worst);
    if (pod === undefined) return null;
    const points = window.usageTrend(pod.uid, container, resource).filter(({ at }) => at <= begin);
    const now = points.at(-1)?.value;
    const values = points.filter(({ at }) => at >= from && at < begin);
    const [first] = values;
    if (now === undefined || first === undefined) return null;
    return {
      what: `${resource === 'cpu' ? 'CPU' : 'memory'} of ${pod.name}`,
      unit: resource === 'cpu' ? 'cores' : 'bytes',
      now,
      values,
      from: first.at,
      to: begin,
    };
  };
}
