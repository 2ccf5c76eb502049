import { MINUTE } from '../../base/duration.ts';
import { keepNewest } from '../../base/keep-newest.ts';
import { cut } from '../../base/visible.ts';
import { Analyzer } from '../../core/analyze/analyzer.ts';
import { decodeRecords, recordText } from '../../core/analyze/record.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import type { Segment } from '../../core/analyze/segment.ts';
import type { LogLine } from '../../core/model/log-line.ts';
import { type ContainerState, endsOf, isFinished, type PodState, type Termination } from '../../core/model/pod.ts';
import { forEachByNode } from '../../kubernetes/logs/by-node.ts';
import { readLastLines } from '../../kubernetes/logs/last-lines.ts';
import { AT_ONCE, PER_NODE, type ReadTarget } from '../../kubernetes/logs/read-targets.ts';
import type { EngineParts } from './engine-parts.ts';

/** Log lines that an alert may show. */
const SHOWN = 64;
/** A private key that begins in an earlier line hides at most so many: they are read as well, so that nothing of one is shown. */
const KEY_LINES = 256;
const MOST_CHARACTERS = 2_000;
/** Instances whose last words are kept; the oldest go first. */
export const MOST_INSTANCES = 100;
/** What ended longer ago has been read by now. */
const RECENT = 5 * MINUTE;

interface LastWordsParts {
  readonly session: Pick<EngineParts['session'], 'api' | 'clock'>;
  readonly collect: Pick<EngineParts['collect'], 'maxLine' | 'redact'>;
}

/**
 * The last lines of instances that have ended while a scheduled cycle has their containers: their logs are stored once that is committed, and an alert
 * about the end does not wait for it.
 */
export class LastWords {
  readonly #parts: LastWordsParts;
  readonly #kept = new Map<string, readonly LogLine[]>();

  constructor(parts: LastWordsParts) {
    this.#parts = parts;
  }

  /** The last lines of an instance, oldest first; `null` when they were not read ahead. */
  of(containerID: string): readonly LogLine[] | null {
    return this.#kept.get(containerID) ?? null;
  }

  /** Reads those of the newest ends in these containers. Rejects only when aborted. */
  async read(targets: readonly ReadTarget[], signal: AbortSignal): Promise<void> {
    const now = this.#parts.session.clock.now();
    const ends = targets.flatMap((target) => recentEnds(target, now)).filter(({ ended }) => ended.containerID !== '');
    const limits = { total: AT_ONCE, perNode: PER_NODE, nodeOf: ({ pod }: { readonly pod: PodState }) => pod.node };
    await forEachByNode(ends, limits, (end) => this.#readEnd(end, signal));
  }

  async #readEnd({ pod, container, ended, endedBefore }: End, signal: AbortSignal): Promise<void> {
    if (this.#kept.has(ended.containerID)) return;
    const { session, collect } = this.#parts;
    const { maxLine } = collect;
    const ref = {
      workload: pod.workload,
      pod: pod.name,
      uid: pod.uid,
      container: container.name,
      containerID: ended.containerID,
      node: pod.node,
      image: container.image,
    };
    let newest: LogLine[] = [];
    const write = (segment: Segment) => {
      newest = [...newest, ...linesOf(segment)].slice(-SHOWN);
      return undefined;
    };
    const sinkFor = () => {
      newest = [];
      return new Analyzer({ matchers: [], redactor: createRedactor(collect.redact), maxLine, segments: { write } }).sinkFor(ref);
    };
    const most = SHOWN + KEY_LINES;
    const places = placesOf(pod, container);
    const lines = await readLastLines(session.api, { ref, ended, endedBefore, places, most, maxLine, sinkFor }, signal);
    const kept = lines < most ? newest : withoutDoubt(newest);
    if (lines > 0) keepNewest(this.#kept, MOST_INSTANCES, [ended.containerID, kept]);
  }
}

interface End {
  readonly pod: PodState;
  readonly container: ContainerState;
  readonly ended: Termination;
  readonly endedBefore: number | null;
}

/** Whether one of the containers has ended a short while ago. */
export function hasJustEnded(target: ReadTarget, now: number): boolean {
  return recentEnds(target, now).length > 0;
}

/** The newest end of each of the containers, where it is not long ago. */
function recentEnds({ pod, containers }: ReadTarget, now: number): readonly End[] {
  return pod.containers
    .filter(({ name }) => containers === null || containers.has(name))
    .flatMap((container) => {
      const [ended, before] = endsOf(container).toReversed();
      if (ended === undefined || now - (ended.finishedAt ?? now) >= RECENT) return [];
      return [{ pod, container, ended, endedBefore: before?.finishedAt ?? null }];
    });
}

/** An end that was the current instance's when the pod was seen may by now be that before it. */
function placesOf(pod: PodState, { state }: ContainerState): readonly ('previous' | 'current')[] {
  if (state.kind !== 'terminated') return ['previous'];
  return isFinished(pod) ? ['current'] : ['previous', 'current'];
}

/** The records, newest last, whose lines are surely among the last that are shown: those before may be of a key whose begin was not read. */
function withoutDoubt(lines: readonly LogLine[]): readonly LogLine[] {
  let count = 0;
  const first = lines.findLastIndex(({ text }) => {
    count += text.split('\n').length;
    return count > SHOWN;
  });
  return lines.slice(first + 1);
}

function linesOf({ ref, bytes }: Segment): readonly LogLine[] {
  const lines: LogLine[] = [];
  decodeRecords(bytes, (record) => {
    const { second, nanos, level, status } = record;
    lines.push({ second, nanos, ref, level, status, text: cut(recordText(bytes, record), MOST_CHARACTERS) });
    return true;
  });
  return lines;
}
