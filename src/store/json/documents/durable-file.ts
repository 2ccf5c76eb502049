import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../../base/errors.ts';
import { isMissing } from '../failure.ts';

export const TEMPORARY = '.tmp';

export interface DurableWrite {
  /** Where the file that is replaced goes. */
  readonly previous?: string;
  /** Epoch milliseconds that the file is dated. */
  readonly modifiedAt?: number;
}

/**
 * Replaces a file as a whole: once this resolves, a power cut leaves the new content; when it rejects, the old file is intact and
 * no temporary file is left. A failed fsync is never tried again on the same file, since the kernel may have dropped its pages.
 */
export async function writeDurably(path: string, bytes: Uint8Array, options: DurableWrite = {}): Promise<void> {
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    const handle = await open(temporary, 'wx', 0o640);
    try {
      await writeFully(handle, bytes, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (options.modifiedAt !== undefined) await utimes(temporary, options.modifiedAt / 1000, options.modifiedAt / 1000);
    if (options.previous !== undefined) await renameIfThere(path, options.previous);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Writes all of `bytes` at `position`; a single `write` may take less. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await handle.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}

/** Makes the names in a folder durable. File systems that cannot (some network ones) are left to their own ways. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Makes a folder and those above it that are missing. Not by `mkdir`'s own `recursive`, which never returns where the kernel answers
 * "no such file" to every attempt, as below /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await madeOrThere(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  if (!(await madeOrThere(path))) throw new Error('the file system has no place for it');
}

/** False when the folder above is missing. */
async function madeOrThere(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o750 });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return true;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
