import { Analyzer } from '../../core/analyze/analyzer.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Counted } from '../../core/rules/judging/counted.ts';
import { nextCycleId } from '../../store/cycle-id.ts';
import type { Store } from '../../store/store.ts';
import { feedLines } from './feed-lines.ts';
import { LogReader, type ReadSpan } from './log-reader.ts';

export interface ImportLogs extends ReadSpan {
  readonly files: readonly string[];
  /** What the rules count. */
  readonly counted: Counted;
  /** Milliseconds between two cycles. */
  readonly period: number;
  readonly redact: Parameters<typeof createRedactor>[0];
  readonly maxLine: number;
  /** How much the window holds, in milliseconds. */
  readonly window: number;
  /** Told of each file in which no line has a time of the span. */
  readonly onTimeless: (file: string) => void;
  /** Told now and then of the lines so far. */
  readonly onProgress: (lines: number) => void;
}

/** Lines that are given to the analysis at a time. */
const BATCH = 2_000;

/**
 * Stores log files as the cycles that would have collected them. Every container that has spoken is a running pod from then on. Resolves with the
 * number of lines; rejects when a file cannot be read, or when aborted.
 */
export async function importLogs(store: Store, input: ImportLogs, signal: AbortSignal): Promise<number> {
  const readers = await Promise.all(input.files.map((file) => LogReader.open(file, input)));
  const pods = new Map<string, { readonly pod: PodState; readonly ref: ContainerRef }>();
  const first = nextOf(readers);
  if (first === null) return 0;
  for (const [index, reader] of readers.entries()) if (reader.nextAt === null) input.onTimeless(input.files[index] ?? '');
  const miner = new PatternMiner();
  let lines = 0;
  let id: string | null = null;
  let newest = first;
  // The first cycle of all only fills the history: what began and ended in it would be passed over, as at a first start. So it is one without lines.
  for (let at = lastMultiple(first, input.period), next: number | null = first; next !== null; at += input.period) {
    signal.throwIfAborted();
    // Where nothing was said for longer than the window holds, such as behind a clock that began in 1970, there is nothing to judge.
    if (at - newest > input.window) at = Math.max(at, lastMultiple(next, input.period));
    id = nextCycleId(id, at);
    const draft = await store.begin(id);
    const analyzer = new Analyzer({
      matchers: input.counted.matchers,
      values: input.counted.values,
      patterns: { miner, level: input.counted.patternsFrom },
      redactor: createRedactor(input.redact),
      maxLine: input.maxLine,
      segments: draft,
    });
    const refs = new Set<ContainerRef>();
    let read = 0;
    for (const reader of readers) {
      for (let batch = await reader.take(at, BATCH); batch !== null; batch = await reader.take(at, BATCH)) {
        const { ref } = podOf(batch.origin, at, pods);
        refs.add(ref);
        const sink = analyzer.sinkFor(ref);
        feedLines(sink, batch.lines);
        read += batch.lines.length;
        await sink.ready();
        input.onProgress(lines + read);
      }
    }
    for (const ref of refs) await analyzer.sinkFor(ref).flush();
    lines += read;
    if (read > 0) newest = at;
    next = nextOf(readers);
    await draft.commit(cycleOf({ id, at, lines: read, states: [...pods.values()].map(({ pod }) => pod), analyzer }));
  }
  return lines;
}

/** When the next line of all was written; `null` at the end. */
function nextOf(readers: readonly LogReader[]): number | null {
  const times = readers.flatMap((reader) => reader.nextAt ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** The beginning of the period in which a moment lies. */
function lastMultiple(at: number, period: number): number {
  return Math.floor(at / period) * period;
}

function podOf(
  { workload, pod: name, container }: Parameters<typeof runningPod>[0],
  at: number,
  known: Map<string, { readonly pod: PodState; readonly ref: ContainerRef }>,
): { readonly pod: PodState; readonly ref: ContainerRef } {
  const key = `${workload.namespace}/${name}/${container}`;
  let found = known.get(key);
  if (found === undefined) {
    const pod = runningPod({ workload, pod: name, container }, at);
    const ref = { workload, pod: name, uid: pod.uid, container, containerID: `file://${key}`, node: '', image: '' };
    found = { pod, ref };
    known.set(key, found);
  }
  return found;
}

function runningPod(
  { workload, pod, container }: { readonly workload: PodState['workload']; readonly pod: string; readonly container: string },
  at: number,
): PodState {
  const none = { cpu: null, memory: null };
  return {
    namespace: workload.namespace,
    name: pod,
    uid: `${workload.namespace}/${pod}/${container}`,
    workload,
    node: '',
    labels: {},
    annotations: {},
    createdAt: at,
    deletedAt: null,
    phase: 'Running',
    reason: '',
    message: '',
    conditions: [],
    containers: [
      {
        name: container,
        role: 'app',
        image: '',
        containerID: `file://${workload.namespace}/${pod}/${container}`,
        ready: true,
        restarts: 0,
        state: { kind: 'running', startedAt: at },
        last: null,
        limits: none,
        requests: none,
      },
    ],
  };
}

function cycleOf({
  id,
  at,
  lines,
  states,
  analyzer,
}: Pick<Cycle, 'id' | 'at' | 'lines' | 'states'> & { readonly analyzer: Analyzer }): Cycle {
  return {
    id,
    trigger: 'scheduled',
    at,
    startedAt: at,
    finishedAt: at,
    missed: 0,
    pods: states.length,
    containers: states.length,
    lines,
    bytes: 0,
    gaps: [],
    errors: [],
    namespaces: [...new Set(states.map(({ namespace }) => namespace))],
    podsComplete: true,
    states,
    nodes: [],
    usage: [],
    usageSource: 'ok',
    events: [],
    restarts: [],
    terminations: [],
    minutes: analyzer.minutes(),
    ...analyzer.patterns(),
    cursors: [],
    eventCounts: {},
  };
}
