import type { Alert } from '../alert.ts';
import type { Workload } from '../workload.ts';
import type { CellState } from './window.ts';

interface Tick {
  readonly at: number;
  /** Which namespaces were listed. */
  readonly listed: ReadonlySet<string> | undefined;
}

interface Seen {
  readonly workload: Workload;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** One cell per tick: `failing` where one of the workload's alerts was firing, `unknown` where it was not listed or did not exist. */
export function stripOf(
  known: Seen | undefined,
  ticks: readonly Tick[],
  alerts: readonly Pick<Alert, 'labels' | 'firedAt' | 'resolvedAt'>[],
): readonly CellState[] {
  if (known === undefined) return ticks.map(() => 'unknown');
  const { namespace, kind, name } = known.workload;
  const own = alerts.filter(
    ({ labels }) => labels['namespace'] === namespace && labels['kind'] === kind && labels['workload'] === name,
  );
  return ticks.map(({ at, listed }, index) => {
    const until = ticks[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    if (own.some(({ firedAt, resolvedAt }) => firedAt !== null && firedAt < until && (resolvedAt ?? until) > at))
      return 'failing';
    const seen = at >= known.firstSeenAt && at <= known.lastSeenAt;
    return seen && listed?.has(namespace) === true ? 'ok' : 'unknown';
  });
}
