import type { Analyzer } from '../../core/analyze/analyzer.ts';
import type { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import { changesOver, type Observed } from '../../core/model/changes.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import type { NodeState, PodState } from '../../core/model/pod.ts';
import { risesOf, type SeenEvent } from '../../core/model/seen-event.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { CursorBook, CursorClaims } from '../../kubernetes/logs/cursor-book.ts';
import type { LateReads } from '../../kubernetes/logs/late-reads.ts';
import { type ReadTarget, TargetedReading } from '../../kubernetes/logs/read-targets.ts';
import type { EngineParts } from './engine-parts.ts';
import { withKnown } from './known-objects.ts';
import { hasJustEnded, type LastWords } from './last-words.ts';
import { PatientDraft } from './patient-draft.ts';
import { readingFor } from './reading.ts';

/** Newer states of objects beside pods, in the order in which they were seen. */
export interface SeenObjects {
  readonly objects: readonly ClusterObject[];
  readonly nodes: readonly NodeState[];
}

/** What one targeted cycle is about: containers to read now, newer states of pods and other objects, and events. */
export interface TargetBatch extends Partial<SeenObjects> {
  readonly reads: readonly ReadTarget[];
  /** In the order in which they were seen; several of one pod are looked at one after the other. */
  readonly observed: readonly Observed[];
  readonly events?: readonly SeenEvent[];
  /** Time has come for an alert of it: it is judged without waiting for its namespace's turn. */
  readonly isDue?: boolean;
}

interface CollectTargeted {
  readonly id: string;
  readonly book: CursorBook;
  readonly parts: EngineParts;
  readonly rules: readonly Rule[];
  readonly miner: PatternMiner;
  readonly lastWords: LastWords;
  readonly late: LateReads;
  /** What is to be read next; `null` when the cycle is to be committed. */
  readonly next: () => Promise<TargetBatch | null>;
  readonly signal: AbortSignal;
}

/** A targeted cycle that is read and not committed. Close it: what was not committed is removed, and its containers are free again. */
export interface CollectedTargets extends AsyncDisposable {
  readonly draft: PatientDraft;
  readonly claims: CursorClaims;
  readonly observed: readonly Observed[];
  /** What was not read because a scheduled cycle has it, and does not read it once more. */
  readonly left: readonly ReadTarget[];
  readonly isDue: boolean;
  assemble(known: Known): Cycle;
}

/** What is known before a targeted cycle is committed. */
interface Known {
  readonly pods: readonly PodState[];
  readonly objects: readonly ClusterObject[];
  readonly eventCounts: Readonly<Record<string, number>>;
}

/** Reads batch after batch until there is none. Rejects only when aborted, or for a bug. */
export async function collectTargets(input: CollectTargeted): Promise<CollectedTargets> {
  const { id, parts, signal } = input;
  const startedAt = parts.clock.now();
  const draft = await PatientDraft.begin(parts.store, id);
  const { analyzer, request, claims } = readingFor({ ...input, draft, trustsFeeds: true });
  const reading = new TargetedReading(parts.session, request, signal);
  const observed: Observed[] = [];
  const objects: ClusterObject[] = [];
  const nodes: NodeState[] = [];
  const events: SeenEvent[] = [];
  const left: ReadTarget[] = [];
  let isDue = false;
  const close = async () => {
    claims.release();
    await draft.abandon();
  };
  try {
    for (let batch = await input.next(); batch !== null; batch = await input.next()) {
      isDue ||= batch.isDue === true;
      observed.push(...batch.observed);
      objects.push(...(batch.objects ?? []));
      nodes.push(...(batch.nodes ?? []));
      events.push(...(batch.events ?? []));
      const taken = await reading.read(batch.reads);
      const ended = new Set(taken.filter((target) => hasJustEnded(target, parts.clock.now())));
      // What comes of a followed log keeps until the collection is committed.
      const canWait = ({ pod }: ReadTarget) => parts.followers?.hasPod(pod.uid) === true;
      left.push(...taken.filter((target) => (!ended.has(target) && canWait(target)) || !input.late.offer(target)));
      await input.lastWords.read([...ended], signal);
    }
    await analyzer.settle();
    return {
      draft,
      claims,
      observed,
      left,
      isDue,
      assemble: (known) =>
        assemble({ id, startedAt, at: parts.clock.now(), reading, observed, objects, nodes, events, known, analyzer }),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Assembly extends SeenObjects {
  readonly id: string;
  readonly startedAt: number;
  readonly at: number;
  readonly reading: TargetedReading;
  readonly observed: readonly Observed[];
  readonly events: readonly SeenEvent[];
  readonly known: Known;
  readonly analyzer: Analyzer;
}

function assemble({ id, startedAt, at, observed, known, analyzer, ...from }: Assembly): Cycle {
  const logs = from.reading.reading();
  const states = newestOf(
    observed.map(({ pod }) => pod),
    ({ uid }) => uid,
  );
  const objects = newestOf(from.objects, ({ uid }) => uid);
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
    nodes: newestOf(from.nodes, ({ name }) => name),
    usage: [],
    usageSource: 'unavailable',
    ...risesOf(from.events, known.eventCounts),
    ...(objects.length === 0 ? {} : { objects: withKnown(objects, known.objects, at) }),
    ...logs,
    ...changesOver(known.pods, observed, at),
    cursors: analyzer.resumeAt(logs.cursors),
    minutes: analyzer.minutes(),
    ...analyzer.patterns(),
    counted: analyzer.counted,
  };
}

/** The last of each, in the order in which each was seen first. */
function newestOf<T>(seen: readonly T[], idOf: (item: T) => string): readonly T[] {
  return [...new Map(seen.map((item) => [idOf(item), item])).values()];
}
