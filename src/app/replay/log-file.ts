import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { toError } from '../../base/errors.ts';

const NEWLINE = 0x0a;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** A line beyond this goes on as further lines: no file may fill the memory. */
const LONGEST_LINE = 1024 * 1024;

/** The lines of a file, plain, gzip or zstd (by its first bytes, not by its name), without their ends. Rejects when it cannot be read. */
export async function* linesOfFile(path: string): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytesOfFile(path)) {
    const block = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, start)) {
      yield lineOf(block, start, end);
      start = end + 1;
    }
    rest = block.subarray(start);
    if (rest.length > LONGEST_LINE) {
      yield lineOf(rest, 0, rest.length);
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield lineOf(rest, 0, rest.length);
}

function lineOf(block: Buffer, start: number, end: number): string {
  return block.toString('utf8', start, end > start && block[end - 1] === 0x0d ? end - 1 : end);
}

/** What fails says of which file, which neither a folder's nor a decoder's own error does. */
async function* bytesOfFile(path: string): AsyncIterable<Buffer> {
  try {
    const head = await headOf(path);
    if (head.subarray(0, 2).equals(GZIP)) yield* chunksOf(createReadStream(path).pipe(createGunzip()));
    else if (head.equals(ZSTD)) yield* zstdFrames(path);
    else yield* chunksOf(createReadStream(path));
  } catch (error) {
    throw Object.assign(toError(error), { path });
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Node's decoder stops silently behind the first of several frames: each is begun anew, where the one before ended. */
async function* zstdFrames(path: string): AsyncIterable<Buffer> {
  const { size } = await stat(path);
  for (let offset = 0; offset < size; ) {
    const decoder = createZstdDecompress();
    const source = createReadStream(path, { start: offset });
    source.once('error', (error) => decoder.destroy(error));
    source.pipe(decoder);
    yield* chunksOf(decoder);
    source.destroy();
    if (decoder.bytesWritten === 0) return;
    offset += decoder.bytesWritten;
  }
}

async function* chunksOf(stream: Readable): AsyncIterable<Buffer> {
  // A stream without an encoding gives buffers.
  for await (const chunk of stream) yield chunk as Buffer;
}
