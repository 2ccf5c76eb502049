import { MINUTE, SECOND } from '../base/duration.ts';
import type { Cursor, GapReason } from '../core/model/cycle.ts';
import type { ContainerRef } from '../core/model/log-line.ts';
import type { ContainerState, PodState, Termination } from '../core/model/pod.ts';
import { type Position, startingAt, unseenSince } from './cursor.ts';

/** Slack for clocks when an end is compared with the lookback. */
const CLOCK_SLACK = 2 * MINUTE;

/** A span that could not be read; epoch milliseconds. */
export interface Span {
  readonly from: number | null;
  readonly to: number;
  readonly reason: GapReason;
}

/** One instance of a container whose log is to be read. */
export interface InstanceRead {
  readonly ref: ContainerRef;
  readonly previous: boolean;
  readonly position: Position;
  readonly startedAt: number | null;
  /** How it ended; `null` while it runs. */
  readonly ended: Termination | null;
  /** The container's restart count when this was its instance. */
  readonly restarts: number;
}

/** What one container needs in one collection. */
export interface ContainerPlan {
  /** In the order in which the instances lived. */
  readonly reads: readonly InstanceRead[];
  readonly gaps: readonly Span[];
  /** Read to their end before: kept so that they are not asked for again. */
  readonly kept: readonly Cursor[];
}

export interface PlanOptions {
  readonly pod: PodState;
  readonly container: ContainerState;
  /** This container's, from earlier collections. */
  readonly cursors: readonly Cursor[];
  /** Something of this container was read before, so that newer instances are read from their beginning. */
  readonly watched: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly lookback: number;
}

interface Instance {
  readonly id: string;
  readonly previous: boolean;
  readonly startedAt: number | null;
  readonly ended: Termination | null;
  readonly restarts: number;
}

/** Which instances of a container to read, which were missed, and which are done with (kubernetes.md sections 2.1, 2.5 and 2.6). */
export function planContainer(options: PlanOptions): ContainerPlan {
  const instances = readableInstances(options.container);
  const cursors = new Map(options.cursors.map((cursor) => [cursor.ref.containerID, cursor]));
  const newest = newestOf(options.cursors);
  const adopted = adoptedCursor(instances, cursors);
  const since = options.now - options.lookback;
  const reads: InstanceRead[] = [];
  const kept: Cursor[] = [];
  for (const instance of instances) {
    const cursor = instance.id === adopted?.ref.containerID ? undefined : cursors.get(instance.id);
    if (cursor?.drained === true) {
      kept.push(cursor);
      continue;
    }
    const position = cursor ?? (instance.ended === null && adopted !== null ? adopted : null);
    if (position !== null) {
      reads.push(readOf(options, instance, position));
      continue;
    }
    const isNewer = options.watched && (newest === null || instance.restarts > (newest.restarts ?? -1));
    if (!isNewer && (instance.ended?.finishedAt ?? since) < since - CLOCK_SLACK) continue;
    const whole = isNewer || (instance.startedAt !== null && instance.startedAt >= since);
    reads.push(readOf(options, instance, startingAt(whole ? null : Math.floor(since / 1000))));
  }
  return { reads, kept, gaps: missed(options, instances, newest) };
}

/** The instances whose logs the API can still give, older first. */
function readableInstances(container: ContainerState): readonly Instance[] {
  const { state, last, restarts } = container;
  const instances: Instance[] = [];
  if (last !== null && last.containerID !== '' && last.containerID !== container.containerID)
    instances.push({ id: last.containerID, previous: true, startedAt: last.startedAt, ended: last, restarts: restarts - 1 });
  // A waiting container's log is that of its last instance, whichever way it is asked for.
  if (state.kind === 'waiting' && last !== null && last.containerID !== '')
    return [{ id: last.containerID, previous: true, startedAt: last.startedAt, ended: last, restarts }];
  if (container.containerID === '') return instances;
  if (state.kind === 'running')
    instances.push({ id: container.containerID, previous: false, startedAt: state.startedAt, ended: null, restarts });
  if (state.kind === 'terminated')
    instances.push({ id: container.containerID, previous: false, startedAt: state.startedAt, ended: state, restarts });
  return instances;
}

/**
 * The container restarted between being listed and being read for the first time, so that a cursor holds the successor's lines: they are
 * later than the end of its own instance. It then counts as the successor's, and its own instance as unread.
 */
function adoptedCursor(instances: readonly Instance[], cursors: ReadonlyMap<string, Cursor>): Cursor | null {
  const [last, current] = instances;
  if (last === undefined || current === undefined || current.startedAt === null || cursors.has(current.id)) return null;
  const cursor = cursors.get(last.id);
  const finishedAt = last.ended?.finishedAt ?? null;
  if (cursor === undefined || cursor.lastAt === null || finishedAt === null) return null;
  return cursor.lastAt > finishedAt + 2 * SECOND && cursor.lastAt >= current.startedAt ? cursor : null;
}

function newestOf(cursors: readonly Cursor[]): Cursor | null {
  let newest: Cursor | null = null;
  for (const cursor of cursors) if (newest === null || (cursor.restarts ?? -1) >= (newest.restarts ?? -1)) newest = cursor;
  return newest;
}

/** What was written between what is known and the oldest instance that can be read. */
function missed(options: PlanOptions, instances: readonly Instance[], newest: Cursor | null): readonly Span[] {
  const oldest = instances[0];
  const gaps: Span[] = [];
  for (const cursor of options.cursors) {
    const isReadable = instances.some((instance) => instance.id === cursor.ref.containerID);
    if (isReadable || cursor.drained || cursor === newest) continue;
    gaps.push(span(unseenSince(cursor, null), options.now, 'gone'));
  }
  if (newest !== null && !instances.some((instance) => instance.id === newest.ref.containerID)) {
    const skipped = oldest === undefined || newest.restarts === undefined ? 0 : oldest.restarts - newest.restarts - 1;
    if (!newest.drained || skipped > 0)
      gaps.push(span(unseenSince(newest, null), beginOf(oldest) ?? options.now, 'missed_instances'));
  }
  const since = options.now - options.lookback;
  const startedAt = oldest?.startedAt ?? null;
  if (!options.watched && oldest !== undefined && oldest.restarts > 0 && startedAt !== null && startedAt > since)
    gaps.push(span(Math.max(options.pod.createdAt, since), startedAt + SECOND, 'missed_instances'));
  return gaps;
}

/** Kubelet cuts its times to whole seconds: the instance began before this. */
function beginOf(instance: Instance | undefined): number | null {
  return instance === undefined || instance.startedAt === null ? null : instance.startedAt + SECOND;
}

function span(from: number | null, to: number, reason: Span['reason']): Span {
  return { from: from === null ? null : Math.min(from, to), to, reason };
}

function readOf({ pod, container }: PlanOptions, instance: Instance, position: Position): InstanceRead {
  const { since, count, chain, first, lastAt } = position;
  return {
    ref: {
      workload: pod.workload,
      pod: pod.name,
      uid: pod.uid,
      container: container.name,
      containerID: instance.id,
      node: pod.node,
      image: container.image,
    },
    previous: instance.previous,
    position: { since, count, chain, first, lastAt },
    startedAt: instance.startedAt,
    ended: instance.ended,
    restarts: instance.restarts,
  };
}
