import { DAY, MINUTE } from '../../src/base/duration.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { decodeRecords, RecordEncoder } from '../../src/core/analyze/record.ts';
import type { Segment } from '../../src/core/analyze/segment.ts';
import { TimestampWriter } from '../../src/core/analyze/timestamp.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import type { Level } from '../../src/core/model/log-line.ts';
import type { PodState } from '../../src/core/model/pod.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { container, cycle, minute, node, pod, refOf, running, usage } from '../../test/build.ts';
import { SPEAKERS } from '../logs/speakers.ts';
import { Chance } from './chance.ts';

export const PERIOD = 10 * MINUTE;
/** Cycles of a day but the one that runs. */
export const DAY_OF_CYCLES = DAY / PERIOD - 1;

export interface HistoryShape {
  readonly workloads: number;
  /** Records that each workload writes in one cycle. */
  readonly lines: number;
}

/** The store in a folder, as the daemon opens it, at a time that the caller sets. */
export function openHistory(path: string, now: () => number): Promise<Store> {
  const options = {
    path,
    window: DAY,
    maxSize: 1024 ** 4,
    access: 'write',
    wait: 0,
    logger: silentLogger,
    command: 'tocsin bench',
  } as const;
  return openStore('json', { ...options, now });
}

/** What one cycle at `at` brings: the states and counts of all workloads, each with one pod, and their log lines. */
export class CycleSource {
  readonly #pods: readonly PodState[];
  readonly #shape: HistoryShape;

  constructor(shape: HistoryShape, startedAt: number) {
    this.#shape = shape;
    this.#pods = Array.from({ length: shape.workloads }, (_, index) => podOf(index, startedAt));
  }

  cycleAt(at: number): Cycle {
    const first = Math.floor(at / MINUTE) - PERIOD / MINUTE;
    const each = Math.max(1, Math.round(this.#shape.lines / (PERIOD / MINUTE)));
    const minutes = this.#pods.map((state, index) => ({
      ref: refOf(state),
      minutes: Array.from({ length: PERIOD / MINUTE }, (_, offset) =>
        minute((first + offset) * MINUTE, { levels: { info: each, error: index % 50 === 0 && offset === 3 ? 1 : 0 } }),
      ),
    }));
    const samples = this.#pods.map((state, index) =>
      usage(state, { at, cpu: (index % 90) / 100, memory: (100 + (index % 300)) * 1024 ** 2 }),
    );
    return cycle(at, {
      states: this.#pods,
      nodes: [node()],
      usage: samples,
      minutes,
      lines: this.#shape.lines * this.#pods.length,
    });
  }

  /** What `segmentsAt` tells of `at`, said again in the ten minutes before `later`: millions of lines are made so in seconds. */
  *repeated(segments: readonly Segment[], at: number, later: number): Generator<Segment> {
    const shift = (later - at) / 1000;
    const timestamp = new TimestampWriter();
    for (const segment of segments) {
      const bytes = Buffer.from(segment.bytes);
      decodeRecords(bytes, ({ start, second, nanos }) => {
        timestamp.write(bytes, start, second + shift, nanos);
        return true;
      });
      yield { ...segment, bytes, from: segment.from + shift, to: segment.to + shift };
    }
  }

  /** The lines of every pod in the ten minutes before `at`; the same for the same time. */
  *segmentsAt(at: number): Generator<Segment> {
    for (const [index, state] of this.#pods.entries()) yield segmentOf(state, { at, seed: index, lines: this.#shape.lines });
  }
}

/** Writes and commits a cycle; how long that took in milliseconds, without making its lines. */
export async function commitCycle(store: Store, made: Cycle, segments: Iterable<Segment>): Promise<number> {
  const draft = await store.begin(made.id);
  let ms = 0;
  for (const segment of segments) {
    const started = performance.now();
    await draft.write(segment);
    ms += performance.now() - started;
  }
  const started = performance.now();
  await draft.commit(made);
  return ms + performance.now() - started;
}

function podOf(index: number, startedAt: number): PodState {
  const [namespace, name] = [`team-${Math.floor(index / 20)}`, `service-${index}`];
  return pod({
    of: `${namespace}/Deployment/${name}`,
    name: `${name}-5d9c7b6f4-x${index}`,
    createdAt: startedAt,
    containers: [
      container({
        containerID: `containerd://${index.toString(16).padStart(64, '0')}`,
        image: `registry.example.com/${namespace}/${name}:1.4.${index % 7}`,
        state: running(startedAt),
        limits: { cpu: 1, memory: 512 * 1024 ** 2 },
      }),
    ],
  });
}

function segmentOf(
  state: PodState,
  { at, seed, lines }: { readonly at: number; readonly seed: number; readonly lines: number },
): Segment {
  const chance = new Chance(seed * 1_000_003 + Math.floor(at / 1000));
  const speak = SPEAKERS[seed % SPEAKERS.length] ?? SPEAKERS[0];
  if (speak === undefined) throw new Error('nobody speaks');
  const encoder = new RecordEncoder();
  const start = at - PERIOD;
  let levels = 0;
  for (let index = 0; index < lines; index++) {
    const time = start + Math.floor((index * PERIOD) / lines);
    const { lines: said, level, status } = speak(chance, new Date(time));
    const [head, ...rest] = said.map((line) => Buffer.from(line));
    if (head === undefined) continue;
    const nanos = (time % 1000) * 1_000_000;
    encoder.begin({ second: Math.floor(time / 1000), nanos, level: level as Level, status }, head, 0, head.length); // an index into LEVELS
    for (const line of rest) encoder.addLine(line, 0, line.length);
    levels |= 1 << level;
  }
  return { ref: refOf(state), bytes: encoder.encoded(), lines, from: start / 1000, to: Math.floor(at / 1000) - 1, levels };
}
