import { StoreError } from '../../base/errors.ts';
import type { Segment } from '../../core/analyze/segment.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { CycleDraft, Store } from '../../store/store.ts';

/** A draft that keeps to itself, until the commit, that the store cannot take it: on a full disk the cluster is read and judged all the same. */
export class PatientDraft implements CycleDraft {
  readonly #draft: CycleDraft | null;
  #failure: StoreError | null;

  private constructor(draft: CycleDraft | null, failure: StoreError | null) {
    this.#draft = draft;
    this.#failure = failure;
  }

  static async begin(store: Store, id: string): Promise<PatientDraft> {
    try {
      return new PatientDraft(await store.begin(id), null);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return new PatientDraft(null, error);
    }
  }

  write(segment: Segment): Promise<void> | undefined {
    if (this.#failure !== null) return undefined;
    return this.#draft?.write(segment)?.catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
      this.#failure = error;
    });
  }

  async takeOver(id: string): Promise<void> {
    if (this.#failure !== null) return;
    try {
      await this.#draft?.takeOver(id);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#failure = error;
    }
  }

  /** Rejects with the first `StoreError` of the draft, and then leaves nothing behind. */
  async commit(cycle: Cycle): Promise<void> {
    if (this.#failure === null) return this.#draft?.commit(cycle);
    await this.abandon();
    throw this.#failure;
  }

  async abandon(): Promise<void> {
    await this.#draft?.abandon();
  }
}
