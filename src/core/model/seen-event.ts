import type { ClusterEvent, Cycle } from './cycle.ts';

/** An event as it stands in the API: `count` is how often it has happened in all. */
export interface SeenEvent extends ClusterEvent {
  readonly count: number;
}

/**
 * Kubelets say of any end that they stop the container; that others made room, or changed or resized the pod, is nobody's failure either. Of a failed
 * hook they warn as well.
 */
const ORDINARY_STOP =
  /^(?:$|Stopping container |Preempted by |Need to kill Pod|Container \S+ (?:definition changed|resize requires restart)|FailedPostStartHook$)/;

/** Whether an event is that a container was told to stop, as every pod's are in the end: only what says why, such as a failed probe, is kept. */
export function isOrdinaryStop({ type, reason, message }: Pick<ClusterEvent, 'type' | 'reason' | 'message'>): boolean {
  return type === 'Normal' && reason === 'Killing' && ORDINARY_STOP.test(message);
}

/** What single looks at events add to the counts that are known: the rises, and the counts by then. */
export function risesOf(
  seen: readonly SeenEvent[],
  known: Readonly<Record<string, number>>,
): Pick<Cycle, 'events' | 'eventCounts'> {
  const eventCounts: Record<string, number> = {};
  const events: ClusterEvent[] = [];
  for (const event of seen) {
    const before = eventCounts[event.uid] ?? known[event.uid] ?? 0;
    if (event.count <= before) continue;
    eventCounts[event.uid] = event.count;
    events.push({ ...event, count: event.count - before });
  }
  return { events, eventCounts };
}

/**
 * What a collection that began with the counts `begun` adds to those that are known by now: rises that were recorded meanwhile are not
 * recorded again, and what it did not see itself stays known.
 */
export function risesSince(
  listed: Pick<Cycle, 'events' | 'eventCounts'>,
  begun: Readonly<Record<string, number>>,
  known: Readonly<Record<string, number>>,
): Pick<Cycle, 'events' | 'eventCounts'> {
  if (known === begun) return { events: listed.events, eventCounts: listed.eventCounts };
  const eventCounts: Record<string, number> = { ...listed.eventCounts };
  const recorded = new Map<string, number>();
  for (const [uid, count] of Object.entries(known)) {
    if (count === begun[uid]) continue;
    recorded.set(uid, count);
    eventCounts[uid] = Math.max(count, eventCounts[uid] ?? 0);
  }
  const events = listed.events.flatMap((event) => {
    const before = recorded.get(event.uid);
    if (before === undefined) return [event];
    const count = (listed.eventCounts[event.uid] ?? 0) - before;
    return count > 0 ? [{ ...event, count }] : [];
  });
  return { events, eventCounts };
}
