import { offsetText, wallTime } from '../../base/wall-time.ts';
import { type Labels, MOST_PODS } from '../model/alert.ts';

/** Whom an alert is about, in short: `shop-1/checkout`, a node, or the empty text for the cluster as a whole. */
export function subjectOf(labels: Labels): string {
  const { namespace, workload, node, pod } = labels;
  if (workload !== undefined) return namespace === undefined ? workload : `${namespace}/${workload}`;
  if (pod !== undefined) return namespace === undefined ? pod : `${namespace}/${pod}`;
  return node ?? namespace ?? '';
}

/** The first of an alert's pods: `a, b and 2 more`; `and others` when an alert that names as many as it may leaves out an unknown number. */
export function nameSome(pods: readonly string[], shown: number): string {
  const more = pods.length - shown;
  const named = pods.slice(0, shown).join(', ');
  if (more <= 0) return named;
  return pods.length < MOST_PODS ? `${named} and ${more} more` : `${named} and others`;
}

/** A moment in a time zone (an IANA name) with its offset: `2026-11-21 14:02:11 +01:00`. */
export function formatTime(at: number, timezone: string): string {
  const { date, clock, offset } = wallTime(at, timezone);
  return `${date} ${clock} ${offsetText(offset)}`;
}

/** The time of the day alone, for a moment near to one that is written in full. */
export function formatClock(at: number, timezone: string): string {
  return wallTime(at, timezone).clock;
}
