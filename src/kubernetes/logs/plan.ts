import { MINUTE, SECOND } from '../../base/duration.ts';
import type { Cursor, GapReason, Pace } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import { type ContainerState, isFinished, type PodState, type Termination } from '../../core/model/pod.ts';
import { type Position, startingAt, unseenSince } from './cursor.ts';

/** Slack for clocks when an end is compared with the lookback. */
const CLOCK_SLACK = 2 * MINUTE;

/** Containers that fail at all mostly fail soon after their start. */
const YOUNG = 30 * SECOND;

/** A span that could not be read; epoch milliseconds. */
export interface Span {
  readonly from: number | null;
  readonly to: number;
  readonly reason: GapReason;
  /** About how much of the log it takes away; `null` or left out when that cannot be told. */
  readonly bytes?: number | null;
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
  /** The position is another instance's, to see whether it is this one's after all. */
  readonly isProbe: boolean;
  /** How fast the container wrote until now, also as an earlier instance. */
  readonly pace: Pace | undefined;
  /** Worth a look at the pod before lines without an anchor are believed to be this instance's. */
  readonly mayRestart: boolean;
}

/** What one container needs in one collection. */
export interface ContainerPlan {
  /** In the order in which the instances lived. */
  readonly reads: readonly InstanceRead[];
  readonly gaps: readonly Span[];
  /** Read to their end before: kept so that they are not asked for again. */
  readonly kept: readonly Cursor[];
  /**
   * The container may have restarted between being listed and being read for the first time, so that a cursor holds a successor's lines:
   * to be read before anything else, unless that was done.
   */
  readonly probe: { readonly cursor: Cursor; readonly read: InstanceRead; readonly ownIsReadable: boolean } | null;
}

export interface PlanOptions {
  readonly pod: PodState;
  readonly container: ContainerState;
  /** This container's, from earlier collections. */
  readonly cursors: readonly Cursor[];
  /** Something of this container was read before, so that newer instances are read from their beginning. */
  readonly watched: boolean;
  /** Instances of which, against their cursors, nothing was read. */
  readonly unread: ReadonlySet<string>;
  /** Probes that were made, by {@link probeKey}. */
  readonly tried: ReadonlySet<string>;
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
  const since = options.now - options.lookback;
  const reads: InstanceRead[] = [];
  const kept: Cursor[] = [];
  for (const instance of instances) {
    const cursor = cursors.get(instance.id);
    if (cursor?.drained === true) {
      kept.push(cursor);
      continue;
    }
    if (cursor !== undefined) {
      reads.push(readOf(options, instance, cursor));
      continue;
    }
    const isNewer =
      options.unread.has(instance.id) || (options.watched && (newest === null || instance.restarts > (newest.restarts ?? -1)));
    if (!isNewer && (isLeftBehind(instance, cursors.get(options.container.containerID)) || endedBefore(instance, since)))
      continue;
    const whole = isNewer || (instance.startedAt !== null && instance.startedAt >= since);
    reads.push(readOf(options, instance, startingAt(whole ? null : Math.floor(since / 1000))));
  }
  return { reads, kept, gaps: missed(options, instances, newest), probe: probeOf(options, instances) };
}

/**
 * An instance before one that is being read: its cursor was dropped when it could not be read any more, and what lacked was told then. A state
 * of the pod that is older than what was read since may still name it.
 */
function isLeftBehind(instance: Instance, current: Cursor | undefined): boolean {
  return instance.previous && current !== undefined && instance.restarts < (current.restarts ?? 0);
}

function endedBefore({ ended }: Instance, since: number): boolean {
  return (ended?.finishedAt ?? since) < since - CLOCK_SLACK;
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

/** A cursor can only hold the lines of a later instance that had begun by then, and of which nothing is known. */
function probeOf(options: PlanOptions, instances: readonly Instance[]): ContainerPlan['probe'] {
  for (const instance of instances) {
    const own = options.cursors.find((cursor) => cursor.ref.containerID === instance.id);
    if (instance.startedAt === null || (own !== undefined && own.lastAt !== null)) continue;
    for (const cursor of options.cursors.toReversed()) {
      if (cursor.lastAt === null || cursor.count === 0 || cursor.lastAt < instance.startedAt) continue;
      if ((cursor.restarts ?? -1) >= instance.restarts || options.tried.has(probeKey(cursor, instance.id))) continue;
      const ownIsReadable = instances.some(({ id }) => id === cursor.ref.containerID);
      return { cursor, read: { ...readOf(options, instance, cursor), isProbe: true }, ownIsReadable };
    }
  }
  return null;
}

/** Names one trial of a cursor on another instance. */
export function probeKey(cursor: Cursor, containerID: string): string {
  return `${cursor.ref.containerID} ${containerID}`;
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

/** Kubelet cuts its times to whole seconds: the instance began before this. One that could not be started has only an end. */
function beginOf(instance: Instance | undefined): number | null {
  const began = instance?.startedAt ?? instance?.ended?.finishedAt ?? null;
  return began === null ? null : began + SECOND;
}

function span(from: number | null, to: number, reason: Span['reason']): Span {
  return { from: from === null ? null : Math.min(from, to), to, reason };
}

function readOf({ pod, container, cursors, watched, now }: PlanOptions, instance: Instance, position: Position): InstanceRead {
  const { since, count, chain, first, lastAt, tail } = position;
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
    position: { since, count, chain, first, lastAt, ...(tail === undefined ? {} : { tail }) },
    startedAt: instance.startedAt,
    ended: instance.ended,
    restarts: instance.restarts,
    isProbe: false,
    pace: newestOf(cursors)?.pace,
    mayRestart: !isFinished(pod) && (watched || container.restarts > 0 || (instance.startedAt ?? 0) > now - YOUNG),
  };
}
