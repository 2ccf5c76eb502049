import type { AlertsDocument } from '../core/model/state.ts';
import type { Store } from '../store/store.ts';

/**
 * The alerts document in memory and on disk. Changes are serialised and durable before `update` resolves; a change that cannot
 * be written stays in force in memory and goes to disk with the next one that can (reliability.md R5: keep alerting).
 */
export class AlertState {
  readonly #store: Store;
  #document: AlertsDocument;
  #queue: Promise<void> = Promise.resolve();
  #unsaved: Error | null = null;

  private constructor(store: Store, document: AlertsDocument) {
    this.#store = store;
    this.#document = document;
  }

  static async load(store: Store): Promise<AlertState> {
    return new AlertState(store, await store.loadAlerts());
  }

  read(): AlertsDocument {
    return this.#document;
  }

  /** Why the newest document is not on disk; `null` when it is. */
  get unsaved(): Error | null {
    return this.#unsaved;
  }

  /** Applies a pure change to the newest document and makes it durable. Rejects with `StoreError` when it could not be written. */
  update(change: (document: AlertsDocument) => AlertsDocument): Promise<void> {
    const done = this.#queue.then(async () => {
      const next = change(this.#document);
      if (next === this.#document && this.#unsaved === null) return;
      this.#document = next;
      try {
        await this.#store.saveAlerts(next);
        this.#unsaved = null;
      } catch (error) {
        this.#unsaved = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
