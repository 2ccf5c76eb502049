import { codeOf, StoreError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Cycle, Gap } from '../../core/model/cycle.ts';
import type { CycleDraft } from '../../store/store.ts';

/**
 * Commits a cycle, with what it takes over (`stored`). When the store cannot take it, the cycle comes back uncommitted, without counts and with a gap for every container:
 * states are still judged from memory, and the lines are read again by the next cycle.
 */
export async function commitCycle(
  draft: CycleDraft,
  { cycle, stored = cycle }: { readonly cycle: Cycle; readonly stored?: Cycle },
  logger: Logger,
): Promise<{ readonly cycle: Cycle; readonly committed: boolean }> {
  try {
    await draft.commit(stored);
    logger.clear('commit', 'the store takes cycles again');
    return { cycle, committed: true };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    logger.once('commit', 'could not store a cycle; its states are judged from memory and its logs are read again', {
      // Not the message, which names the cycle: a fault that lasts is told once.
      reason: error.reason,
      code: codeOf(error),
    });
    return { cycle: withoutLogs(cycle, error.message), committed: false };
  }
}

function withoutLogs(cycle: Cycle, why: string): Cycle {
  const gaps = cycle.cursors
    .filter((cursor) => !cursor.drained)
    .map(({ ref, lastAt }): Gap => {
      return {
        namespace: ref.workload.namespace,
        workload: ref.workload,
        pod: ref.pod,
        container: ref.container,
        from: lastAt,
        to: cycle.startedAt,
        reason: 'read_failed',
      };
    });
  return {
    ...cycle,
    minutes: [],
    patterns: [],
    gaps,
    errors: [...cycle.errors, { source: 'store', namespace: null, reason: 'unwritable', message: why }],
  };
}
