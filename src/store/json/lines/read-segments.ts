import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../base/errors.ts';
import type { Segment } from '../../../core/analyze/segment.ts';
import type { Workload } from '../../../core/model/workload.ts';
import type { StoredCycle } from '../cycle-folder.ts';
import { refOfRow } from '../facts/container-table.ts';
import { isMissing } from '../failure.ts';
import { readFrame } from '../frames/frame-reader.ts';
import { type LineIndex, readLineIndex } from './line-index.ts';

/** The segments of a cycle as they were written, those of `only` alone, one frame in memory at a time. What cannot be read is told, and passed over. */
export async function* readSegments(
  { folder, manifest: { lines } }: StoredCycle,
  onDamage: (path: string, reason: string) => void,
  only: (workload: Workload) => boolean = () => true,
): AsyncGenerator<Segment, void, undefined> {
  if (lines === null) return;
  const indexPath = join(folder, lines.index.file);
  let handle: FileHandle | null = null;
  try {
    const index = await readLineIndex(indexPath, lines.index);
    handle = await open(join(folder, lines.file), 'r');
    const { frame: frames, container } = index.segments;
    const isWanted = index.containers.map((row) => only(refOfRow(row).workload));
    const wanted = [...frames.keys()].filter((segment) => isWanted[container[segment] ?? -1] !== false);
    const byFrame = Map.groupBy(wanted, (segment) => frames[segment] ?? 0);
    for (const [number, segments] of byFrame) {
      const frame = await readFrameOf(handle, index, number, (reason) =>
        onDamage(`${join(folder, lines.file)} (frame ${number})`, reason),
      );
      if (frame !== null) for (const segment of segments) yield segmentOf(index, segment, frame);
    }
  } catch (error) {
    // A cycle that has expired meanwhile is no damage.
    if (!isMissing(error)) onDamage(indexPath, messageOf(error));
  } finally {
    await handle?.close();
  }
}

async function readFrameOf(
  handle: FileHandle,
  { frames }: LineIndex,
  number: number,
  onDamage: (reason: string) => void,
): Promise<Buffer | null> {
  const [offset = 0, length = 0, rawLength = 0] = frames.slice(number * 3, number * 3 + 3);
  try {
    return await readFrame(handle, { offset, length, rawLength });
  } catch (error) {
    onDamage(messageOf(error));
    return null;
  }
}

function segmentOf({ containers, segments }: LineIndex, number: number, frame: Buffer): Segment {
  const row = containers[segments.container[number] ?? -1];
  if (row === undefined) throw new Error(`segment ${number} is of no container`);
  const offset = segments.offset[number] ?? 0;
  return {
    ref: refOfRow(row),
    bytes: frame.subarray(offset, offset + (segments.length[number] ?? 0)),
    lines: segments.lines[number] ?? 0,
    from: segments.from[number] ?? 0,
    to: segments.to[number] ?? 0,
    levels: segments.levels[number] ?? 0,
  };
}
