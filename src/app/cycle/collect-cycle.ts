import { setImmediate as nextTurn } from 'node:timers/promises';
import { MINUTE } from '../../base/duration.ts';
import { inSlices } from '../../base/slices.ts';
import type { Analyzer } from '../../core/analyze/analyzer.ts';
import type { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import { restartIncreases, terminationRecords } from '../../core/model/changes.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { withHistory } from '../../core/model/objects/object-history.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { ProbeReading } from '../../core/model/probe.ts';
import { risesSince } from '../../core/model/seen-event.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { collect } from '../../kubernetes/collect.ts';
import type { Collection } from '../../kubernetes/collection.ts';
import type { CursorBook, CursorClaims } from '../../kubernetes/logs/cursor-book.ts';
import type { LateReads } from '../../kubernetes/logs/late-reads.ts';
import { nextCronTick } from '../cron-tick.ts';
import type { CycleProgress, EngineParts, Tick } from './engine-parts.ts';
import type { FreshStates } from './fresh-states.ts';
import { PatientDraft } from './patient-draft.ts';
import { readingFor } from './reading.ts';

/** Of the schedule's period. */
const READING_SHARE = 0.8;

interface CollectCycle {
  readonly id: string;
  readonly tick: Tick;
  readonly book: CursorBook;
  readonly eventCounts: Readonly<Record<string, number>>;
  /** The newest known state of every pod that is not known to be gone, and of every object beside pods and nodes. */
  readonly pods: readonly PodState[];
  readonly objects: readonly ClusterObject[];
  readonly parts: EngineParts;
  readonly rules: readonly Rule[];
  readonly miner: PatternMiner;
  /** Targeted cycles whose lines this one takes over. */
  readonly folds: readonly Cycle[];
  readonly late: LateReads;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CycleProgress) => void;
}

/** A whole collection that is read and not committed. Close it: what was not committed is removed, and its containers are free again. */
export interface CollectedCycle extends AsyncDisposable {
  readonly draft: PatientDraft;
  readonly claims: CursorClaims;
  /** When the list of pods was complete, epoch milliseconds. */
  readonly listedAt: number;
  /** The cycle as it is to be committed now, beside what has become known meanwhile; nothing else may be concluded until it resolves. */
  assemble(meanwhile: Meanwhile): Promise<Cycle>;
}

/** What targeted cycles have brought while a scheduled one was read. */
interface Meanwhile {
  /** The newest known state of every pod that is not known to be gone. */
  readonly known: readonly PodState[];
  readonly fresh: FreshStates;
  readonly eventCounts: Readonly<Record<string, number>>;
}

/** Reads everything once. Rejects with `CollectError` when the API server cannot be reached or knows us not. */
export async function collectCycle(input: CollectCycle): Promise<CollectedCycle> {
  const { id, tick, parts, signal } = input;
  const { clock, collect: settings } = parts;
  const startedAt = clock.now();
  const draft = await PatientDraft.begin(parts.store, id);
  const { analyzer, request, claims } = readingFor({ ...input, draft, trustsFeeds: false });
  const owners = new Map(input.pods.map((pod) => [pod.uid, pod.workload]));
  let listedAt = startedAt;
  try {
    for (const folded of input.folds) await draft.takeOver(folded.id);
    const collection = await collect(
      parts.session,
      {
        ...request,
        readUntil: clock.monotonic() + readingTime(parts.schedule.period),
        include: settings.include,
        exclude: settings.exclude,
        eventCounts: input.eventCounts,
        normalEvents: normalEventsOf(input.rules),
        late: input.late,
        ownerOf: (uid) => owners.get(uid) ?? null,
        objects: new Set(input.rules.flatMap((rule) => rule.condition.reads ?? [])),
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
    await analyzer.settle();
    signal.throwIfAborted();
    return {
      draft,
      claims,
      listedAt,
      assemble: ({ known, fresh, eventCounts }) =>
        assemble({
          id,
          tick,
          startedAt,
          finishedAt: clock.now(),
          collection: {
            ...collection,
            states: fresh.over(collection.states, listedAt),
            nodes: fresh.overNodes(collection.nodes, listedAt),
            ...(collection.objects === undefined ? {} : { objects: fresh.overObjects(collection.objects, listedAt) }),
            ...risesSince(collection, input.eventCounts, eventCounts),
          },
          known,
          objects: input.objects,
          analyzer,
          claims,
          probes: parts.prober?.take(clock.now()) ?? null,
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

/**
 * How long logs are read, in milliseconds, of a schedule's period: what has been listed is not judged before, and a cycle that is late makes the
 * next one late.
 */
function readingTime(period: number): number {
  return Math.max(MINUTE, READING_SHARE * period);
}

/** The reasons of Normal events that rules ask for. */
function normalEventsOf(rules: readonly Rule[]): readonly string[] | 'all' {
  const wanted = rules.map((rule) => rule.condition.normalEvents ?? []);
  const isAll = wanted.some((each) => each === 'all');
  return isAll ? 'all' : [...new Set(wanted.flat())];
}

interface Assembly {
  readonly id: string;
  readonly tick: Tick;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly collection: Collection;
  readonly known: readonly PodState[];
  readonly objects: readonly ClusterObject[];
  readonly analyzer: Analyzer;
  readonly claims: CursorClaims;
  readonly probes: ProbeReading | null;
}

async function assemble(input: Assembly): Promise<Cycle> {
  const { id, tick, startedAt, finishedAt, collection, known, analyzer, claims, probes } = input;
  const history = { before: input.objects, events: collection.events, at: tick.at, nextTick: nextCronTick };
  const changes = { before: known, after: collection.states, at: tick.at };
  const minutes = await inSlices(analyzer.minutesInSteps());
  const restarts = restartIncreases(changes);
  const terminations = terminationRecords(changes);
  await nextTurn();
  return {
    id,
    trigger: 'scheduled',
    at: tick.at,
    startedAt,
    finishedAt,
    missed: tick.missed,
    pods: collection.states.length,
    ...collection,
    ...(collection.objects === undefined ? {} : { objects: withHistory(collection.objects, history) }),
    restarts,
    terminations,
    cursors: claims.whole(analyzer.resumeAt(collection.cursors)),
    minutes,
    ...analyzer.patterns(),
    counted: analyzer.counted,
    ...(probes === null ? {} : { probes }),
  };
}
