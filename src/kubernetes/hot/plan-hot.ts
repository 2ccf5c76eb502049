import { SECOND } from '../../base/duration.ts';
import type { Cursor } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';

/** Bytes that may come together before a read, and how far reads of one container are apart at least. */
const MOST_UNREAD = 2 * 1024 * 1024;
const SHORTEST_PAUSE = 15 * SECOND;
/** A read takes place so long after it was planned, at most: it waits for its turn with others. */
const SLACK = 3 * SECOND;
/**
 * Bytes a second from which on a stream is worth its while, and below which it no longer is: reads alone lose what came between the last of
 * them and a rotation, up to a fifth of a usual file at any rate, and a slower container is rotated every 45 minutes at most.
 */
const FOLLOWED = 4 * 1024;
const NO_LONGER_FOLLOWED = FOLLOWED / 2;
/** Streams at the same time, in all and on one node. */
const MOST_STREAMS = 50;
const STREAMS_PER_NODE = 5;
/** Reads that are begun at a time; the worst come first. */
const MOST_READS = 10;

export interface HotPlan {
  /** Containers to read now, because much has been written since they were read. */
  readonly reads: readonly ContainerRef[];
  /** Containers to follow: the fastest, as far as the streams go. */
  readonly follows: readonly Cursor[];
  /** Before this the plan stays as it is, unless a cursor or what is followed changes; epoch milliseconds. */
  readonly nextAt: number;
}

/**
 * What has to be read between two cycles so that little is lost when a log is rotated: from how fast each container wrote until now.
 * `following` are the instances that are followed already, by id; `now` is epoch milliseconds.
 */
export function planHot(cursors: Iterable<Cursor>, following: ReadonlySet<string>, now: number): HotPlan {
  const fast: Hot[] = [];
  const due: Hot[] = [];
  let nextAt = Number.POSITIVE_INFINITY;
  // Of all containers few are hot: the others must leave no garbage.
  for (const cursor of cursors) {
    const { pace, ref } = cursor;
    if (pace === undefined || cursor.drained || cursor.missing !== 0 || cursor.count === 0) continue;
    const isFollowed = following.has(ref.containerID);
    if (pace.rate > (isFollowed ? NO_LONGER_FOLLOWED : FOLLOWED)) fast.push({ cursor, weight: pace.rate });
    if (isFollowed) continue;
    const dueAt = pace.at + pauseFor(pace.rate);
    nextAt = Math.min(nextAt, dueAt);
    if (now >= dueAt) due.push({ cursor, weight: pace.rate * (now - pace.at) });
  }
  const follows = chooseStreams(fast);
  const followed = new Set(follows.map(({ ref }) => ref.containerID));
  const reads = heaviestFirst(due).map(({ cursor }) => cursor.ref);
  return { reads: reads.filter(({ containerID }) => !followed.has(containerID)).slice(0, MOST_READS), follows, nextAt };
}

/** A container, and how much it wants to be looked after. */
interface Hot {
  readonly cursor: Cursor;
  readonly weight: number;
}

function heaviestFirst(all: readonly Hot[]): readonly Hot[] {
  return all.toSorted((a, b) => b.weight - a.weight);
}

/** How long after a read the next one is due. */
function pauseFor(rate: number): number {
  return Math.max((MOST_UNREAD * SECOND) / rate - SLACK, SHORTEST_PAUSE);
}

/** The fastest ones, as far as the streams go. */
function chooseStreams(candidates: readonly Hot[]): readonly Cursor[] {
  const onNode = new Map<string, number>();
  const chosen: Cursor[] = [];
  for (const { cursor } of heaviestFirst(candidates)) {
    const streams = onNode.get(cursor.ref.node) ?? 0;
    if (chosen.length === MOST_STREAMS || streams === STREAMS_PER_NODE) continue;
    onNode.set(cursor.ref.node, streams + 1);
    chosen.push(cursor);
  }
  return chosen;
}
