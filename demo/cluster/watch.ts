import { type Answer, jsonAnswer, statusAnswer } from './answer.ts';
import type { SimulatedPod } from './pod.ts';
import type { RequestInfo } from './request-info.ts';
import { podText } from './resources.ts';

/** Removed pods that a watch can still be told of; who stands before them gets 410. */
const MOST_REMOVED = 1_000;
const BOOKMARK_EVERY = 60_000;

interface Removal {
  readonly revision: number;
  readonly namespace: string;
  readonly text: string;
}

interface Listener {
  readonly namespace: string | null;
  /** Uids of the pods that it was told of. */
  readonly known: Set<string>;
  sent: number;
  write(event: string): void;
  end(): void;
}

/** What watches need of the cluster. */
export interface WatchedState {
  readonly revision: number;
  pods(namespace: string | null): readonly SimulatedPod[];
}

/** Watches of pods as the API server serves them: every change after a revision, bookmarks, 410 for a revision that is forgotten; and what can go wrong with them. */
export class Watches {
  readonly #state: WatchedState;
  readonly #listeners = new Set<Listener>();
  #removed: Removal[] = [];
  /** Changes up to here are forgotten. */
  #compacted = 0;
  #isSilent = false;
  #isDue = false;

  constructor(state: WatchedState) {
    this.#state = state;
  }

  /** Open watches. */
  get open(): number {
    return this.#listeners.size;
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
      listener.write(eventText('BOOKMARK', JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata })));
    }
  }

  /** Answers `GET …/pods?watch=1`. */
  answer(request: RequestInfo): Answer {
    if (request.resource !== 'pods')
      return statusAnswer(405, 'MethodNotAllowed', `the simulated cluster does not watch ${request.resource}`);
    const from = Number(request.query.get('resourceVersion') ?? 0);
    const seconds = Number(request.query.get('timeoutSeconds') ?? 0);
    return { ...jsonAnswer({}), body: '', more: (to) => this.#listen(request.namespace, { from, seconds }, to) };
  }

  #listen(
    namespace: string | null,
    { from, seconds }: { readonly from: number; readonly seconds: number },
    to: { write(bytes: Buffer): void; end(): void },
  ): () => void {
    const isSilent = this.#isSilent;
    const listener: Listener = {
      namespace,
      known: new Set(
        this.#state
          .pods(namespace)
          .filter((pod) => pod.revision <= from)
          .map((pod) => pod.spec.uid),
      ),
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
    const { namespace, sent, known } = listener;
    const events: { readonly revision: number; readonly text: string }[] = [];
    for (const pod of this.#state.pods(namespace)) {
      if (pod.revision <= sent) continue;
      const type = known.has(pod.spec.uid) ? 'MODIFIED' : 'ADDED';
      known.add(pod.spec.uid);
      events.push({ revision: pod.revision, text: eventText(type, podText(pod)) });
    }
    for (const { revision, text, namespace: where } of this.#removed) {
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
