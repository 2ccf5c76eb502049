import { HOUR, humanDuration } from '../../../base/duration.ts';
import type { Alert, Fingerprint, Transition } from '../../model/alert.ts';
import type { Flap } from '../../model/flap.ts';
import type { Suppression } from '../../model/suppression.ts';

/** An alert that fired and resolved more often than this within the window flaps. */
export const FLAPS_ABOVE = 5;

/** One that neither fires nor resolves for so long is calm. */
export const CALM = HOUR;

interface FlapInput {
  readonly flaps: readonly Flap[];
  readonly alerts: readonly Alert[];
  readonly transitions: readonly Transition[];
  readonly now: number;
  readonly window: number;
}

/** Which alerts flap after a judgement: begun, counted on, and found calm. Those that ended before the window are dropped. */
export function advanceFlaps({ flaps, alerts, transitions, now, window }: FlapInput): readonly Flap[] {
  const known = new Map(
    flaps.filter(({ endedAt }) => endedAt === null || endedAt > now - window).map((flap) => [flap.fingerprint, flap]),
  );
  for (const { alert, to, at } of transitions) {
    if (to !== 'firing' && to !== 'resolved') continue;
    const { fingerprint } = alert;
    const flap = known.get(fingerprint);
    if (flap?.endedAt === null) {
      known.set(fingerprint, {
        ...flap,
        changedAt: Math.max(flap.changedAt, at),
        count: flap.count + (to === 'resolved' ? 1 : 0),
      });
    } else if (to === 'resolved') {
      const begun = begin(fingerprint, { alerts, since: Math.max(now - window, flap?.endedAt ?? 0), until: at });
      if (begun !== null) known.set(fingerprint, begun);
    }
  }
  return [...known.values()].map((flap) =>
    flap.endedAt === null && now - flap.changedAt >= CALM ? { ...flap, endedAt: now } : flap,
  );
}

function begin(
  fingerprint: Fingerprint,
  { alerts, since, until }: { readonly alerts: readonly Alert[]; readonly since: number; readonly until: number },
): Flap | null {
  const lives = alerts.filter(
    (alert) =>
      alert.fingerprint === fingerprint && alert.resolvedAt !== null && alert.resolvedAt > since && alert.resolvedAt <= until,
  );
  if (lives.length <= FLAPS_ABOVE) return null;
  const first = Math.min(...lives.map(({ firedAt, activeAt }) => firedAt ?? activeAt));
  return { fingerprint, since: first, count: lives.length, changedAt: until, announced: null, endedAt: null, concluded: null };
}

/** The newest life of every alert that flaps or has just stopped, by fingerprint. */
export function newestLives(flaps: readonly Flap[], alerts: readonly Alert[]): ReadonlyMap<Fingerprint, Alert> {
  const wanted = new Set(flaps.filter(({ concluded }) => concluded === null).map(({ fingerprint }) => fingerprint));
  const found = new Map<Fingerprint, Alert>();
  if (wanted.size === 0) return found;
  for (const alert of alerts) {
    if (!wanted.has(alert.fingerprint) || alert.state === 'pending') continue;
    const known = found.get(alert.fingerprint);
    if (known === undefined || alert.activeAt > known.activeAt) found.set(alert.fingerprint, alert);
  }
  return found;
}

/** How often in what time: `6 times in 3 h`. */
export function flapText({ count, since, changedAt }: Flap): string {
  return `${count} times in ${humanDuration(changedAt - since)}`;
}

export function flapSuppression(flap: Flap): Suppression {
  return {
    by: 'flapping',
    text: `flapping: fired and resolved ${flapText(flap)}; quiet until it is calm for 1 h`,
    id: null,
    until: null,
  };
}

/** Whether an alert is the newest life of one that flaps. */
export function isFlapping({ id, fingerprint, state }: Alert, flaps: readonly Flap[]): boolean {
  const flap = flaps.find((each) => each.fingerprint === fingerprint && each.endedAt === null);
  return flap !== undefined && (state !== 'resolved' || flap.announced === id);
}
