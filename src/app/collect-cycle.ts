import { codeOf, StoreError } from '../base/errors.ts';
import { Analyzer } from '../core/analyze/analyzer.ts';
import { createRedactor } from '../core/analyze/redact.ts';
import { restartIncreases, terminationRecords } from '../core/model/changes.ts';
import type { Cycle, Gap } from '../core/model/cycle.ts';
import type { PodState } from '../core/model/pod.ts';
import type { Rule } from '../core/rules/rule.ts';
import { collect } from '../kubernetes/collect.ts';
import type { Collection } from '../kubernetes/collection.ts';
import { nextCycleId } from '../store/cycle-id.ts';
import type { CycleProgress, EngineParts, Tick } from './engine-parts.ts';
import { PatientDraft } from './patient-draft.ts';

/** What of the newest committed cycle the next one builds on. */
export type Previous = Pick<Cycle, 'id' | 'at' | 'cursors' | 'eventCounts'>;

interface CollectCycle {
  readonly tick: Tick;
  readonly previous: Previous | null;
  /** The newest known state of every pod that is not known to be gone. */
  readonly states: readonly PodState[];
  readonly parts: EngineParts;
  readonly rules: readonly Rule[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CycleProgress) => void;
}

/**
 * Collects one cycle and commits it. When the store cannot take it, the cycle comes back uncommitted, without counts and with a gap for every
 * container: states are still judged from memory, and the lines are read again by the next cycle.
 */
export async function collectCycle(input: CollectCycle): Promise<{ readonly cycle: Cycle; readonly committed: boolean }> {
  const { tick, previous, parts, rules, signal } = input;
  const startedAt = parts.clock.now();
  const id = nextCycleId(previous?.id ?? null, startedAt);
  const redactor = createRedactor(parts.collect.redact);
  const draft = await PatientDraft.begin(parts.store, id);
  try {
    const analyzer = new Analyzer({
      matchers: rules.flatMap((rule) => rule.condition.matchers),
      redactor,
      maxLine: parts.collect.maxLine,
      segments: draft,
      cursors: previous?.cursors ?? [],
    });
    const collection = await collect(
      parts.session,
      {
        include: parts.collect.include,
        exclude: parts.collect.exclude,
        cursors: previous?.cursors ?? [],
        eventCounts: previous?.eventCounts ?? {},
        lookback: parts.collect.lookback,
        maxLine: parts.collect.maxLine,
        maxPerContainer: parts.collect.maxPerContainer,
        at: tick.at,
        startedAt,
        sinkFor: (ref) => analyzer.sinkFor(ref),
        redact: (text) => redactor.redactText(text),
        onProgress: (done, total, lines) => input.onProgress({ startedAt, done, total, lines }),
      },
      signal,
    );
    signal.throwIfAborted();
    const cycle = assemble({ id, tick, startedAt, finishedAt: parts.clock.now(), collection, states: input.states, analyzer });
    try {
      await draft.commit(cycle);
      parts.logger.clear('commit', 'the store takes cycles again');
      return { cycle, committed: true };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      parts.logger.once('commit', 'could not store a cycle; its states are judged from memory and its logs are read again', {
        // Not the message, which names the cycle: a fault that lasts is told once.
        reason: error.reason,
        code: codeOf(error),
      });
      return { cycle: withoutLogs(cycle, error.message), committed: false };
    }
  } catch (error) {
    await draft.abandon();
    throw error;
  }
}

interface Assembly {
  readonly id: string;
  readonly tick: Tick;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly collection: Collection;
  readonly states: readonly PodState[];
  readonly analyzer: Analyzer;
}

function assemble({ id, tick, startedAt, finishedAt, collection, states, analyzer }: Assembly): Cycle {
  const changes = { before: states, after: collection.states, at: tick.at };
  return {
    id,
    trigger: tick.trigger,
    at: tick.at,
    startedAt,
    finishedAt,
    missed: tick.missed,
    pods: collection.states.length,
    ...collection,
    restarts: restartIncreases(changes),
    terminations: terminationRecords(changes),
    cursors: analyzer.resumeAt(collection.cursors),
    minutes: analyzer.minutes(),
  };
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
    gaps,
    errors: [...cycle.errors, { source: 'store', namespace: null, reason: 'unwritable', message: why }],
  };
}
