import { HOUR, MINUTE } from '../base/duration.ts';
import type { OutboxRow } from '../core/model/notification.ts';
import type { Outcome } from './notifier.ts';
import { FIRST_WAIT, retryWait } from './retry.ts';

/** A message that its receiver does not take, while it takes others, is given up after so many attempts and so long. */
export const HOPELESS_ATTEMPTS = 10;
export const HOPELESS_AFTER = HOUR;

/** Where nothing gets through, a new message is tried after so long at the latest. */
export const NEWS_WAIT = MINUTE;

/** The longer nothing gets through, the more messages are tried before all wait again: so many at most, since it may be some of them alone. */
const MOST_PROBES = 20;

/** What is known of a message that failed. Times are monotonic. */
interface Trial {
  failures: number;
  readonly since: number;
  notBefore: number;
  /** The receiver has taken another message since. */
  passed: boolean;
}

/** What to do next: try a message, or wait so many milliseconds; `null` when nothing is owed. */
export type Next = { readonly row: OutboxRow } | { readonly wait: number } | null;

/**
 * The order in which one receiver gets its messages. The oldest goes first. One that fails twice lets the others pass and is tried
 * on its own clock, so that it holds up nothing but what is about its own alerts; when others fail as well, nothing is getting
 * through, and all wait and begin again in their order. Nothing of this survives a restart, which tries again soon.
 */
export class Lane {
  readonly #random: () => number;
  readonly #trials = new Map<string, Trial>();
  /** How often in a row nothing got through. */
  #failures = 0;
  #notBefore = 0;
  /** From then on a message that nobody has tried yet ends the wait: it may be those before it alone that are not taken. */
  #newsAt = Number.POSITIVE_INFINITY;
  /** Messages that failed since the lane was open, while others are tried to see whether it is the receiver or they alone. */
  readonly #stuck = new Set<string>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** What to do at a moment with the receiver's messages, which are in order. */
  next(rows: readonly OutboxRow[], now: number): Next {
    this.#forget(rows);
    if (rows.length === 0) return null;
    const opensAt = this.#opensAt(rows);
    if (now < opensAt) return { wait: opensAt - now };
    this.#notBefore = 0;
    this.#newsAt = Number.POSITIVE_INFINITY;
    const free = unblocked(rows);
    const due = free.filter(({ id }) => this.#dueAt(id) <= now);
    // The one that was tried least says most about the receiver.
    const others = this.#stuck.size === 0 ? [] : due.filter(({ id }) => !this.#stuck.has(id));
    const least = Math.min(...others.map(({ id }) => this.#failuresOf(id)));
    const probe = others.find(({ id }) => this.#failuresOf(id) === least);
    if (probe !== undefined) return { row: probe };
    if (this.#stuck.size > 1) return { wait: this.#close(now, null) };
    const [row] = due;
    return row === undefined ? { wait: Math.min(...free.map(({ id }) => this.#dueAt(id))) - now } : { row };
  }

  /** The receiver took the message. */
  taken(row: OutboxRow): void {
    this.refused(row);
    for (const trial of this.#trials.values()) trial.passed = true;
  }

  /** The receiver answered, and will never take the message. */
  refused({ id }: OutboxRow): void {
    this.#failures = 0;
    this.#stuck.clear();
    this.#trials.delete(id);
  }

  /** The message failed and will be tried again: in how many milliseconds at the earliest. */
  failed(row: OutboxRow, outcome: Extract<Outcome, { kind: 'retry' }>, now: number): number {
    if (outcome.wholeReceiver === true) return this.#close(now, outcome.retryAfterMs);
    const trial = this.#trials.get(row.id) ?? { failures: 0, since: now, notBefore: 0, passed: false };
    trial.failures++;
    this.#trials.set(row.id, trial);
    const wait = retryWait(trial.failures, outcome.retryAfterMs, this.#random());
    trial.notBefore = now + wait;
    // Once is no reason to leave the order.
    if (trial.failures === 1 && this.#failures === 0 && this.#stuck.size === 0)
      this.#notBefore = now + Math.min(wait, FIRST_WAIT);
    else this.#stuck.add(row.id);
    return this.#stuck.size - 1 > Math.min(this.#failures, MOST_PROBES) ? this.#close(now, outcome.retryAfterMs) : wait;
  }

  /** Whether the message alone is what the receiver does not take, and was tried for long enough. */
  isHopeless({ id }: OutboxRow, now: number): boolean {
    const trial = this.#trials.get(id);
    return trial?.passed === true && trial.failures >= HOPELESS_ATTEMPTS && now - trial.since >= HOPELESS_AFTER;
  }

  /** Forgets what waits: everything may be tried at once. */
  open(): void {
    this.#notBefore = 0;
    for (const trial of this.#trials.values()) trial.notBefore = 0;
  }

  #opensAt(rows: readonly OutboxRow[]): number {
    const isNews = this.#newsAt < this.#notBefore && rows.some(({ id }) => !this.#trials.has(id));
    return isNews ? this.#newsAt : this.#notBefore;
  }

  /** Nothing gets through: all wait, and begin again in their order. */
  #close(now: number, retryAfterMs: number | null): number {
    if (this.#stuck.size > 1) {
      for (const trial of this.#trials.values()) trial.notBefore = 0;
      this.#newsAt = now + NEWS_WAIT;
    }
    this.#stuck.clear();
    this.#failures++;
    const wait = retryWait(this.#failures, retryAfterMs, this.#random());
    this.#notBefore = now + wait;
    return wait;
  }

  #failuresOf(id: string): number {
    return this.#trials.get(id)?.failures ?? 0;
  }

  #dueAt(id: string): number {
    return this.#trials.get(id)?.notBefore ?? 0;
  }

  #forget(rows: readonly OutboxRow[]): void {
    if (this.#trials.size === 0) return;
    const known = new Set(rows.map(({ id }) => id));
    for (const id of this.#trials.keys()) if (!known.has(id)) this.#trials.delete(id);
    for (const id of this.#stuck) if (!known.has(id)) this.#stuck.delete(id);
  }
}

/** The messages that no earlier one about the same alerts stands before. */
function unblocked(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  const before = new Set<string>();
  return rows.filter(({ groups, firing, resolved }) => {
    const about = [...groups, ...firing, ...resolved];
    const isFree = !about.some((each) => before.has(each));
    for (const each of about) before.add(each);
    return isFree;
  });
}
