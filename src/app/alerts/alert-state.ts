import { toError } from '../../base/errors.ts';
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

type Change = (document: AlertsDocument) => AlertsDocument;

interface Waiting {
  readonly change: Change;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}
