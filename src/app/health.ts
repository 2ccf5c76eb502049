import type { Clock } from '../base/clock.ts';
import { humanDuration } from '../base/duration.ts';
import { formatProblem, type Problem } from '../base/errors.ts';
import { refusingReceivers } from '../core/alerts/refusals.ts';
import type { Cycle, SourceError } from '../core/model/cycle.ts';
import { ownClockText } from '../core/model/self-report.ts';
import type { AlertsDocument } from '../core/model/state.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { Health } from '../web/view.ts';
import { ClockSteps } from './clock-steps.ts';

/** A loop is alive while a cycle ended within so many schedule periods (interface.md section 6). */
const ALIVE_PERIODS = 2.5;
/** Reasons of one kind are listed up to here. */
const MOST_LISTED = 5;

/** What the daemon knows of its own condition beside the cycles. */
export interface HealthInput {
  readonly problems: readonly Problem[];
  /** By how many milliseconds the machine's clock is ahead of the API server's; 0 when it is about right. */
  readonly ownAhead: number;
  /** Rules that are suspended. */
  readonly suspensions: readonly Problem[];
  readonly rules: readonly Rule[];
  readonly document: AlertsDocument;
  /** Why the alerts document is not on disk; `null` when it is. */
  readonly unsaved: string | null;
  readonly repairs: readonly string[];
  /** What the watches cannot follow. */
  readonly unwatched: readonly string[];
  /** What is wrong with the annotations by which workloads ask for something. */
  readonly annotations: readonly string[];
}

/** Remembers how cycles ended. Its times are monotonic, so that a clock that is set makes nobody look dead. */
export class HealthRecord {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #period: number;
  readonly #steps: ClockSteps;
  #endedAt: number | null = null;
  #goodAt: number | null = null;
  #failure: string | null = null;
  #newest: Cycle | null = null;

  #step = 0;

  constructor(clock: Clock, period: number) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#period = period;
    this.#steps = new ClockSteps(clock);
  }

  /** By how many milliseconds the wall clock was set during the newest cycle or before it; 0 when it was not. */
  get clockStep(): number {
    return this.#step;
  }

  /** A cycle ended: well when `failure` is `null`. */
  cycleEnded(failure: string | null, cycle: Cycle | null): void {
    this.#endedAt = this.#clock.monotonic();
    this.#step = this.#steps.look();
    this.#failure = failure;
    if (failure === null) this.#goodAt = this.#endedAt;
    if (cycle !== null) this.#newest = cycle;
  }

  health(input: HealthInput): Health {
    const now = this.#clock.monotonic();
    const within = (at: number | null) => now - (at ?? this.#startedAt) <= ALIVE_PERIODS * this.#period;
    const alive = within(this.#endedAt);
    const reasons = [
      ...(alive ? [] : ['no cycle has ended for 2.5 schedule periods']),
      ...(this.#failure === null ? [] : [`the last cycle failed: ${this.#failure}`]),
      ...(this.#step === 0
        ? []
        : [`the clock was set ${this.#step > 0 ? 'ahead' : 'back'} by ${humanDuration(Math.abs(this.#step))}`]),
      ...(input.ownAhead === 0 ? [] : [ownClockText(input.ownAhead)]),
      ...unseen(this.#newest, input.rules),
      ...input.unwatched.slice(0, MOST_LISTED).map((problem) => `changes are seen by the scheduled cycles alone: ${problem}`),
      ...(input.unsaved === null ? [] : [`alerts are kept in memory only: ${input.unsaved}`]),
      ...deadLetters(input.document),
      ...input.problems
        .filter(({ severity }) => severity === 'error')
        .slice(0, MOST_LISTED)
        .map((problem) => `the last good files are in force: ${formatProblem(problem)}`),
      ...input.suspensions.slice(0, MOST_LISTED).map(({ message }) => message),
      ...input.repairs,
      ...input.annotations.slice(0, MOST_LISTED),
    ];
    return { status: alive ? (reasons.length > 0 ? 'degraded' : 'ok') : 'failing', reasons, alive, strict: within(this.#goodAt) };
  }
}

/** What the newest cycle could not see. Usage that no rule asks for is not missed. */
function unseen(cycle: Cycle | null, rules: readonly Rule[]): string[] {
  if (cycle === null) return [];
  const wantsUsage = rules.some((rule) => rule.condition.about === 'usage');
  const errors = cycle.errors.filter((error) => error.source !== 'metrics' || wantsUsage);
  const reasons = errors.slice(0, MOST_LISTED).map(sentence);
  if (errors.length > MOST_LISTED) reasons.push(`${errors.length - MOST_LISTED} more sources could not be read`);
  if (cycle.missed > 0)
    reasons.push(`${cycle.missed} scheduled cycle${cycle.missed === 1 ? ' was' : 's were'} missed before the newest one`);
  return reasons;
}

function sentence({ source, namespace, reason, message }: SourceError): string {
  const where = namespace === null ? '' : ` of namespace ${namespace}`;
  return `could not read ${source}${where}: ${message === '' ? reason : message}`;
}

function deadLetters(document: AlertsDocument): string[] {
  return refusingReceivers(document).map((receiver) => `receiver ${receiver} refuses messages; see the deliveries`);
}
