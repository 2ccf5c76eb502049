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
  const part = parts(at, timezone);
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')} ${offset(part)}`;
}

/** The time of the day alone, for a moment near to one that is written in full. */
export function formatClock(at: number, timezone: string): string {
  const part = parts(at, timezone);
  return `${part('hour')}:${part('minute')}:${part('second')}`;
}

type Part = (type: Intl.DateTimeFormatPartTypes) => string;

function parts(at: number, timezone: string): Part {
  const list = formatter(timezone).formatToParts(at);
  return (type) => list.find((each) => each.type === type)?.value ?? '';
}

function offset(part: Part): string {
  // `GMT+01:00`, and plain `GMT` for UTC.
  const text = part('timeZoneName').slice('GMT'.length);
  return text === '' ? '+00:00' : text;
}

function formatter(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
}
