import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { LateCounts } from '../../core/model/late-counts.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const PARAMETERS = { [constants.ZSTD_c_compressionLevel]: 1 };

/** What was counted of some cycles, packed to a tenth of what it takes while it is looked at; no more of it than there is room. */
export class PackedCounts {
  readonly #packed = new Map<string, Buffer>();
  #room: number;

  /** `room`: bytes that may be taken in all. */
  constructor(room: number) {
    this.#room = room;
  }

  /** Keeps what was counted of a cycle, where there is room for it. */
  async keep(cycle: string, late: LateCounts): Promise<void> {
    if (this.#room <= 0) return;
    const bytes = await compress(serialize(late), { params: PARAMETERS });
    if (bytes.length > this.#room) return;
    this.#room -= bytes.length;
    this.#packed.set(cycle, bytes);
  }

  /** `null` when it was not kept. */
  async get(cycle: string): Promise<LateCounts | null> {
    const bytes = this.#packed.get(cycle);
    // What `keep` was given: it never left the process.
    return bytes === undefined ? null : (deserialize(await decompress(bytes)) as LateCounts);
  }
}
