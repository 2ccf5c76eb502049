import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../base/errors.ts';
import type { Evidence } from '../../../core/model/notification.ts';
import { isDamage, isMissing, readFailure, writeFailure } from '../failure.ts';
import { makeFolder, TEMPORARY, writeDurably } from './durable-file.ts';
import { seal, unseal } from './envelope.ts';

const EXTENSION = '.json';
/** Alert ids are safe in a URL; these are also safe as file names. */
const ID = /^(?!\.)[\w.~:@=+,-]{1,200}$/;

/** Immutable files of evidence, one per alert. A file is dated with the time of its evidence, so that expiry needs to open none. */
export class EvidenceFolder {
  readonly #path: string;
  readonly #files = new Map<string, { readonly at: number; readonly bytes: number }>();

  constructor(storePath: string) {
    this.#path = join(storePath, 'evidence');
  }

  /** Bytes on disk. */
  get bytes(): number {
    let bytes = 0;
    for (const file of this.#files.values()) bytes += file.bytes;
    return bytes;
  }

  /** Lists what is there; opened for writing, it also deletes what a crash left. */
  async open(access: 'write' | 'read'): Promise<void> {
    if (access === 'write') await makeFolder(this.#path);
    for (const name of await this.#names()) {
      const path = join(this.#path, name);
      if (name.endsWith(EXTENSION)) {
        const { mtimeMs, size } = await stat(path);
        this.#files.set(name.slice(0, -EXTENSION.length), { at: mtimeMs, bytes: size });
      } else if (name.endsWith(TEMPORARY) && access === 'write') await rm(path, { force: true });
    }
  }

  async save(id: string, evidence: Evidence): Promise<void> {
    if (!ID.test(id)) throw new Error(`could not save evidence ${JSON.stringify(id)}: the id is not safe as a file name`);
    const bytes = seal(evidence);
    try {
      await writeDurably(this.#file(id), bytes, { modifiedAt: evidence.at });
    } catch (error) {
      throw writeFailure(`save evidence ${id}`, error);
    }
    this.#files.set(id, { at: evidence.at, bytes: bytes.length });
  }

  /** `null` when there is none; what cannot be read is told to `onDamage` first. */
  async load(id: string, onDamage: (path: string, reason: string) => Promise<void>): Promise<Evidence | null> {
    if (!ID.test(id)) return null;
    try {
      // The envelope proves that these are the bytes of a file that `save` wrote under this name.
      return unseal(await readFile(this.#file(id))) as Evidence;
    } catch (error) {
      if (isMissing(error)) return null;
      if (!isDamage(error)) throw readFailure(`read evidence ${id}`, error);
      this.#files.delete(id);
      await onDamage(this.#file(id), messageOf(error));
      return null;
    }
  }

  /** Deletes what is older than `horizon` (epoch milliseconds). */
  async expire(horizon: number): Promise<void> {
    for (const [id, { at }] of this.#files) {
      if (at >= horizon) continue;
      await rm(this.#file(id), { force: true });
      this.#files.delete(id);
    }
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#path);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #file(id: string): string {
    return join(this.#path, id + EXTENSION);
  }
}
