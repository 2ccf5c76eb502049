import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError, toError } from '../../base/errors.ts';
import type { StoreOptions } from '../store-kind.ts';
import { writeFailure } from './failure.ts';

const POLL_MS = 50;
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** The store is this process's alone until `release`, or until the process ends in whatever way. */
export interface StoreLock {
  /** Gives it back; a second call does nothing. */
  release(): Promise<void>;
}

/**
 * Takes the store's lock, waiting for its holder to end. It is an SQLite transaction that never writes: the kernel frees its file lock
 * when the process dies, and SQLite knows the traps of file locks. Never open `lock` otherwise: closing any of its
 * descriptors would free the lock.
 */
export async function acquireLock(options: StoreOptions): Promise<StoreLock> {
  const path = join(options.path, 'lock');
  const holderPath = join(options.path, 'lock.holder');
  const deadline = performance.now() + options.wait;
  let told = false;
  for (;;) {
    const database = await tryLock(path);
    if (database !== null) {
      await writeHolder(holderPath, options);
      return {
        async release() {
          if (!database.isOpen) return;
          await rm(holderPath, { force: true });
          database.close();
        },
      };
    }
    const holder = await readHolder(holderPath);
    if (performance.now() >= deadline) {
      throw new StoreError('in_use', `could not open store ${options.path}: it is in use by ${holder}; stop that first`);
    }
    if (!told) options.logger.info('waiting for the store', { path: options.path, holder });
    told = true;
    await sleep(POLL_MS);
  }
}

/** `null` when another process holds it. */
async function tryLock(path: string): Promise<DatabaseSync | null> {
  try {
    return openExclusively(path);
  } catch (error) {
    const code = sqliteCode(error);
    if (code === SQLITE_BUSY) return null;
    if (code === SQLITE_READONLY || code === SQLITE_CANTOPEN) {
      throw new StoreError('unwritable', `could not open store ${dirname(path)}: its file lock cannot be written`, {
        cause: error,
      });
    }
    if (code !== SQLITE_NOTADB) throw writeFailure(`open lock ${path}`, error);
  }
  // The lock file is always empty: other content is damage, and nobody can hold it.
  await truncate(path, 0);
  return tryLock(path);
}

function openExclusively(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function sqliteCode(thrown: unknown): number | null {
  const error = toError(thrown);
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

async function writeHolder(path: string, options: StoreOptions): Promise<void> {
  const since = new Date(options.now()).toISOString();
  try {
    await writeFile(path, `process ${process.pid} on ${hostname()} (${options.command}) since ${since}\n`);
  } catch (error) {
    // Only another process's message needs the file; a full disk must not keep this one from starting.
    options.logger.warn('could not say who holds the store', { path, error: toError(error).message });
  }
}

async function readHolder(path: string): Promise<string> {
  try {
    const text = (await readFile(path, 'utf8')).trim().slice(0, 400);
    return text === '' ? 'another process' : text;
  } catch (error) {
    return `another process (${path}: ${toError(error).message})`;
  }
}
