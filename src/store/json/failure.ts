import { codeOf, messageOf, StoreError } from '../../base/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  EIO: 'the device reports an input/output error',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file of that name is in the way',
};

/** An error of the file system while writing, as a `StoreError`. `attempt` is what could not be done: `commit cycle X`. */
export function writeFailure(attempt: string, thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const why = REASONS[codeOf(thrown) ?? ''] ?? messageOf(thrown);
  return new StoreError(isFull(thrown) ? 'full' : 'unwritable', `could not ${attempt}: ${why}`, { cause: thrown });
}

/** Deletes something that is worth less than what is being written; false when there is nothing left to delete. */
export type MakeRoom = () => Promise<boolean>;

/** Writes, and while the disk is full makes room and writes again. `write` begins anew each time. */
export async function writeWithRoom<T>(write: () => Promise<T>, makeRoom: MakeRoom): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isFull(error) || !(await makeRoom())) throw error;
    }
  }
}

function isFull(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

export function readFailure(attempt: string, thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  return new StoreError('unreadable', `could not ${attempt}: ${REASONS[codeOf(thrown) ?? ''] ?? messageOf(thrown)}`, {
    cause: thrown,
  });
}

export function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT';
}

/** Faults of the moment or of the set-up: they say nothing about the file, which must not be set aside for them. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EACCES', 'EPERM', 'EBUSY']);

/** Whether a file that could not be read is itself damaged. */
export function isDamage(thrown: unknown): boolean {
  return !PASSING.has(codeOf(thrown) ?? '');
}
