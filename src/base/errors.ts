/** One problem in a file that a user wrote, with its place. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** Warnings are told but stop nothing. */
  readonly severity: 'error' | 'warning';
}

/** `file:line:column: message`, as compilers print it; warnings say so. */
export function formatProblem(problem: Problem): string {
  const mark = problem.severity === 'warning' ? 'warning: ' : '';
  return `${problem.file}:${problem.line}:${problem.column}: ${mark}${problem.message}`;
}

/** The user's files or arguments cannot be used: every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[] = [], options?: ErrorOptions) {
    super(message, options);
    this.problems = problems;
  }
}

/** Why something of the cluster could not be read. */
export type CollectReason =
  | 'unreachable' // no answer from the API server
  | 'unauthorized' // 401
  | 'forbidden' // 403
  | 'not_found' // 404
  | 'expired' // 410
  | 'timeout'
  | 'rate_limited' // 429 after all tries
  | 'server_error' // 5xx after all tries
  | 'invalid_answer' // not what the API promises
  | 'aborted';

/** Something of the cluster could not be read; callers branch on `reason`. */
export class CollectError extends Error {
  override readonly name = 'CollectError';
  readonly reason: CollectReason;
  readonly status: number | null;
  constructor(reason: CollectReason, message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.reason = reason;
    this.status = options.status ?? null;
  }
}

export type StoreReason = 'in_use' | 'unwritable' | 'full' | 'corrupt' | 'unreadable';

/** The store cannot do what was asked; callers branch on `reason`. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly reason: StoreReason;
  constructor(reason: StoreReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Anything that was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The message with those of its causes, outermost first: `could not read x: connect ECONNREFUSED`. */
export function messageOf(thrown: unknown): string {
  const error = toError(thrown);
  const cause = error.cause === undefined ? '' : messageOf(error.cause);
  const own = error.message === '' && 'code' in error ? String(error.code) : error.message;
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`;
}

/** The errno code (`ENOSPC`, `ECONNREFUSED`) of an error or of the first of its causes that has one. */
export function codeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return codeOf(thrown.cause);
}
