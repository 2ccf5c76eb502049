import { HOUR, MINUTE } from '../base/duration.ts';
import { meanLatency, type ProbeMinute } from '../core/model/probe.ts';
import type { Window } from '../core/model/window/window.ts';

export const PROBE_STATES = ['ok', 'failing', 'unknown'] as const;

/** One synthetic check as page and API show it. */
export interface ProbeRow {
  readonly name: string;
  readonly url: string;
  /** By its newest minute; `unknown` when no check has been taken over yet. */
  readonly state: (typeof PROBE_STATES)[number];
  /** Over the last hour that was checked; `null` without a check. */
  readonly checks: number;
  readonly failedRatio: number | null;
  /** Mean of the answers, milliseconds. */
  readonly latency: number | null;
  readonly lastError: string | null;
  readonly lastCheckedAt: number | null;
  readonly certificateEndsAt: number | null;
  /** The last hour, oldest first. */
  readonly minutes: readonly ProbeMinute[];
}

/** Every probe that is set up, in the order of the settings. */
export function probeRows({ probes }: Pick<Window, 'probes'>): readonly ProbeRow[] {
  return probes.targets.map(({ name, url }) => {
    const history = probes.history(name);
    const newest = history.at(-1);
    const minutes = history.filter(({ minute }) => minute > (newest?.minute ?? 0) - HOUR / MINUTE);
    const total = (of: (minute: ProbeMinute) => number) => minutes.reduce((sum, minute) => sum + of(minute), 0);
    const checks = total((minute) => minute.checks);
    const failed = total((minute) => minute.failed);
    const failing = minutes.findLast((minute) => minute.failed > 0);
    return {
      name,
      url,
      state: newest === undefined ? 'unknown' : newest.failed > 0 ? 'failing' : 'ok',
      checks,
      failedRatio: checks === 0 ? null : failed / checks,
      latency: meanLatency({ answered: total((minute) => minute.answered), latencySum: total((minute) => minute.latencySum) }),
      lastError: failing?.reason ?? null,
      lastCheckedAt: newest === undefined ? null : (newest.minute + 1) * MINUTE,
      certificateEndsAt: newest?.certificateEndsAt ?? null,
      minutes,
    };
  });
}
