import type { Analyzer } from '../../core/analyze/analyzer.ts';
import type { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import { changesOver, type Observed } from '../../core/model/changes.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { CursorBook, CursorClaims } from '../../kubernetes/logs/cursor-book.ts';
import { type ReadTarget, TargetedReading } from '../../kubernetes/logs/read-targets.ts';
import type { EngineParts } from './engine-parts.ts';
import type { LastWords } from './last-words.ts';
import { PatientDraft } from './patient-draft.ts';
import { readingFor } from './reading.ts';

/** What one targeted cycle is about: containers to read now, and newer states of pods. */
export interface TargetBatch {
  readonly reads: readonly ReadTarget[];
  /** In the order in which they were seen; several of one pod are looked at one after the other. */
  readonly observed: readonly Observed[];
}

interface CollectTargeted {
  readonly id: string;
  readonly book: CursorBook;
  readonly parts: EngineParts;
  readonly rules: readonly Rule[];
  readonly miner: PatternMiner;
  readonly lastWords: LastWords;
  /** What is to be read next; `null` when the cycle is to be committed. */
  readonly next: () => Promise<TargetBatch | null>;
  readonly signal: AbortSignal;
}

/** A targeted cycle that is read and not committed. Close it: what was not committed is removed, and its containers are free again. */
export interface CollectedTargets extends AsyncDisposable {
  readonly draft: PatientDraft;
  readonly claims: CursorClaims;
  readonly observed: readonly Observed[];
  /** What was not read because a scheduled cycle has it. */
  readonly taken: readonly ReadTarget[];
  assemble(known: readonly PodState[]): Cycle;
}

/** Reads batch after batch until there is none. Rejects only when aborted, or for a bug. */
export async function collectTargets(input: CollectTargeted): Promise<CollectedTargets> {
  const { id, parts, signal } = input;
  const startedAt = parts.clock.now();
  const draft = await PatientDraft.begin(parts.store, id);
  const { analyzer, request, claims } = readingFor({ ...input, draft, trustsFeeds: true });
  const reading = new TargetedReading(parts.session, request, signal);
  const observed: Observed[] = [];
  const taken: ReadTarget[] = [];
  const close = async () => {
    claims.release();
    await draft.abandon();
  };
  try {
    for (let batch = await input.next(); batch !== null; batch = await input.next()) {
      observed.push(...batch.observed);
      const left = await reading.read(batch.reads);
      taken.push(...left);
      const seen = new Set(batch.observed.map(({ pod }) => pod.uid));
      await input.lastWords.read(
        left.filter(({ pod }) => seen.has(pod.uid)),
        signal,
      );
    }
    await analyzer.settle();
    return {
      draft,
      claims,
      observed,
      taken,
      assemble: (known) => assemble({ id, startedAt, at: parts.clock.now(), reading, observed, known, analyzer }),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function assemble(from: {
  readonly id: string;
  readonly startedAt: number;
  readonly at: number;
  readonly reading: TargetedReading;
  readonly observed: readonly Observed[];
  readonly known: readonly PodState[];
  readonly analyzer: Analyzer;
}): Cycle {
  const { id, startedAt, at, observed, known, analyzer } = from;
  const logs = from.reading.reading();
  const states = [...new Map(observed.map(({ pod }) => [pod.uid, pod])).values()];
  return {
    id,
    trigger: 'targeted',
    at,
    startedAt,
    finishedAt: at,
    missed: 0,
    pods: states.length,
    namespaces: [],
    podsComplete: false,
    states,
    nodes: [],
    usage: [],
    usageSource: 'unavailable',
    events: [],
    eventCounts: {},
    ...logs,
    ...changesOver(known, observed, at),
    cursors: analyzer.resumeAt(logs.cursors),
    minutes: analyzer.minutes(),
    ...analyzer.patterns(),
    counted: analyzer.counted,
  };
}
