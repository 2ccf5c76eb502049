import { type Answer, jsonAnswer, statusAnswer } from './answer.ts';
import type { SimulatedPod } from './pod.ts';
import type { RequestInfo } from './request-info.ts';
import { podText } from './resources.ts';
import type { ClusterState } from './state.ts';
import { type Watchable, watchables } from './watchable.ts';

/** Removed pods that a watch can still be told of; who stands before them gets 410. */
const MOST_REMOVED = 1_000;
const BOOKMARK_EVERY = 60_000;

interface Removal {
  readonly revision: number;
  readonly namespace: string;
  readonly text: string;
}

interface Listener {
  readonly resource: string;
  readonly namespace: string | null;
  /** Whether the field selector takes an object: of events by type and reason, of the rest all. */
  readonly takes: (object: Watchable) => boolean;
  /** Uids of the objects that it was told of. */
  readonly known: Set<string>;
  sent: number;
  write(event: string): void;
  end(): void;
}

/** Watches as the API server serves them: every change after a revision, bookmarks, 410 for a revision that is forgotten; and what can go wrong with them. */
export class Watches {
  readonly #state: ClusterState;
  readonly #listeners = new Set<Listener>();
  #removed: Removal[] = [];
  /** Changes up to here are forgotten. */
  #compacted = 0;
  #isSilent = false;
  #isDue = false;

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** Open watches of pods. */
  get open(): number {
    return this.openOf('pods');
  }

  openOf(resource: string): number {
    return [...this.#listeners].filter((listener) => listener.resource === resource).length;
  }

  /** Something has changed: who watches is told once the current turn of the event loop is over, as a kubelet reports a pod's changes together. */
  changed(): void {
    if (this.#isDue || this.#listeners.size === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      for (const listener of this.#listeners) this.#tell(listener);
    });
  }

  /** A pod was removed with this revision. */
  removed(pod: SimulatedPod, revision: number): void {
    const json: unknown = JSON.parse(podText(pod));
    // What podText renders is an object with metadata.
    Object.assign((json as { metadata: object }).metadata, { resourceVersion: String(revision) });
    this.#removed.push({ revision, namespace: pod.namespace, text: JSON.stringify(json) });
    if (this.#removed.length > MOST_REMOVED) this.#compacted = this.#removed.shift()?.revision ?? this.#compacted;
    this.changed();
  }

  /** Forgets all that has happened: open watches end with an ERROR event 410, and those that want to resume get one. */
  expire(): void {
    this.#compacted = this.#state.revision;
    this.#removed = [];
    for (const listener of this.#listeners) {
      listener.write(expiredEvent());
      listener.end();
    }
  }

  /** Ends every open watch, as a server does whose time for it is over. */
  drop(): void {
    for (const listener of this.#listeners) listener.end();
  }

  /** Keeps connections open and sends nothing on them, not even bookmarks; `false` ends that for watches opened from then on. */
  silence(isSilent = true): void {
    this.#isSilent = isSilent;
  }

  /** Sends every open watch a bookmark now. */
  bookmark(): void {
    for (const listener of this.#listeners) {
      const metadata = { resourceVersion: String(this.#state.revision), creationTimestamp: null };
      listener.write(eventText('BOOKMARK', JSON.stringify({ metadata })));
    }
  }

  /** Answers `GET …/RESOURCE?watch=1`. */
  answer(request: RequestInfo): Answer {
    if (watchables(request.resource, this.#state) === null)
      return statusAnswer(405, 'MethodNotAllowed', `the simulated cluster does not watch ${request.resource}`);
    const from = Number(request.query.get('resourceVersion') ?? 0);
    const seconds = Number(request.query.get('timeoutSeconds') ?? 0);
    return { ...jsonAnswer({}), body: '', more: (to) => this.#listen(request, { from, seconds }, to) };
  }

  #listen(
    { resource, namespace, query }: RequestInfo,
    { from, seconds }: { readonly from: number; readonly seconds: number },
    to: { write(bytes: Buffer): void; end(): void },
  ): () => void {
    const isSilent = this.#isSilent;
    const selector = query.get('fieldSelector') ?? '';
    const known = (watchables(resource, this.#state) ?? []).filter(({ revision }) => revision <= from).map(({ uid }) => uid);
    const listener: Listener = {
      resource,
      namespace,
      takes: ({ type = '', reason = '' }) =>
        selector === '' || (selector === 'type!=Normal' ? type !== 'Normal' : selector === `type=${type},reason=${reason}`),
      known: new Set(known),
      sent: from,
      write: (event) => void (isSilent || to.write(Buffer.from(event))),
      end: () => to.end(),
    };
    this.#listeners.add(listener);
    const timers = [setInterval(() => this.bookmark(), BOOKMARK_EVERY)];
    if (seconds > 0) timers.push(setTimeout(() => listener.end(), seconds * 1000));
    for (const timer of timers) timer.unref();
    if (from < this.#compacted) {
      listener.write(expiredEvent());
      listener.end();
    } else this.#tell(listener);
    return () => {
      for (const timer of timers) clearTimeout(timer);
      this.#listeners.delete(listener);
    };
  }

  #tell(listener: Listener): void {
    const { resource, namespace, takes, sent, known } = listener;
    const events: { readonly revision: number; readonly text: string }[] = [];
    for (const object of watchables(resource, this.#state) ?? []) {
      if (object.revision <= sent || (namespace !== null && object.namespace !== namespace)) continue;
      if (!takes(object)) continue;
      const type = known.has(object.uid) ? 'MODIFIED' : 'ADDED';
      known.add(object.uid);
      events.push({ revision: object.revision, text: eventText(type, object.text()) });
    }
    for (const { revision, text, namespace: where } of resource === 'pods' ? this.#removed : []) {
      if (revision > sent && (namespace === null || namespace === where))
        events.push({ revision, text: eventText('DELETED', text) });
    }
    for (const { revision, text } of events.sort((a, b) => a.revision - b.revision)) {
      listener.write(text);
      listener.sent = revision;
    }
  }
}

function eventText(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

function expiredEvent(): string {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Expired', code: 410 };
  return eventText('ERROR', JSON.stringify({ ...status, message: 'too old resource version' }));
}
