import type { ClusterEvent } from '../../core/model/cycle.ts';
import type { PodState } from '../../core/model/pod.ts';
import { isOrdinaryStop, type SeenEvent } from '../../core/model/seen-event.ts';
import type { Workload } from '../../core/model/workload.ts';
import { withoutCredentials } from './image-credentials.ts';
import { guessJobOwner, guessReplicaSetOwner } from './owner.ts';
import { child, number, type RawObject, text, time } from './raw-object.ts';

/** What is kept of an event's message. */
const MAX_MESSAGE = 1024;
/** Turns listed events into rises since the last collection, by uid and count. */
export class EventCounter {
  readonly #seen: Readonly<Record<string, number>>;
  readonly #pods: ReadonlyMap<string, PodState>;
  readonly #redact: (text: string) => string;
  readonly #selects: (namespace: string) => boolean;
  readonly #ownerOf: (uid: string) => Workload | null;
  readonly #events: ClusterEvent[] = [];
  readonly #counts: Record<string, number> = {};

  constructor(options: {
    readonly seen: Readonly<Record<string, number>>;
    /** By uid. */
    readonly pods: ReadonlyMap<string, PodState>;
    readonly redact: (text: string) => string;
    readonly selects: (namespace: string) => boolean;
    /** The workload of a pod that is gone. */
    readonly ownerOf: (uid: string) => Workload | null;
  }) {
    this.#seen = options.seen;
    this.#pods = options.pods;
    this.#redact = options.redact;
    this.#selects = options.selects;
    this.#ownerOf = options.ownerOf;
  }

  get events(): readonly ClusterEvent[] {
    return this.#events;
  }

  /** Of the events that still exist; where a list failed, what was known before must be kept beside it. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  take(raw: RawObject): void {
    const metadata = child(raw, 'metadata');
    // Events about cluster-wide objects lie in `default`, whatever namespaces are chosen.
    if (!this.#selects(text(metadata, 'namespace'))) return;
    if (isOrdinary(raw)) return;
    const uid = text(metadata, 'uid');
    const count = countOf(raw);
    // A list that was begun anew hands the same event over twice.
    const before = Math.max(this.#counts[uid] ?? 0, this.#seen[uid] ?? 0);
    this.#counts[uid] = count;
    if (count <= before) return;
    const event = projectEvent(raw, this.#redact);
    this.#events.push({ ...event, workload: event.workload ?? this.#workloadOf(event), count: count - before });
  }

  #workloadOf({ kind, objectUid }: ClusterEvent): Workload | null {
    return kind === 'Pod' ? (this.#pods.get(objectUid)?.workload ?? this.#ownerOf(objectUid)) : null;
  }
}

/** An event with how often it has happened in all. Whose pod it is about is not in it: `workload` is `null` then. */
export function projectEvent(raw: RawObject, redact: (text: string) => string): SeenEvent {
  const metadata = child(raw, 'metadata');
  const about = child(raw, 'involvedObject');
  const namespace = text(about, 'namespace') || text(metadata, 'namespace');
  const [kind, name] = [text(about, 'kind'), text(about, 'name')];
  return {
    uid: text(metadata, 'uid'),
    namespace,
    kind,
    name,
    objectUid: text(about, 'uid'),
    workload: workloadOf(namespace, kind, name),
    type: text(raw, 'type'),
    reason: redact(text(raw, 'reason')),
    message: redact(withoutCredentials(text(raw, 'message'))).slice(0, MAX_MESSAGE),
    at: timeOf(raw),
    count: countOf(raw),
  };
}

function workloadOf(namespace: string, kind: string, name: string): Workload | null {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'CronJob':
      return { namespace, kind, name };
    case 'ReplicaSet':
      return guessReplicaSetOwner(namespace, name);
    case 'Job':
      return guessJobOwner(namespace, name);
    default:
      return null;
  }
}

/** An event of the newer kind that happened once has neither count nor series. */
function countOf(raw: RawObject): number {
  return Math.max(number(child(raw, 'series'), 'count'), number(raw, 'count'), 1);
}

/** Whether a listed or watched event is one that is not kept. */
export function isOrdinary(raw: RawObject): boolean {
  return isOrdinaryStop({ type: text(raw, 'type'), reason: text(raw, 'reason'), message: text(raw, 'message') });
}

/** The newest time that the event tells, in the order in which its kinds fill them. */
function timeOf(raw: RawObject): number {
  return (
    time(child(raw, 'series'), 'lastObservedTime') ??
    time(raw, 'lastTimestamp') ??
    time(raw, 'eventTime') ??
    time(raw, 'firstTimestamp') ??
    time(child(raw, 'metadata'), 'creationTimestamp') ??
    0
  );
}
