import { readFile } from 'node:fs/promises';
import { type Adapter, Low } from 'lowdb';
import { messageOf } from '../../../base/errors.ts';
import { isDamage, isMissing, readFailure, writeFailure } from '../failure.ts';
import { writeDurably } from './durable-file.ts';
import { seal, unseal } from './envelope.ts';

export interface StateDocumentOptions<T> {
  /** The file; the generation before it is kept beside it as `.bak`. */
  readonly path: string;
  readonly initial: T;
  /** Whether the data of a whole file is this document. */
  readonly accepts: (data: unknown) => data is T;
  /** Called with a generation that cannot be used and why; it is passed over. */
  readonly onDamage: (path: string, reason: string) => Promise<void>;
}

/** A small document that is read once and replaced as a whole: lowdb over an adapter that makes each write durable. */
export class StateDocument<T> {
  readonly #low: Low<T>;
  readonly #adapter: DurableAdapter<T>;

  constructor(options: StateDocumentOptions<T>) {
    this.#adapter = new DurableAdapter(options);
    this.#low = new Low(this.#adapter, options.initial);
  }

  /** The newest content; what is on disk once `read` has been called. */
  get data(): T {
    return this.#low.data;
  }

  /** Bytes on disk, both generations. */
  get bytes(): number {
    return this.#adapter.bytes;
  }

  /** Rejects with `StoreError` when a generation may be whole and yet cannot be read. */
  async read(): Promise<T> {
    await this.#low.read();
    return this.#low.data;
  }

  /** Resolves once the document is durable. Calls are served in their order; one that fails leaves the content before it. */
  async write(data: T): Promise<void> {
    const before = this.#low.data;
    this.#low.data = data;
    try {
      await this.#low.write();
    } catch (error) {
      if (this.#low.data === data) this.#low.data = before;
      throw error;
    }
  }

  /** Resolves when no write is under way. */
  settled(): Promise<void> {
    return this.#adapter.settled();
  }
}

class DurableAdapter<T> implements Adapter<T> {
  readonly #options: StateDocumentOptions<T>;
  readonly #backup: string;
  #last: Promise<unknown> = Promise.resolve();
  #bytes = 0;
  #backupBytes = 0;

  constructor(options: StateDocumentOptions<T>) {
    this.#options = options;
    this.#backup = `${options.path}.bak`;
  }

  get bytes(): number {
    return this.#bytes + this.#backupBytes;
  }

  async read(): Promise<T | null> {
    const current = await this.#readGeneration(this.#options.path);
    const previous = await this.#readGeneration(this.#backup);
    this.#bytes = current?.bytes ?? 0;
    this.#backupBytes = previous?.bytes ?? 0;
    return (current ?? previous)?.data ?? null;
  }

  write(data: T): Promise<void> {
    const written = this.#last.then(() => this.#replace(data));
    this.#last = written.catch(() => undefined); // the caller has the rejection; the next write does not depend on this one
    return written;
  }

  async settled(): Promise<void> {
    await this.#last;
  }

  async #replace(data: T): Promise<void> {
    const bytes = seal(data);
    try {
      await writeDurably(this.#options.path, bytes, { previous: this.#backup });
    } catch (error) {
      throw writeFailure(`save ${this.#options.path}`, error);
    }
    if (this.#bytes > 0) this.#backupBytes = this.#bytes;
    this.#bytes = bytes.length;
  }

  async #readGeneration(path: string): Promise<{ readonly data: T; readonly bytes: number } | null> {
    try {
      const bytes = await readFile(path);
      const data = unseal(bytes);
      if (!this.#options.accepts(data)) throw new Error('it is the file of something else');
      return { data, bytes: bytes.length };
    } catch (error) {
      if (isMissing(error)) return null;
      if (!isDamage(error)) throw readFailure(`read ${path}`, error);
      await this.#options.onDamage(path, messageOf(error));
      return null;
    }
  }
}
