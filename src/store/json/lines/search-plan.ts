import type { LineQuery } from '../../../core/model/line-query.ts';
import type { ContainerRef } from '../../../core/model/log-line.ts';
import { type ContainerRow, refOfRow } from '../facts/container-table.ts';
import type { Frame } from '../frames/frame.ts';
import type { FoundLine } from './found-lines.ts';
import type { LineIndex } from './line-index.ts';

/** What is still to be read of one segment. */
export interface SegmentPart {
  /** Id of the cycle. */
  readonly cycle: string;
  readonly frame: Frame;
  /** Number of the segment in its cycle. */
  readonly segment: number;
  readonly ref: ContainerRef;
  /** Names the container instance. */
  readonly container: string;
  /** Where the segment lies in its frame. */
  readonly offset: number;
  /** The span within the segment. */
  readonly start: number;
  readonly end: number;
  /** No record of it sorts before this time (see `FoundLine`). */
  readonly carrySecond: number;
  readonly carryNanos: number;
}

/** A frame that holds segments which may hold lines that are wanted. */
export interface FrameTask {
  readonly cycle: string;
  readonly frame: Frame;
  readonly parts: readonly SegmentPart[];
  /** The second at which its lines may begin to come, in the order of the search. */
  readonly edge: number;
}

/** Chooses by the index what has to be read of a cycle. */
export function planCycle(cycle: string, index: LineIndex, query: LineQuery): FrameTask[] {
  const { frame, offset, length, container, from, to, levels } = index.segments;
  const wanted = index.containers.map((row) => (wantsContainer(row, query) ? refOfRow(row) : null));
  // Largest second of the segments before, by container; segments stand in file order.
  const carries = new Array<number>(index.containers.length).fill(0);
  const tasks = new Map<number, { readonly cycle: string; readonly frame: Frame; readonly parts: SegmentPart[]; edge: number }>();
  const skipped = segmentsUpTo(index, query.afterCycle ?? null);
  for (let segment = 0; segment < frame.length; segment++) {
    const number = container[segment] ?? 0;
    const carrySecond = carries[number] ?? 0;
    const [first, last] = [from[segment] ?? 0, to[segment] ?? 0];
    if (last > carrySecond) carries[number] = last;
    const ref = wanted[number];
    if (ref === null || ref === undefined) continue;
    if (segment < skipped || !overlaps(first, last, query)) continue;
    if (query.minLevel > 0 && (levels[segment] ?? 0) >> query.minLevel === 0) continue;
    const frameNumber = frame[segment] ?? 0;
    const edge = Math.max(carrySecond, query.order === 'newest_first' ? last : first);
    let entry = tasks.get(frameNumber);
    if (entry === undefined) {
      entry = { cycle, frame: frameAt(index, frameNumber), parts: [], edge };
      tasks.set(frameNumber, entry);
    }
    entry.edge = query.order === 'newest_first' ? Math.max(entry.edge, edge) : Math.min(entry.edge, edge);
    entry.parts.push({
      cycle,
      frame: entry.frame,
      segment,
      ref,
      container: `${ref.uid}/${ref.container}/${ref.containerID}`,
      offset: offset[segment] ?? 0,
      start: 0,
      end: length[segment] ?? 0,
      carrySecond,
      carryNanos: 0,
    });
  }
  return [...tasks.values()];
}

/** How many segments come from cycles up to this one: whoever reads on from there has had them. */
function segmentsUpTo({ origins = [] }: LineIndex, cycle: string | null): number {
  let count = 0;
  for (const [id, segments] of origins) if (cycle !== null && id <= cycle) count += segments;
  return count;
}

/**
 * Tasks that read again what `evicted` lines came from, up to or from those lines. A frame that one of the `waiting` tasks reads again
 * already is added to that task, so that nothing is found twice.
 */
export function planAgain(evicted: readonly FoundLine[], waiting: readonly FrameTask[], order: LineQuery['order']): FrameTask[] {
  const tasks = new Map(
    waiting.map((task) => [frameKey(task), { ...task, parts: new Map(task.parts.map((p) => [p.segment, p])) }]),
  );
  for (const found of evicted) {
    const { part, second } = found;
    let task = tasks.get(frameKey(part));
    if (task === undefined) {
      task = { cycle: part.cycle, frame: part.frame, parts: new Map(), edge: second };
      tasks.set(frameKey(part), task);
    }
    const before = task.parts.get(part.segment);
    if (order === 'newest_first') {
      if (before === undefined || found.end > before.end) task.parts.set(part.segment, { ...part, end: found.end });
      task.edge = Math.max(task.edge, second);
    } else {
      if (before === undefined || found.start < before.start) task.parts.set(part.segment, resumed(part, found));
      task.edge = Math.min(task.edge, second);
    }
  }
  return [...tasks.values()].map((task) => ({ ...task, parts: [...task.parts.values()] }));
}

function resumed(part: SegmentPart, { start, second, nanos }: FoundLine): SegmentPart {
  return { ...part, start, carrySecond: second, carryNanos: nanos };
}

/** Names a frame among those of all cycles. */
export function frameKey({ cycle, frame }: { readonly cycle: string; readonly frame: Frame }): string {
  return `${cycle}/${frame.offset}`;
}

/** Whether anything between two whole seconds, both included, can lie in the query's span. */
export function overlaps(from: number, to: number, query: LineQuery): boolean {
  return (to + 1) * 1000 > query.from && from * 1000 < query.to;
}

function wantsContainer(row: ContainerRow, query: LineQuery): boolean {
  const [namespace, kind, workload, pod, , container, containerID] = row;
  return (
    (query.namespace?.(namespace) ?? true) &&
    (query.kind?.(kind) ?? true) &&
    (query.workload?.(workload) ?? true) &&
    (query.pod?.(pod) ?? true) &&
    (query.container?.(container) ?? true) &&
    (query.containerID === null || query.containerID === containerID)
  );
}

function frameAt(index: LineIndex, number: number): Frame {
  const [offset = 0, length = 0, rawLength = 0] = index.frames.slice(number * 3, number * 3 + 3);
  return { offset, length, rawLength };
}
