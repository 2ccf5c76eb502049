import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMissing } from '../failure.ts';
import { makeFolder } from './durable-file.ts';

/** Damaged files and folders that are kept for people to look at; the oldest go first. */
export const MAX_QUARANTINED = 16;

/** Where damaged files are set aside as `NAME.corrupt-TIME`. */
export class Quarantine {
  readonly #path: string;
  readonly #now: () => number;
  #bytes = 0;

  constructor(storePath: string, now: () => number) {
    this.#path = join(storePath, 'quarantine');
    this.#now = now;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  async open(): Promise<void> {
    await this.#trim(MAX_QUARANTINED);
  }

  /** Moves a file or folder there; returns its new path. */
  async setAside(path: string): Promise<string> {
    await makeFolder(this.#path);
    const time = new Date(this.#now()).toISOString().replace(/[-:.]/g, '');
    const taken = new Set(await readdir(this.#path));
    let name = `${basename(path)}.corrupt-${time}`;
    for (let number = 2; taken.has(name); number++) name = `${basename(path)}.corrupt-${time}-${number}`;
    const target = join(this.#path, name);
    await rename(path, target);
    await this.#trim(MAX_QUARANTINED);
    return target;
  }

  /** Deletes everything in it: when the store is too large, and damaged files are worth less than cycles. */
  async empty(): Promise<void> {
    await this.#trim(0);
  }

  async #trim(most: number): Promise<void> {
    const names = await this.#names();
    names.sort((a, b) => (timeIn(a) < timeIn(b) ? -1 : 1));
    for (const name of names.splice(0, Math.max(0, names.length - most))) {
      await rm(join(this.#path, name), { recursive: true, force: true });
    }
    let bytes = 0;
    for (const name of names) bytes += await diskUsage(join(this.#path, name));
    this.#bytes = bytes;
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#path)).filter((name) => name.includes('.corrupt-'));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

function timeIn(name: string): string {
  return name.slice(name.lastIndexOf('.corrupt-'));
}

async function diskUsage(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  let bytes = 0;
  for (const name of await readdir(path)) bytes += await diskUsage(join(path, name));
  return bytes;
}
