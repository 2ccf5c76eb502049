import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const COMPRESSION = {
  chunkSize: 64 * 1024,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/** Where one zstd frame lies in its file, in bytes. */
export interface Frame {
  readonly offset: number;
  readonly length: number;
  readonly rawLength: number;
}

/** One zstd frame of level 1 with a checksum, made in the thread pool. */
export function compressFrame(raw: Uint8Array): Promise<Buffer> {
  return compress(raw, COMPRESSION);
}

/** Rejects when a bit of it is wrong. */
export async function decompressFrame(bytes: Uint8Array, rawLength: number): Promise<Buffer> {
  // One chunk takes the whole frame, so that nothing is joined; one byte more than it must have shows that it has too many.
  const raw = await decompress(bytes, { chunkSize: Math.max(rawLength, 64), maxOutputLength: Math.max(rawLength, 1) });
  if (raw.length !== rawLength) throw new Error(`the frame holds ${raw.length} bytes and not ${rawLength}`);
  return raw;
}
