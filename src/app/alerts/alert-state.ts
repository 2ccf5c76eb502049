import { toError } from '../../base/errors.ts';
import { messageId } from '../../core/alerts/new-row.ts';
import { accept } from '../../core/alerts/settle.ts';
import type { OutboxRow } from '../../core/model/notification.ts';
import type { AlertsDocument } from '../../core/model/state.ts';
import type { Store } from '../../store/store.ts';

/**
 * The alerts document in memory and on disk. Changes are serialised and durable before `update` resolves; a change that cannot
 * be written stays in force in memory and goes to disk with the next one that can (reliability.md R5: keep alerting).
 */
export class AlertState {
  readonly #store: Store;
  #document: AlertsDocument;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;
  #unsaved: Error | null = null;

  private constructor(store: Store, document: AlertsDocument) {
    this.#store = store;
    this.#document = document;
  }

  /** What the document still owes and a receiver took before a kill counts as taken at `now`. */
  static async load(store: Store, { receivers, now, newId }: Loading): Promise<AlertState> {
    const document = await store.loadAlerts();
    const taken = document.outbox.filter((row) => store.sent.ids.has(messageId(row)));
    const settled = { now, problem: null, receivers, newId };
    return new AlertState(
      store,
      taken.reduce((before, row) => accept(before, row, settled), document),
    );
  }

  /** Remembers, whatever happens next, that a receiver took the message; {@link AlertState.update} follows. */
  noteSent(row: OutboxRow): void {
    this.#store.sent.note(messageId(row));
  }

  read(): AlertsDocument {
    return this.#document;
  }

  /** Why the newest document is not on disk; `null` when it is. */
  get unsaved(): Error | null {
    return this.#unsaved;
  }

  /** Applies a pure change to the newest document and makes it durable. Rejects with `StoreError` when it could not be written. */
  update(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  /** Writes what has come meanwhile in one go: the less time between a receiver's acceptance and its record, the fewer messages a kill repeats. */
  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const before = this.#document;
      const applied = this.#waiting.splice(0).filter((waiting) => this.#apply(waiting));
      try {
        if (this.#document !== before || this.#unsaved !== null) await this.#store.saveAlerts(this.#document);
        this.#unsaved = null;
        for (const { resolve } of applied) resolve();
      } catch (error) {
        this.#unsaved = toError(error);
        for (const { reject } of applied) reject(this.#unsaved);
      }
    }
    this.#isWriting = false;
  }

  #apply({ change, reject }: Waiting): boolean {
    try {
      this.#document = change(this.#document);
      return true;
    } catch (error) {
      reject(toError(error));
      return false;
    }
  }
}

interface Loading {
  /** Those that are on. */
  readonly receivers: readonly string[];
  readonly now: number;
  readonly newId: () => string;
}

type Change = (document: AlertsDocument) => AlertsDocument;

interface Waiting {
  readonly change: Change;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}
