import { promisify } from 'node:util';
import { constants, createZstdCompress, zstdDecompress } from 'node:zlib';

const decompress = promisify(zstdDecompress);
const PARAMETERS = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };

/** Where one zstd frame lies in its file, in bytes. */
export interface Frame {
  readonly offset: number;
  readonly length: number;
  readonly rawLength: number;
}

/** What compressed frames are gathered in, some at a time: logs become a fifth. */
const OUTPUT_BYTES = 128 * 1024;

/**
 * Makes zstd frames of level 1 with a checksum in the thread pool, one after the other. What it works with is made once: of a compressor
 * for each frame, the garbage collection takes more time than the compression.
 */
export class FrameCompressor implements Disposable {
  readonly #stream = createZstdCompress({ params: PARAMETERS, flush: constants.ZSTD_e_end, chunkSize: OUTPUT_BYTES });
  #pieces: Buffer[] = [];

  constructor() {
    this.#stream.on('data', (piece: Buffer) => this.#pieces.push(piece));
    // Whoever waits for the frame is told.
    this.#stream.on('error', () => undefined);
  }

  /** The frame of some bytes, which must not be none; called again only when it has resolved. */
  compress(raw: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#stream.write(raw, (error) => {
        const pieces = this.#pieces;
        this.#pieces = [];
        const [only] = pieces;
        if (error) reject(error);
        else resolve(only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces));
      });
    });
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }
}

/** Of memory that a decompressed frame leaves free. */
const SPARE_BYTES = 1;

/** Frees the memory of bytes at once, where they have it to themselves: V8 would mark its whole heap each time that such memory has piled up. */
export function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength - byteLength <= SPARE_BYTES) buffer.transfer(0);
}

/** Rejects when it is damaged; a bit that zstd has no use for may be wrong. */
export async function decompressFrame(bytes: Uint8Array, rawLength: number): Promise<Buffer> {
  // One chunk takes the whole frame, so that nothing has to be joined, and is not filled, or zlib would make another one.
  const raw = await decompress(bytes, {
    chunkSize: Math.max(rawLength + SPARE_BYTES, 64),
    maxOutputLength: Math.max(rawLength, 1),
  });
  if (raw.length !== rawLength) throw new Error(`the frame holds ${raw.length} bytes and not ${rawLength}`);
  return raw;
}
