import type { Alert } from '../../model/alert.ts';
import type { ClusterEvent, TerminationRecord } from '../../model/cycle.ts';
import type { Condition } from '../../rules/condition.ts';

/** When the ends and the events were that a condition counted as it became true. */
export function countedTimes(
  { terminations, events }: { readonly terminations: readonly TerminationRecord[]; readonly events: readonly ClusterEvent[] },
  { alert, condition }: { readonly alert: Alert; readonly condition: Pick<Condition, 'steady' | 'countsEvent'> },
): { readonly endTimes: readonly number[]; readonly eventTimes: readonly number[] } {
  const { steady } = condition;
  const countsEnds = typeof steady === 'object' && steady.records.includes('terminations');
  const from = countsEnds ? alert.activeAt - steady.within : 0;
  return {
    endTimes: terminations.flatMap(({ at, exitCode }) =>
      countsEnds && exitCode !== 0 && at > from && at <= alert.activeAt ? [at] : [],
    ),
    eventTimes: events.flatMap(({ at, type, reason }) =>
      at <= alert.activeAt && condition.countsEvent?.(type, reason) === true ? [at] : [],
    ),
  };
}
