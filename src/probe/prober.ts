import type { Clock } from '../base/clock.ts';
import { MINUTE } from '../base/duration.ts';
import type { Writable } from '../base/writable.ts';
import type { ProbeMinute, ProbeReading } from '../core/model/probe.ts';
import { type CheckResult, check } from './check.ts';
import { type ProbeSettings, shownUrl } from './probe-settings.ts';

/** Checks under way at the same time; further ones wait. */
export const MOST_CHECKS = 20;
/** Minutes of one probe that wait for a cycle to take them: a day. Older ones are dropped. */
export const MOST_MINUTES = 1_440;
/** Each wait is shifted by up to this share of the interval, so that probes do not all ask at once. */
const JITTER = 0.1;

/** Runs the probes, each on its own interval and never two of one at a time, and keeps what they found until a cycle takes it. */
export class Prober {
  readonly #probes: readonly ProbeSettings[];
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #minutes = new Map<string, Map<number, Writable<ProbeMinute>>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** There is no later cycle: also what was found in the running minute is handed over. */
  #isOnce = false;

  constructor(options: { readonly probes: readonly ProbeSettings[]; readonly clock: Clock; readonly random: () => number }) {
    this.#probes = options.probes;
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /** Checks until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#probes.map((probe) => this.#runOne(probe, signal)));
  }

  /** Checks every probe once, for a process that does nothing else. */
  async once(signal: AbortSignal): Promise<void> {
    this.#isOnce = true;
    await Promise.all(this.#probes.map((probe) => this.#check(probe, signal)));
  }

  /** What was found in whole minutes before `before` (epoch milliseconds), handed over once. */
  take(before: number): ProbeReading {
    const end = this.#isOnce ? Number.POSITIVE_INFINITY : Math.floor(before / MINUTE);
    const minutes: ProbeMinute[] = [];
    for (const own of this.#minutes.values()) {
      for (const [minute, found] of own) {
        if (minute >= end) continue;
        minutes.push(found);
        own.delete(minute);
      }
    }
    return { targets: this.#probes.map(({ name, url }) => ({ name, url: shownUrl(url) })), minutes };
  }

  /** Puts back what could not be kept. */
  giveBack({ minutes }: ProbeReading): void {
    for (const minute of minutes) this.#minutesOf(minute.name).set(minute.minute, minute);
  }

  async #runOne(probe: ProbeSettings, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(this.#random() * Math.min(probe.every, 5_000), signal);
    while (!signal.aborted) {
      const started = this.#clock.monotonic();
      await this.#check(probe, signal);
      const rest = probe.every * (1 + JITTER * (this.#random() - 0.5)) - (this.#clock.monotonic() - started);
      await this.#clock.sleep(Math.max(rest, 0), signal);
    }
  }

  async #check(probe: ProbeSettings, signal: AbortSignal): Promise<void> {
    if (this.#running >= MOST_CHECKS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      if (!signal.aborted) this.#note(probe.name, await check(probe, { now: () => this.#clock.now(), signal }));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #note(name: string, { problem, latency, certificateEndsAt }: CheckResult): void {
    const minute = Math.floor(this.#clock.now() / MINUTE);
    const own = this.#minutesOf(name);
    let found = own.get(minute);
    if (found === undefined) {
      found = {
        name,
        minute,
        checks: 0,
        failed: 0,
        answered: 0,
        latencySum: 0,
        latencyMax: 0,
        reason: '',
        certificateEndsAt: null,
      };
      own.set(minute, found);
      const [oldest] = own.keys();
      if (own.size > MOST_MINUTES && oldest !== undefined) own.delete(oldest);
    }
    found.checks++;
    if (problem !== null) {
      found.failed++;
      found.reason = problem;
    }
    if (latency !== null) {
      found.answered++;
      found.latencySum += latency;
      found.latencyMax = Math.max(found.latencyMax, latency);
    }
    found.certificateEndsAt = certificateEndsAt ?? found.certificateEndsAt;
  }

  #minutesOf(name: string): Map<number, Writable<ProbeMinute>> {
    const own = this.#minutes.get(name) ?? new Map<number, Writable<ProbeMinute>>();
    this.#minutes.set(name, own);
    return own;
  }
}
