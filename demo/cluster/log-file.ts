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
    if (this.#bytes >= this.#options.maxBytes) this.rotate();
  }

  /** Renames the file away and starts an empty one. */
  rotate(): void {
    this.#lines = [];
    this.#bytes = 0;
    this.#rotations++;
  }

  read(query: LogQuery): Buffer {
    const parts: Buffer[] = [];
    let left = query.limitBytes ?? Number.POSITIVE_INFINITY;
    let startsLine = true;
    const first = query.tailLines === null ? 0 : Math.max(0, this.#lines.length - query.tailLines);
    for (let index = first; index < this.#lines.length && left > 0; index++) {
      const line = this.#lines[index];
      if (line === undefined) break;
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

/** Go's RFC3339NanoFixed in a zone: always nine digits. */
export function nanoTime(at: bigint, zone: string): string {
  const shift =
    zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000;
  const seconds = at / 1_000_000_000n;
  const text = new Date(Number(seconds) * 1000 + shift).toISOString().slice(0, 19);
  return `${text}.${String(at % 1_000_000_000n).padStart(9, '0')}${zone}`;
}
