import { access, constants, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StoreError } from '../../base/errors.ts';
import type { Store } from '../store.ts';
import type { StoreOptions } from '../store-kind.ts';
import { isDraftFolder, listCycleFolders, readStoredCycle, removeCycleFolder, type StoredCycle } from './cycle-folder.ts';
import { makeFolder, TEMPORARY } from './documents/durable-file.ts';
import { Quarantine } from './documents/quarantine.ts';
import { isDamage, isMissing, readFailure, writeFailure } from './failure.ts';
import { fileSystemType, fileSystemWarning } from './file-system.ts';
import { JsonStore } from './json-store.ts';
import { acquireLock } from './lock.ts';
import { Repairs } from './repairs.ts';

/**
 * Opens the store in a folder, which is made when it is not there. Opened for writing, it sweeps what was never committed and sets
 * aside what is damaged: only a folder that cannot be used, or is in use, keeps it from opening.
 */
export async function openJsonStore(options: StoreOptions): Promise<Store> {
  return options.access === 'write' ? openToWrite(options) : openToRead(options);
}

async function openToWrite(options: StoreOptions): Promise<Store> {
  const attempt = `open store ${options.path}`;
  const cyclesPath = join(options.path, 'cycles');
  try {
    await makeFolder(cyclesPath);
    // SQLite would only say that it cannot open the lock.
    for (const path of [options.path, cyclesPath]) await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw writeFailure(attempt, error);
  }
  const lock = await acquireLock(options);
  try {
    const repairs = new Repairs(options.logger);
    const quarantine = new Quarantine(options.path, options.now);
    await quarantine.open();
    await warnOfFileSystem(options.path, repairs);
    await sweepTemporaries(options.path);
    const cycles: StoredCycle[] = [];
    for (const id of await listCycleFolders(cyclesPath)) {
      const cycle = await takeOrSweep(join(cyclesPath, id), id, quarantine, repairs);
      if (cycle !== null) cycles.push(cycle);
    }
    const { current, replaced } = withoutReplaced(cycles);
    for (const { folder } of replaced) await removeCycleFolder(folder);
    return await JsonStore.open({ options, lock, repairs, quarantine, cycles: current });
  } catch (error) {
    await lock.release();
    throw writeFailure(attempt, error);
  }
}

async function openToRead(options: StoreOptions): Promise<Store> {
  const cyclesPath = join(options.path, 'cycles');
  const repairs = new Repairs(options.logger);
  try {
    const cycles: StoredCycle[] = [];
    for (const id of await listCycleFolders(cyclesPath)) {
      try {
        const cycle = await readStoredCycle(join(cyclesPath, id), id);
        if (cycle !== null) cycles.push(cycle);
      } catch (error) {
        repairs.tell(`cycle ${id} cannot be read and is passed over: ${messageOf(error)}`);
      }
    }
    const { current } = withoutReplaced(cycles);
    const quarantine = new Quarantine(options.path, options.now);
    return await JsonStore.open({ options, lock: null, repairs, quarantine, cycles: current });
  } catch (error) {
    const attempt = `read store ${options.path}`;
    if (isMissing(error))
      throw new StoreError(
        'unreadable',
        `could not ${attempt}: there is no store yet; "tocsin run" and "tocsin once" make one, --data says where it is`,
      );
    throw readFailure(attempt, error);
  }
}

/** What a cycle has taken over counts no more, whether or not its folder is still there. */
function withoutReplaced(cycles: readonly StoredCycle[]): {
  readonly current: readonly StoredCycle[];
  readonly replaced: readonly StoredCycle[];
} {
  const ids = new Set(cycles.flatMap(({ manifest }) => manifest.replaces ?? []));
  return { current: cycles.filter(({ id }) => !ids.has(id)), replaced: cycles.filter(({ id }) => ids.has(id)) };
}

async function takeOrSweep(folder: string, id: string, quarantine: Quarantine, repairs: Repairs): Promise<StoredCycle | null> {
  try {
    const cycle = await readStoredCycle(folder, id);
    if (cycle !== null) {
      await warnOfShortLines(cycle, repairs);
      await sweepTemporaries(folder);
      return cycle;
    }
    if (await isDraftFolder(folder)) {
      await removeCycleFolder(folder);
      repairs.note(`cycle ${id} was not committed when the process ended: removed, and read again`);
    } else repairs.tell(`${folder} is no cycle of this store: left alone`);
  } catch (error) {
    if (!isDamage(error)) throw readFailure(`read cycle ${id}`, error);
    const target = await quarantine.setAside(folder);
    repairs.tell(`cycle ${id} cannot be read (${messageOf(error)}): set aside as ${target}`);
  }
  return null;
}

async function warnOfShortLines({ id, folder, manifest: { lines } }: StoredCycle, repairs: Repairs): Promise<void> {
  if (lines === null) return;
  try {
    const { size } = await stat(join(folder, lines.file));
    if (size >= lines.bytes) return;
    repairs.tell(`the log lines of cycle ${id} are cut short (${size} of ${lines.bytes} bytes): the rest of it is kept`);
  } catch (error) {
    repairs.tell(`the log lines of cycle ${id} cannot be read: ${messageOf(error)}`);
  }
}

async function warnOfFileSystem(path: string, repairs: Repairs): Promise<void> {
  const warning = fileSystemWarning(path, await fileSystemType(path));
  if (warning !== null) repairs.tell(warning);
}

async function sweepTemporaries(path: string): Promise<void> {
  for (const name of await readdir(path)) if (name.endsWith(TEMPORARY)) await rm(join(path, name), { force: true });
}
