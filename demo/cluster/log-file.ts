/** What a log request may ask of a container's file. Times are epoch nanoseconds. */
export interface LogQuery {
  readonly since: bigint | null;
  readonly timestamps: boolean;
  /** Physical lines from the end of the file, before `since` is looked at; `null` for all. */
  readonly tailLines: number | null;
  /** Bytes of output; cuts in the middle of a line. */
  readonly limitBytes: number | null;
}

/** What the kubelet reads a container's log from. */
export interface LogSource {
  read(query: LogQuery): Buffer;
}

/** Tells who follows a file what was written since; nothing more comes after the end. */
export interface LogFollower {
  onBytes(bytes: Buffer): void;
  onEnd(): void;
}

/** The container runtime splits a longer line into several physical ones (containerd's default). */
const MAX_PHYSICAL_LINE = 16_384;
/** `2026-11-21T14:00:00.000000000Z stdout F ` and the newline. */
const PHYSICAL_OVERHEAD = 41;
const NEWLINE = Buffer.from('\n');

interface PhysicalLine {
  readonly at: bigint;
  readonly data: Buffer;
  /** CRI tag `F`; otherwise `P`: the logical line goes on with the next physical one. */
  readonly full: boolean;
}

export interface LogFileOptions {
  /** Bytes at which the file is rotated. */
  readonly maxBytes: number;
  /** Zone of the node's clock, `Z` or an offset such as `+02:00`. */
  readonly zone: string;
}

/**
 * One container instance's log as the kubelet sees it: the current file only. Rotation drops what the file had, for the API cannot read rotated files.
 * `read` is a port of the kubelet's `ReadLogs` for the CRI format.
 */
export class LogFile implements LogSource {
  readonly #options: LogFileOptions;
  readonly #readers = new Set<FollowReader>();
  #lines: PhysicalLine[] = [];
  #bytes = 0;
  #rotations = 0;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  /** Bytes of the current file. */
  get bytes(): number {
    return this.#bytes;
  }

  get rotations(): number {
    return this.#rotations;
  }

  /** Appends one line; `terminated: false` leaves it open, as a process that has not written its newline yet. */
  append(at: bigint, data: Buffer, terminated = true): void {
    for (let from = 0; from <= data.length; from += MAX_PHYSICAL_LINE) {
      const rest = data.length - from;
      if (rest === 0 && from > 0) break;
      const chunk = data.subarray(from, from + MAX_PHYSICAL_LINE);
      this.#lines.push({ at, data: chunk, full: terminated && rest <= MAX_PHYSICAL_LINE });
      this.#bytes += chunk.length + PHYSICAL_OVERHEAD;
    }
    for (const reader of this.#readers) reader.changed();
    if (this.#bytes >= this.#options.maxBytes) this.rotate();
  }

  /** Renames the file away and starts an empty one. */
  rotate(): void {
    this.#lines = [];
    this.#bytes = 0;
    this.#rotations++;
    for (const reader of this.#readers) reader.rotated(this.#lines);
  }

  /** The container has ended: whoever follows its log is told so. */
  end(): void {
    for (const reader of this.#readers) reader.ended();
    this.#readers.clear();
  }

  /**
   * Hands over what the file has from `since` on, and from then on what is written, across rotations; call the result to stop.
   * `skips` is for a follow that was opened just before a rotation: it misses that one, and goes on with the file after the next.
   */
  follow(query: Pick<LogQuery, 'since' | 'timestamps'>, follower: LogFollower, skips: number): () => void {
    const reader = new FollowReader(
      this.#lines,
      (lines, from, startsLine) => {
        follower.onBytes(this.#render(lines.slice(from), { ...query, limitBytes: null }, startsLine));
      },
      { onEnd: () => follower.onEnd(), skips },
    );
    this.#readers.add(reader);
    reader.changed();
    return () => this.#readers.delete(reader);
  }

  read(query: LogQuery): Buffer {
    const first = query.tailLines === null ? 0 : Math.max(0, this.#lines.length - query.tailLines);
    return this.#render(this.#lines.slice(first), query, true);
  }

  #render(lines: readonly PhysicalLine[], query: Omit<LogQuery, 'tailLines'>, isLineStart: boolean): Buffer {
    const parts: Buffer[] = [];
    let left = query.limitBytes ?? Number.POSITIVE_INFINITY;
    let startsLine = isLineStart;
    for (const line of lines) {
      if (left <= 0) break;
      if (query.since === null || line.at >= query.since) {
        const prefix = query.timestamps && startsLine ? Buffer.from(`${nanoTime(line.at, this.#options.zone)} `) : null;
        for (const part of [prefix, line.data, line.full ? NEWLINE : null]) {
          if (part === null || left <= 0) continue;
          parts.push(part.length > left ? part.subarray(0, left) : part);
          left -= part.length;
        }
      }
      startsLine = line.full;
    }
    return Buffer.concat(parts);
  }
}

/** Where one follow stands: in one file until that is read to its end after a rotation. */
class FollowReader {
  readonly #read: (lines: readonly PhysicalLine[], from: number, startsLine: boolean) => void;
  readonly #onEnd: () => void;
  #lines: readonly PhysicalLine[];
  #next = 0;
  #skips: number;

  constructor(
    lines: readonly PhysicalLine[],
    read: (lines: readonly PhysicalLine[], from: number, startsLine: boolean) => void,
    options: { readonly onEnd: () => void; readonly skips: number },
  ) {
    this.#lines = lines;
    this.#read = read;
    this.#onEnd = options.onEnd;
    this.#skips = options.skips;
  }

  changed(): void {
    const from = this.#next;
    if (from === this.#lines.length) return;
    this.#next = this.#lines.length;
    this.#read(this.#lines, from, from === 0 || this.#lines[from - 1]?.full === true);
  }

  rotated(lines: readonly PhysicalLine[]): void {
    if (this.#skips > 0) {
      this.#skips--;
      return;
    }
    this.#lines = lines;
    this.#next = 0;
    this.changed();
  }

  ended(): void {
    this.changed();
    this.#onEnd();
  }
}

/** Go's RFC3339NanoFixed in a zone: always nine digits. */
export function nanoTime(at: bigint, zone: string): string {
  const shift =
    zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000;
  const seconds = at / 1_000_000_000n;
  const text = new Date(Number(seconds) * 1000 + shift).toISOString().slice(0, 19);
  return `${text}.${String(at % 1_000_000_000n).padStart(9, '0')}${zone}`;
}
