import type { Analyzer } from '../core/analyze/analyzer.ts';
import type { PatternMiner } from '../core/analyze/templates/pattern-miner.ts';
import { restartIncreases, terminationRecords } from '../core/model/changes.ts';
import type { Cycle } from '../core/model/cycle.ts';
import type { PodState } from '../core/model/pod.ts';
import type { Rule } from '../core/rules/rule.ts';
import { collect } from '../kubernetes/collect.ts';
import type { Collection } from '../kubernetes/collection.ts';
import type { CursorBook, CursorClaims } from '../kubernetes/cursor-book.ts';
import type { CycleProgress, EngineParts, Tick } from './engine-parts.ts';
import { PatientDraft } from './patient-draft.ts';
import { readingFor } from './reading.ts';

interface CollectCycle {
  readonly id: string;
  readonly tick: Tick;
  readonly book: CursorBook;
  readonly eventCounts: Readonly<Record<string, number>>;
  readonly parts: EngineParts;
  readonly rules: readonly Rule[];
  readonly miner: PatternMiner;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CycleProgress) => void;
}

/** A whole collection that is read and not committed. Close it: what was not committed is removed, and its containers are free again. */
export interface CollectedCycle extends AsyncDisposable {
  readonly draft: PatientDraft;
  readonly claims: CursorClaims;
  /** When the list of pods was complete, epoch milliseconds. */
  readonly listedAt: number;
  /** The cycle as it is to be committed now, beside the newest known state of every pod that is not known to be gone. */
  assemble(known: readonly PodState[], fresh: (listed: readonly PodState[], listedAt: number) => readonly PodState[]): Cycle;
}

/** Reads everything once. Rejects with `CollectError` when the API server cannot be reached or knows us not. */
export async function collectCycle(input: CollectCycle): Promise<CollectedCycle> {
  const { id, tick, parts, signal } = input;
  const { clock, collect: settings } = parts;
  const startedAt = clock.now();
  const draft = await PatientDraft.begin(parts.store, id);
  const { analyzer, request, claims } = readingFor({ ...input, draft });
  let listedAt = startedAt;
  try {
    const collection = await collect(
      parts.session,
      {
        ...request,
        include: settings.include,
        exclude: settings.exclude,
        eventCounts: input.eventCounts,
        at: tick.at,
        startedAt,
        onProgress(done, total, lines) {
          // The first sign of progress is the list of pods.
          if (done === 0) listedAt = clock.now();
          input.onProgress({ startedAt, done, total, lines });
        },
      },
      signal,
    );
    signal.throwIfAborted();
    return {
      draft,
      claims,
      listedAt,
      assemble: (known, fresh) =>
        assemble({
          id,
          tick,
          startedAt,
          finishedAt: clock.now(),
          collection: { ...collection, states: fresh(collection.states, listedAt) },
          known,
          analyzer,
          claims,
        }),
      async [Symbol.asyncDispose]() {
        claims.release();
        await draft.abandon();
      },
    };
  } catch (error) {
    claims.release();
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
  readonly known: readonly PodState[];
  readonly analyzer: Analyzer;
  readonly claims: CursorClaims;
}

function assemble({ id, tick, startedAt, finishedAt, collection, known, analyzer, claims }: Assembly): Cycle {
  const changes = { before: known, after: collection.states, at: tick.at };
  return {
    id,
    trigger: 'scheduled',
    at: tick.at,
    startedAt,
    finishedAt,
    missed: tick.missed,
    pods: collection.states.length,
    ...collection,
    restarts: restartIncreases(changes),
    terminations: terminationRecords(changes),
    cursors: claims.whole(analyzer.resumeAt(collection.cursors)),
    minutes: analyzer.minutes(),
    ...analyzer.patterns(),
  };
}
