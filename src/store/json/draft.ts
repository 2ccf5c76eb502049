import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BufferPool } from '../../core/analyze/buffer-pool.ts';
import type { Segment } from '../../core/analyze/segment.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import { summaryOf } from '../../core/model/fold-cycles.ts';
import type { CycleDraft } from '../store.ts';
import { removeCycleFolder } from './cycle-folder.ts';
import { syncFolder, writeDurably } from './documents/durable-file.ts';
import { seal } from './documents/envelope.ts';
import { writeFacts } from './facts/facts.ts';
import { type MakeRoom, writeFailure, writeWithRoom } from './failure.ts';
import type { FrameFileEntry } from './frames/frame-reader.ts';
import { type FrameFile, FrameWriter } from './frames/frame-writer.ts';
import { LineIndexBuilder } from './lines/line-index.ts';
import { splitSegment } from './lines/split-segment.ts';
import { type CycleManifest, FACTS_FILE, INDEX_FILE, LINES_FILE, type LinesEntry, MANIFEST_FILE } from './manifest.ts';

/** A frame is closed once it has this many raw bytes; small ones compress badly and large ones are slow to pick from. */
const FRAME_BYTES = 256 * 1024;
/** No frame holds more raw bytes, unless a single record does. */
const MAX_FRAME_BYTES = 1024 * 1024;
/** What has room in one of the buffers in which frames are gathered: a frame that is not yet closed, and a segment as the analysis makes them. */
const FRAME_BUFFER_BYTES = 640 * 1024;
/** Of those buffers so many are kept while nobody uses them: what waits for the disk, and a segment of every reader. */
const MAX_FREE_BUFFERS = 64;
/** Raw bytes on their way to the disk above which a reader has to wait. */
export const MAX_PENDING_BYTES = 4 * 1024 * 1024;

/** What a draft needs of the store that began it, and what that learns of it. */
export interface DraftOwner {
  readonly makeRoom: MakeRoom;
  /** The segments of a committed cycle, in the order of writing. */
  segmentsOf(id: string): AsyncIterable<Segment>;
  committed(manifest: CycleManifest, manifestBytes: number): void;
  ended(): void;
}

/** A cycle's folder before its manifest. */
export class JsonDraft implements CycleDraft {
  readonly #id: string;
  readonly #folder: string;
  readonly #owner: DraftOwner;
  readonly #writer: FrameWriter;
  readonly #index = new LineIndexBuilder();
  readonly #replaces: string[] = [];
  readonly #buffers = new BufferPool(FRAME_BUFFER_BYTES, MAX_FREE_BUFFERS);
  #frame: Buffer | null = null;
  #frameBytes = 0;
  #end: Promise<void> | null = null;

  private constructor(id: string, folder: string, owner: DraftOwner) {
    this.#id = id;
    this.#folder = folder;
    this.#owner = owner;
    this.#writer = new FrameWriter(join(folder, LINES_FILE), owner.makeRoom);
  }

  /** Begins a cycle in a folder that does not exist, or holds what an earlier process left without a manifest. */
  static async begin(id: string, folder: string, owner: DraftOwner): Promise<JsonDraft> {
    try {
      await removeCycleFolder(folder);
      await mkdir(folder, { mode: 0o750 });
    } catch (error) {
      throw writeFailure(`begin cycle ${id}`, error);
    }
    return new JsonDraft(id, folder, owner);
  }

  write(segment: Segment): Promise<void> | undefined {
    if (this.#end !== null) throw new Error(`could not write to cycle ${this.#id}: it has ended`);
    for (const part of splitSegment(segment, MAX_FRAME_BYTES)) this.#add(part);
    const failure = this.#writer.failure;
    if (failure !== null) return Promise.reject(writeFailure(`write cycle ${this.#id}`, failure));
    return this.#writer.drained(MAX_PENDING_BYTES);
  }

  async takeOver(id: string): Promise<void> {
    this.#index.begin(id);
    for await (const segment of this.#owner.segmentsOf(id)) await this.write(segment);
    this.#index.begin(this.#id);
    this.#replaces.push(id);
  }

  commit(cycle: Cycle): Promise<void> {
    if (cycle.id !== this.#id) throw new Error(`could not commit cycle ${cycle.id}: the draft is of ${this.#id}`);
    this.#end ??= this.#finish(cycle);
    return this.#end;
  }

  abandon(): Promise<void> {
    this.#end ??= this.#remove();
    return this.#end.catch(() => undefined); // a commit that failed has removed everything and told its caller
  }

  #add(segment: Segment): void {
    const { length } = segment.bytes;
    if (this.#frameBytes > 0 && this.#frameBytes + length > FRAME_BUFFER_BYTES) this.#closeFrame();
    this.#frame ??= length > FRAME_BUFFER_BYTES ? Buffer.allocUnsafeSlow(length) : this.#buffers.take();
    this.#index.add(segment, this.#writer.count, this.#frameBytes);
    segment.bytes.copy(this.#frame, this.#frameBytes);
    this.#frameBytes += length;
    if (this.#frameBytes >= FRAME_BYTES) this.#closeFrame();
  }

  #closeFrame(): void {
    const frame = this.#frame;
    if (frame === null) return;
    this.#writer.add(frame.subarray(0, this.#frameBytes), () => this.#buffers.give(frame));
    this.#frame = null;
    this.#frameBytes = 0;
  }

  async #finish(cycle: Cycle): Promise<void> {
    try {
      this.#closeFrame();
      const written = writeFacts(cycle, this.#newFile(FACTS_FILE));
      const [lines, facts] = await both(this.#finishLines(), written);
      await syncFolder(dirname(this.#folder));
      const replaces = this.#replaces.length === 0 ? {} : { replaces: this.#replaces };
      const manifest: CycleManifest = { summary: summaryOf(cycle), facts: entryOf(FACTS_FILE, facts), lines, ...replaces };
      const bytes = seal(manifest);
      await writeWithRoom(() => writeDurably(join(this.#folder, MANIFEST_FILE), bytes), this.#owner.makeRoom);
      this.#owner.committed(manifest, bytes.length);
      this.#owner.ended();
    } catch (error) {
      await this.#remove();
      throw writeFailure(`commit cycle ${this.#id}`, error);
    }
  }

  async #finishLines(): Promise<LinesEntry | null> {
    const lines = await this.#writer.finish();
    if (lines === null) return null;
    const index = await this.#index.write(lines, this.#newFile(INDEX_FILE));
    const { from, to, rawBytes } = this.#index;
    return { file: LINES_FILE, bytes: lines.bytes, sha256: lines.sha256, rawBytes, from, to, index: entryOf(INDEX_FILE, index) };
  }

  #newFile(name: string): FrameWriter {
    return new FrameWriter(join(this.#folder, name), this.#owner.makeRoom);
  }

  async #remove(): Promise<void> {
    try {
      await this.#writer.abandon();
      await removeCycleFolder(this.#folder);
    } catch (error) {
      throw writeFailure(`remove cycle ${this.#id}`, error);
    } finally {
      this.#owner.ended();
    }
  }
}

/** Waits for both also when one fails, so that nothing still writes into a folder that is removed next. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

function entryOf(file: string, written: FrameFile | null): FrameFileEntry {
  if (written === null) throw new Error(`could not write ${file}: it would be empty`);
  const frames = written.frames.map((frame) => [frame.offset, frame.length, frame.rawLength] as const);
  return { file, bytes: written.bytes, sha256: written.sha256, frames };
}
