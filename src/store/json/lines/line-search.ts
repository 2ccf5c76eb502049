import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import type { LineQuery } from '../../../core/model/line-query.ts';
import type { LogLine } from '../../../core/model/log-line.ts';
import type { StoredCycle } from '../cycle-folder.ts';
import { isMissing } from '../failure.ts';
import { giveBack } from '../frames/frame.ts';
import { readFrame } from '../frames/frame-reader.ts';
import type { LinesEntry } from '../manifest.ts';
import { FoundLines } from './found-lines.ts';
import { readLineIndex } from './line-index.ts';
import { PartSearch } from './part-search.ts';
import { type FrameTask, frameKey, overlaps, planAgain, planCycle } from './search-plan.ts';

/** Memory for lines that were found and may not come yet. Above it half is dropped, and read again when its turn has come. */
export const MAX_FOUND_BYTES = 32 * 1024 * 1024;
/** Frames that are decompressed while an earlier one is searched. */
const READ_AHEAD = 3;
/** After so long the search lets the rest of the process run. */
const SLICE_MS = 10;

export interface SearchOptions {
  /** Oldest first. */
  readonly cycles: readonly StoredCycle[];
  readonly query: LineQuery;
  readonly signal: AbortSignal;
  /** Called with what cannot be read and why; it is passed over. */
  readonly onDamage: (path: string, reason: string) => void;
  readonly maxFoundBytes?: number;
}

interface PendingCycle {
  readonly stored: StoredCycle;
  readonly lines: LinesEntry;
  readonly edge: number;
}

/** A cycle's file of lines, open while there are tasks for it. */
interface CycleFile {
  readonly path: string;
  handle: Promise<FileHandle> | null;
  tasks: number;
}

/**
 * Finds lines in many cycles at once. The index says which frames may hold some and from which second on; they are read in that order,
 * and a second's lines come out when no frame that is left can add to it. So cycles may overlap, and little is held at a time.
 */
export async function* searchLines(options: SearchOptions): AsyncGenerator<LogLine, void, undefined> {
  const search = new LineSearch(options);
  try {
    while (!options.signal.aborted && (await search.step())) {
      for (const line of search.ready()) {
        if (options.signal.aborted) return;
        yield line;
      }
    }
  } finally {
    await search.close();
  }
}

class LineSearch {
  readonly #options: SearchOptions;
  readonly #direction: 1 | -1;
  readonly #found: FoundLines;
  readonly #most: number;
  /** Both in the reverse of the order of the search, so that the next one is the last. */
  readonly #cycles: PendingCycle[];
  #tasks: FrameTask[] = [];
  readonly #loaded = new Map<string, Promise<Buffer | null>>();
  readonly #files = new Map<string, CycleFile>();
  #ended = false;
  #sliceEnd = performance.now() + SLICE_MS;

