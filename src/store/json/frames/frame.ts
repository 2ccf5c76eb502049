import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const PARAMETERS = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };

/** Where one zstd frame lies in its file, in bytes. */
export interface Frame {
  readonly offset: number;
  readonly length: number;
  readonly rawLength: number;
}

/** One zstd frame of level 1 with a checksum, made in the thread pool. */
export function compressFrame(raw: Uint8Array): Promise<Buffer> {
  // The size that is known beforehand saves the compressor, and later the decompressor, most of their own memory.
  // Logs become a fifth: a buffer of the size of what they were would only be thrown away.
  return compress(raw, { params: PARAMETERS, pledgedSrcSize: raw.length, chunkSize: Math.max(raw.length >>> 2, 1024) });
}

/** Rejects when a bit of it is wrong. */
export async function decompressFrame(bytes: Uint8Array, rawLength: number): Promise<Buffer> {
  // One chunk takes the whole frame, so that nothing has to be joined.
  const raw = await decompress(bytes, { chunkSize: Math.max(rawLength, 64), maxOutputLength: Math.max(rawLength, 1) });
  if (raw.length !== rawLength) throw new Error(`the frame holds ${raw.length} bytes and not ${rawLength}`);
  return raw;
}
