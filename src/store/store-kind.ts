import type { Logger } from '../base/logger.ts';
import type { Store } from './store.ts';

/** What a store engine needs to open. Durations are milliseconds, sizes bytes. */
export interface StoreOptions {
  readonly path: string;
  readonly window: number;
  readonly maxSize: number;
  /**
   * `write` takes the store for this process alone. `read` opens what is committed at that moment, beside a running writer,
   * and changes nothing: writing methods then throw.
   */
  readonly access: 'write' | 'read';
  /** How long to wait for another writer to end. */
  readonly wait: number;
  readonly now: () => number;
  readonly logger: Logger;
  /** What this process is, as another one that waits for the store names it: `tocsin run`. */
  readonly command: string;
}

/** A kind of store, as `store.kind` names it in the settings. */
export interface StoreKind {
  readonly kind: string;
  /** One sentence for docs and editors. */
  readonly description: string;
  /** Rejects with `StoreError`: `in_use` (by whom), `unwritable`, `full` or, for `read`, `unreadable`. */
  open(options: StoreOptions): Promise<Store>;
}
