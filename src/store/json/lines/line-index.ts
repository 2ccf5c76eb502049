import type { Segment } from '../../../core/analyze/segment.ts';
import { type ContainerRow, ContainerTable } from '../facts/container-table.ts';
import { type FrameFileEntry, readFrames } from '../frames/frame-reader.ts';
import type { FrameFile, FrameWriter } from '../frames/frame-writer.ts';

/** An index is at most a few MB of JSON; it is written in frames of this size. */
const FRAME_BYTES = 1024 * 1024;

/** Where the segments of a cycle lie: columns of equal length, in the order of writing, which is file order for each container. */
export interface LineIndex {
  readonly v: 1;
  readonly containers: readonly ContainerRow[];
  /** Offset, length and raw length of each frame, one after the other. */
  readonly frames: readonly number[];
  readonly segments: SegmentColumns;
  /** Segments that come first and were taken over from other cycles: those cycles' ids, and how many segments each. */
  readonly origins?: readonly (readonly [cycle: string, segments: number])[];
}

export interface SegmentColumns {
  readonly frame: readonly number[];
  /** Raw offset within the frame, and raw length. */
  readonly offset: readonly number[];
  readonly length: readonly number[];
  readonly container: readonly number[];
  /** Smallest and largest kubelet second. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly lines: readonly number[];
  readonly levels: readonly number[];
}

/** Notes where each segment of a cycle goes. */
export class LineIndexBuilder {
  from = Number.MAX_SAFE_INTEGER;
  to = Number.MIN_SAFE_INTEGER;
  rawBytes = 0;
  readonly #containers = new ContainerTable();
  readonly #origins: (readonly [cycle: string, segments: number])[] = [];
  #origin: string | null = null;
  readonly #segments = {
    frame: [] as number[],
    offset: [] as number[],
    length: [] as number[],
    container: [] as number[],
    from: [] as number[],
    to: [] as number[],
    lines: [] as number[],
    levels: [] as number[],
  } satisfies SegmentColumns;

  /** What is added next is of this cycle: a cycle that is taken over, or the one that is written. */
  begin(cycle: string): void {
    const added = this.#segments.frame.length - this.#origins.reduce((sum, [, segments]) => sum + segments, 0);
    if (this.#origin !== null && added > 0) this.#origins.push([this.#origin, added]);
    this.#origin = cycle;
  }

  add(segment: Segment, frame: number, offset: number): void {
    const columns = this.#segments;
    columns.frame.push(frame);
    columns.offset.push(offset);
    columns.length.push(segment.bytes.length);
    columns.container.push(this.#containers.numberOf(segment.ref));
    columns.from.push(segment.from);
    columns.to.push(segment.to);
    columns.lines.push(segment.lines);
    columns.levels.push(segment.levels);
    this.from = Math.min(this.from, segment.from);
    this.to = Math.max(this.to, segment.to);
    this.rawBytes += segment.bytes.length;
  }

  /** Writes the index of a finished file of lines. */
  async write(lines: FrameFile, writer: FrameWriter): Promise<FrameFile | null> {
    const frames = lines.frames.flatMap((frame) => [frame.offset, frame.length, frame.rawLength]);
    const index: LineIndex = {
      v: 1,
      containers: this.#containers.rows,
      frames,
      segments: this.#segments,
      origins: this.#origins,
    };
    const bytes = Buffer.from(JSON.stringify(index), 'utf8');
    for (let start = 0; start < bytes.length; start += FRAME_BYTES) writer.add(bytes.subarray(start, start + FRAME_BYTES));
    return writer.finish();
  }
}

/** Reads an index. Rejects with an Error that says what is wrong with it. */
export async function readLineIndex(path: string, entry: FrameFileEntry): Promise<LineIndex> {
  const parts: Buffer[] = [];
  for await (const part of readFrames(path, entry)) parts.push(part);
  // What was written by LineIndexBuilder: its checksum is right and its version is looked at.
  const index = JSON.parse(Buffer.concat(parts).toString('utf8')) as LineIndex;
  if (index.v !== 1) throw new Error('it is not a file of this version of the store');
  return index;
}
