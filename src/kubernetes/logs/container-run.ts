import { SECOND } from '../../base/duration.ts';
import type { Cursor } from '../../core/model/cycle.ts';
import type { ContainerState, PodState } from '../../core/model/pod.ts';
import { unseenSince } from './cursor.ts';
import { type ContainerPlan, type InstanceRead, planContainer, probeKey, type Span } from './plan.ts';

/** How often a container that changes while it is read is planned anew. */
const MAX_PLANS = 3;

/** What reading one instance came to, for its container. */
export interface ReadResult {
  readonly cursor: Cursor;
  readonly replaced: boolean;
  readonly matched: boolean;
  readonly bytes: number;
}

/** What a container's reads need of the collection around them. */
export interface ContainerReader {
  readonly lookback: number;
  /** New bytes that one container may bring. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly read: (pod: PodState, read: InstanceRead, budget: number) => Promise<ReadResult>;
  /** The pod as it is now; `null` when it is gone. */
  readonly lookAgain: (pod: PodState) => Promise<PodState | null | 'unknown'>;
  readonly tell: (container: string, spans: readonly Span[]) => void;
}

/**
 * Reads what is new of one container: its previous instance to the end, then the current one; anew when it turns out that the pod has
 * changed since it was listed. Returns the cursors for the next collection.
 */
export async function readContainer(
  reader: ContainerReader,
  listed: PodState,
  container: ContainerState,
  known: readonly Cursor[],
): Promise<readonly Cursor[]> {
  const run = new ContainerRun(reader, container.name, known);
  let pod = listed;
  let state = container;
  for (let plans = 0; plans < MAX_PLANS; plans++) {
    // By a list that is older than what was read since, the cursor of the newest instance would be lost.
    const isOutdated = plans === 0 && known.some(({ restarts = 0 }) => restarts > state.restarts);
    if (!isOutdated && !(await run.readAll(pod, state))) break;
    const fresh = await reader.lookAgain(pod);
    if (fresh === 'unknown') break;
    const found = fresh?.uid === pod.uid ? fresh.containers.find(({ name }) => name === state.name) : undefined;
    if (fresh === null || found === undefined) {
      run.bury();
      break;
    }
    pod = fresh;
    state = found;
  }
  return run.cursors;
}

class ContainerRun {
  readonly #reader: ContainerReader;
  readonly #name: string;
  readonly #tried = new Set<string>();
  readonly #unread = new Set<string>();
  /** Whether something was read before, so that newer instances are read from their beginning. */
  #watched: boolean;
  #budget: number;
  cursors: readonly Cursor[];

  constructor(reader: ContainerReader, name: string, known: readonly Cursor[]) {
    this.#reader = reader;
    this.#name = name;
    this.#watched = known.length > 0;
    this.#budget = reader.maxBytes;
    this.cursors = known;
  }

  /** One plan, executed; true when it met a pod that has changed. */
  async readAll(pod: PodState, state: ContainerState): Promise<boolean> {
    const plan = await this.#plan(pod, state);
    this.#reader.tell(this.#name, plan.gaps);
    const after = [...plan.kept];
    let replaced = false;
    for (const read of plan.reads) {
      if (replaced) {
        after.push(cursorOf(read));
        continue;
      }
      const result = await this.#reader.read(pod, read, this.#budget);
      this.#budget -= result.bytes;
      replaced = result.replaced;
      after.push(result.cursor);
    }
    this.cursors = after;
    this.#watched = true;
    return replaced;
  }

  /** Nothing more can come of a pod that is gone or was made anew under its name. */
  bury(): void {
    const to = this.#reader.now();
    for (const cursor of this.cursors)
      if (!cursor.drained) this.#reader.tell(this.#name, [{ from: unseenSince(cursor, null), to, reason: 'gone' }]);
    this.cursors = this.cursors.map((cursor) => ({ ...cursor, drained: true }));
  }

  async #plan(pod: PodState, container: ContainerState): Promise<ContainerPlan> {
    for (;;) {
      const plan = planContainer({
        pod,
        container,
        cursors: this.cursors,
        watched: this.#watched,
        unread: this.#unread,
        tried: this.#tried,
        now: this.#reader.now(),
        lookback: this.#reader.lookback,
      });
      if (plan.probe === null) return plan;
      await this.#probe(pod, plan.probe);
    }
  }

  /** Tries a cursor on an instance that came after its own, and makes it that one's when its lines are found there. */
  async #probe(pod: PodState, { cursor, read, ownIsReadable }: NonNullable<ContainerPlan['probe']>): Promise<void> {
    this.#tried.add(probeKey(cursor, read.ref.containerID));
    const result = await this.#reader.read(pod, read, this.#budget);
    if (!result.matched) return;
    this.#budget -= result.bytes;
    this.#unread.delete(read.ref.containerID);
    this.#unread.add(cursor.ref.containerID);
    const { containerID } = read.ref;
    this.cursors = [...this.cursors.filter((other) => other !== cursor && other.ref.containerID !== containerID), result.cursor];
    const to = read.startedAt === null ? this.#reader.now() : read.startedAt + SECOND;
    if (!ownIsReadable) this.#reader.tell(this.#name, [{ from: null, to, reason: 'missed_instances' }]);
  }
}

/** The cursor with which a read was planned: kept when the read cannot be made, so that the next one begins there. */
export function cursorOf({ ref, position, restarts, pace }: InstanceRead): Cursor {
  return { ref, ...position, drained: false, missing: 0, restarts, ...(pace === undefined ? {} : { pace }) };
}
