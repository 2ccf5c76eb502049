import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { toError } from '../../../base/errors.ts';
import { writeFully } from '../documents/durable-file.ts';
import { type MakeRoom, writeWithRoom } from '../failure.ts';
import { type Frame, FrameCompressor } from './frame.ts';

/** Compressions at a time: the thread pool's four threads also serve the disk and name lookups. */
const CONCURRENCY = 2;

/** A file of frames as it was written. */
export interface FrameFile {
  readonly bytes: number;
  readonly sha256: string;
  /** In the order in which they were added; they lie in the file in the order in which they were compressed. */
  readonly frames: readonly Frame[];
}

interface Added {
  readonly number: number;
  readonly raw: Buffer;
  readonly done: () => void;
}

/** Compresses frames in the thread pool and appends them to a new file, which is made with the first one. */
export class FrameWriter {
  readonly #path: string;
  readonly #makeRoom: MakeRoom;
  readonly #frames: Frame[] = [];
  readonly #queue: Added[] = [];
  /** Compressors that nobody uses. */
  readonly #idle: FrameCompressor[] = [];
  readonly #hash = createHash('sha256');
  #handle: Promise<FileHandle> | null = null;
  #added = 0;
  #active = 0;
  #pending = 0;
  #end = 0;
  #failure: Error | null = null;
  #waiting: { readonly most: number; readonly resolve: () => void }[] = [];

  constructor(path: string, makeRoom: MakeRoom) {
    this.#path = path;
    this.#makeRoom = makeRoom;
  }

  /** What went wrong with an earlier frame; frames added after that are dropped. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Frames that were added. */
  get count(): number {
    return this.#added;
  }

  /** Adds a frame and returns its number. The bytes belong to the writer until it calls `done`. */
  add(raw: Buffer, done: () => void = () => undefined): number {
    const number = this.#added++;
    if (this.#failure === null) {
      this.#pending += raw.length;
      this.#queue.push({ number, raw, done });
      this.#pump();
    }
    return number;
  }

  /** Waits until at most that many raw bytes are not yet in the file, or until writing has failed; `undefined` when that is so now. */
  drained(most: number): Promise<void> | undefined {
    if (this.#pending <= most) return undefined;
    return new Promise((resolve) => this.#waiting.push({ most, resolve }));
  }

  /** Makes the file durable and closes it; `null` when no frame was added. Rejects with the first failure. */
  async finish(): Promise<FrameFile | null> {
    await this.drained(0);
    const handle = await this.#opened();
    try {
      if (this.#failure !== null) throw this.#failure;
      await handle?.sync();
    } finally {
      await handle?.close();
    }
    return handle === null ? null : { bytes: this.#end, sha256: this.#hash.digest('hex'), frames: this.#frames };
  }

  /** Ends writing; the file may be left in any state. */
  async abandon(): Promise<void> {
    this.#failure ??= new Error('the file was abandoned');
    this.#drop();
    while (this.#active > 0) await new Promise<void>((resolve) => this.#waiting.push({ most: -1, resolve }));
    await (await this.#opened())?.close();
  }

  async #opened(): Promise<FileHandle | null> {
    const handle = this.#handle;
    this.#handle = null;
    for (const compressor of this.#idle.splice(0)) compressor[Symbol.dispose]();
    try {
      return await handle;
    } catch (error) {
      this.#failure ??= toError(error);
      return null;
    }
  }

  #pump(): void {
    while (this.#active < CONCURRENCY) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#active++;
      void this.#write(next);
    }
  }

  async #write({ number, raw, done }: Added): Promise<void> {
    try {
      this.#handle ??= open(this.#path, 'wx', 0o640);
      const handle = await this.#handle;
      const compressor = this.#idle.pop() ?? new FrameCompressor();
      const bytes = await compressor.compress(raw);
      this.#idle.push(compressor);
      const offset = this.#end;
      this.#end += bytes.length;
      this.#hash.update(bytes);
      this.#frames[number] = { offset, length: bytes.length, rawLength: raw.length };
      await writeWithRoom(() => writeFully(handle, bytes, offset), this.#makeRoom);
    } catch (error) {
      this.#failure ??= toError(error);
    }
    done();
    this.#active--;
    this.#pending -= raw.length;
    if (this.#failure !== null) this.#drop();
    this.#wake();
    this.#pump();
  }

  #drop(): void {
    for (const { raw } of this.#queue.splice(0)) this.#pending -= raw.length;
  }

  #wake(): void {
    const ready = this.#waiting.filter(({ most }) => this.#pending <= most || (most < 0 && this.#active === 0));
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    for (const { resolve } of ready) resolve();
  }
}