  constructor(options: SearchOptions) {
    const { query } = options;
    this.#options = options;
    this.#direction = query.order === 'newest_first' ? -1 : 1;
    this.#found = new FoundLines(this.#direction);
    this.#most = options.maxFoundBytes ?? MAX_FOUND_BYTES;
    this.#cycles = options.cycles
      .flatMap((stored): PendingCycle[] => {
        const { lines } = stored.manifest;
        if (lines === null || !overlaps(lines.from, lines.to, query)) return [];
        return [{ stored, lines, edge: this.#direction === -1 ? lines.to : lines.from }];
      })
      .sort((a, b) => this.#lastFirst(a, b) || (a.stored.id < b.stored.id ? 1 : -1) * this.#direction);
  }

  /** Reads the next frame; false once everything has been read and handed out. */
  async step(): Promise<boolean> {
    if (this.#ended) return false;
    await this.#admitCycles();
    const task = this.#tasks.pop();
    if (task === undefined) {
      this.#ended = true;
      return true;
    }
    const loading = this.#load(task);
    for (const next of this.#tasks.slice(-READ_AHEAD)) void this.#load(next);
    const bytes = await loading;
    this.#loaded.delete(frameKey(task));
    if (bytes !== null) {
      await this.#search(task, bytes);
      giveBack(bytes);
    }
    await this.#release(task.cycle);
    if (this.#found.bytes > this.#most) this.#evict();
    return true;
  }

  /** Lines that no frame which is left to read can come before. */
  ready(): Generator<LogLine> {
    const last = this.#direction * Number.POSITIVE_INFINITY;
    const next = [this.#tasks.at(-1)?.edge ?? last, this.#cycles.at(-1)?.edge ?? last];
    return this.#found.takeBefore(this.#direction === -1 ? Math.max(...next) : Math.min(...next));
  }

  async close(): Promise<void> {
    await Promise.all(this.#loaded.values());
    for (const file of this.#files.values()) await this.#closeFile(file);
  }

  #lastFirst(a: { readonly edge: number }, b: { readonly edge: number }): number {
    return (b.edge - a.edge) * this.#direction;
  }

  /** Looks into the cycles that may hold lines before the next frame's. */
  async #admitCycles(): Promise<void> {
    for (;;) {
      const next = this.#cycles.at(-1);
      const task = this.#tasks.at(-1);
      if (next === undefined || (task !== undefined && (task.edge - next.edge) * this.#direction < 0)) return;
      this.#cycles.pop();
      const { stored, lines } = next;
      const path = join(stored.folder, lines.index.file);
      try {
        const tasks = planCycle(stored.id, await readLineIndex(path, lines.index), this.#options.query);
        if (tasks.length === 0) continue;
        this.#files.set(stored.id, { path: join(stored.folder, lines.file), handle: null, tasks: tasks.length });
        this.#setTasks([...this.#tasks, ...tasks]);
      } catch (error) {
        this.#damage(path, error);
      }
    }
  }

  #setTasks(tasks: FrameTask[]): void {
    this.#tasks = tasks.sort((a, b) => this.#lastFirst(a, b));
  }

  #load(task: FrameTask): Promise<Buffer | null> {
    let bytes = this.#loaded.get(frameKey(task));
    if (bytes === undefined) {
      bytes = this.#read(task);
      this.#loaded.set(frameKey(task), bytes);
    }
    return bytes;
  }

  async #read(task: FrameTask): Promise<Buffer | null> {
    const file = this.#files.get(task.cycle);
    if (file === undefined) return null;
    try {
      file.handle ??= open(file.path, 'r');
      return await readFrame(await file.handle, task.frame);
    } catch (error) {
      this.#damage(`${file.path} (frame at byte ${task.frame.offset})`, error);
      return null;
    }
  }

  /** Searches a frame, in slices of time: collecting and page go on meanwhile. */
  async #search(task: FrameTask, frame: Buffer): Promise<void> {
    const { query, signal } = this.#options;
    for (const part of task.parts) {
      if (query.text?.mayHold(frame, part.offset + part.start, part.offset + part.end) === false) continue;
      const search = new PartSearch(part, frame, query);
      try {
        while (!search.run((line) => this.#found.add(line), this.#sliceEnd)) {
          await this.#pause();
          if (signal.aborted) return;
        }
      } catch (error) {
        this.#damage(`${task.cycle} (segment ${part.segment})`, error);
      }
    }
    if (performance.now() > this.#sliceEnd) await this.#pause();
  }

  async #pause(): Promise<void> {
    await nextTurn();
    this.#sliceEnd = performance.now() + SLICE_MS;
  }

  /** Drops what comes last; the frames that it came from are read again later. */
  #evict(): void {
    const evicted = this.#found.evict(this.#most / 2);
    const tasks = planAgain(evicted, this.#tasks, this.#options.query.order);
    for (const file of this.#files.values()) file.tasks = 0;
    for (const { cycle } of tasks) {
      const file = this.#files.get(cycle);
      if (file !== undefined) file.tasks++;
    }
    this.#setTasks(tasks);
  }

  async #release(cycle: string): Promise<void> {
    const file = this.#files.get(cycle);
    if (file !== undefined && --file.tasks === 0) await this.#closeFile(file);
  }

  async #closeFile(file: CycleFile): Promise<void> {
    const { handle } = file;
    file.handle = null;
    try {
      await (await handle)?.close();
    } catch (error) {
      this.#damage(file.path, error);
    }
  }

  /** A cycle that has expired since the search began is no damage. */
  #damage(path: string, error: unknown): void {
    if (!isMissing(error)) this.#options.onDamage(path, messageOf(error));
  }
}
