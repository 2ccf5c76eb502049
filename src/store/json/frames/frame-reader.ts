import { type FileHandle, open } from 'node:fs/promises';
import { sha256 } from '../documents/envelope.ts';
import { decompressFrame, type Frame, giveBack } from './frame.ts';

/** A small file of frames as the manifest describes it. */
export interface FrameFileEntry {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly frames: readonly (readonly [offset: number, length: number, rawLength: number])[];
}

/** One frame, decompressed. Rejects when it cannot be read or a bit of it is wrong. */
export async function readFrame(handle: FileHandle, frame: Frame): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(frame.length);
  const { bytesRead } = await handle.read(bytes, 0, frame.length, frame.offset);
  if (bytesRead < frame.length) throw new Error('the file is cut short');
  const raw = await decompressFrame(bytes, frame.rawLength);
  giveBack(bytes);
  return raw;
}

/** The frames of a small file in their order, one at a time; the file as a whole is checked first. */
export async function* readFrames(path: string, entry: FrameFileEntry): AsyncGenerator<Buffer, void, undefined> {
  const bytes = await readWhole(path);
  if (bytes.length !== entry.bytes) throw new Error(`it has ${bytes.length} bytes and not ${entry.bytes}`);
  if (sha256(bytes) !== entry.sha256) throw new Error('its checksum is wrong');
  for (const [offset, length, rawLength] of entry.frames) {
    yield await decompressFrame(bytes.subarray(offset, offset + length), rawLength);
  }
}

async function readWhole(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
