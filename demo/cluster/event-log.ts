import { type JsonObject, timeText } from './json.ts';

export interface EventOptions {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Of the object that the event is about. */
  readonly objectUid?: string;
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly firstAt?: number;
  readonly at?: number;
}

/** An event object; its count and time rise in place, as the API server's do. */
export interface SimulatedEvent extends Required<EventOptions> {
  readonly uid: string;
  readonly objectName: string;
  readonly revision: number;
}

/** The API server forgets events after this long. */
const TTL = 60 * 60_000;
const MAX_EVENTS = 20_000;

/** The events of the simulated cluster, one object per (object, reason, message), bounded in time and number. */
export class EventLog {
  readonly #context: { readonly now: () => number; readonly nextUid: () => string; readonly nextRevision: () => number };
  readonly #events = new Map<string, SimulatedEvent>();

  constructor(context: { readonly now: () => number; readonly nextUid: () => string; readonly nextRevision: () => number }) {
    this.#context = context;
  }

  /** Records an event; the same one again raises the count of its object. */
  add(options: EventOptions): SimulatedEvent {
    const key = [options.namespace, options.kind, options.name, options.reason, options.message].join('\0');
    const old = this.#events.get(key);
    const at = options.at ?? this.#context.now();
    const uid = old?.uid ?? this.#context.nextUid();
    const event: SimulatedEvent = {
      ...options,
      uid,
      objectName: old?.objectName ?? `${options.name}.${uid.replaceAll('-', '').slice(0, 16)}`,
      revision: this.#context.nextRevision(),
      objectUid: options.objectUid ?? old?.objectUid ?? '',
      type: options.type ?? 'Warning',
      count: (old?.count ?? 0) + (options.count ?? 1),
      firstAt: old?.firstAt ?? options.firstAt ?? at,
      at,
    };
    this.#events.delete(key);
    this.#events.set(key, event);
    if (this.#events.size > MAX_EVENTS) this.#events.delete(this.#events.keys().next().value ?? '');
    return event;
  }

  /** The events that the API server still has. */
  list(): readonly SimulatedEvent[] {
    const oldest = this.#context.now() - TTL;
    for (const [key, event] of this.#events) if (event.at < oldest) this.#events.delete(key);
    return [...this.#events.values()];
  }
}

/** The event as the core/v1 API serves it. */
export function eventJson(event: SimulatedEvent): JsonObject {
  return {
    metadata: {
      name: event.objectName,
      namespace: event.namespace,
      uid: event.uid,
      resourceVersion: String(event.revision),
      creationTimestamp: timeText(event.firstAt),
    },
    involvedObject: {
      kind: event.kind,
      namespace: event.namespace,
      name: event.name,
      uid: event.objectUid,
      apiVersion: 'v1',
    },
    reason: event.reason,
    message: event.message,
    source: { component: 'kubelet', host: 'node-1' },
    firstTimestamp: timeText(event.firstAt),
    lastTimestamp: timeText(event.at),
    count: event.count,
    type: event.type,
    eventTime: null,
    reportingComponent: 'kubelet',
    reportingInstance: 'node-1',
  };
}
