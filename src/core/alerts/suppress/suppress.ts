import type { Alert, Transition } from '../../model/alert.ts';
import type { Flap } from '../../model/flap.ts';
import type { NotificationPolicy } from '../../model/notification.ts';
import type { AlertsDocument } from '../../model/state.ts';
import type { Suppression } from '../../model/suppression.ts';
import { advanceFlaps, flapSuppression, newestLives } from './flapping.ts';
import { inhibitor } from './inhibition.ts';
import { muter } from './mute.ts';
import { keepSilences, silencer } from './silence.ts';

export interface SuppressInput {
  readonly document: AlertsDocument;
  readonly transitions: readonly Transition[];
  readonly policy: Pick<NotificationPolicy, 'inhibitions' | 'mutes'>;
  /** The nodes of an alert's pods; none when they are not known. */
  readonly nodesOf: (alert: Alert) => readonly string[];
  /** Whether the alert's workload is to be ignored, by its own annotations. */
  readonly ignored: (alert: Alert, at: number) => Suppression | null;
  readonly now: number;
  /** How long ended alerts are kept, in milliseconds. */
  readonly window: number;
}

export interface Suppressed {
  /** With its alerts marked by what suppresses them now, its silences and flaps as they are now, and the ends that are owed later. */
  readonly document: AlertsDocument;
  /** Ids of ended alerts that nobody was told of and that are to be told now. */
  readonly ends: ReadonlySet<string>;
  /** Ids of alerts that are to be told now, known or not: they flap from now on, or no longer. */
  readonly news: ReadonlySet<string>;
}

/** What an alert is called that is not told. */
export const SUPPRESSED: Readonly<Record<Suppression['by'], string>> = {
  silence: 'silenced',
  ignore: 'ignored',
  mute: 'muted',
  inhibition: 'inhibited',
  flapping: 'flapping',
};

/**
 * Decides which alerts are not told, and which ends of alerts that nobody was told of are. An alert that was suppressed while it fired, or
 * was at its end, ends in silence; one that began and ended unsuppressed before it could be told is told now, or once that is allowed.
 */
export function suppress(given: SuppressInput): Suppressed {
  const { now, window, transitions } = given;
  const { alerts } = given.document;
  const silences = keepSilences(given.document.silences, { alerts, now, window });
  const input = { ...given, document: { ...given.document, silences } };
  const decide = decider(
    input,
    now,
    alerts.filter(({ state }) => state === 'firing'),
  );
  const { flaps, news } = tellFlaps(
    advanceFlaps({ flaps: input.document.flaps, alerts, transitions, now, window }),
    alerts,
    decide,
  );
  const flapping = new Map(
    flaps.filter(({ endedAt }) => endedAt === null).map((flap) => [flap.fingerprint, flapSuppression(flap)]),
  );
  const unheard = unheardEnds(input);
  const told = new Set(input.document.groups.flatMap((group) => group.told));
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const [ends, owed] = [new Set<string>(), [] as string[]];
  const suppressed = alerts.map((alert) => {
    const { id, state, fingerprint } = alert;
    if (state === 'resolved' && !unheard.has(id) && !told.has(id) && !news.has(id)) return alert;
    const why =
      decide(alert) ?? (news.has(id) ? null : flapping.get(fingerprint)) ?? (told.has(id) ? null : outlived(alert, byId));
    if (unheard.has(id)) {
      if (why === null) ends.add(id);
      else if (why.by !== 'flapping') owed.push(id);
    }
    return marked(alert, why);
  });
  return { document: { ...input.document, alerts: suppressed, owed, flaps }, ends, news };
}

/**
 * What inhibited an alert that has nothing of its own to tell: it is over but for its rule's hold, or all that it counts happened while what
 * inhibited it was true. To begin to tell of it now would be late. It is told once it is true again, or something more happens.
 */
function outlived({ state, falseSince, suppressed, lastAt }: Alert, byId: ReadonlyMap<string, Alert>): Suppression | null {
  if (state !== 'firing' || suppressed?.by !== 'inhibition') return null;
  const source = byId.get(suppressed.id ?? '');
  const trueTo = source?.state === 'resolved' ? (source.falseSince ?? source.resolvedAt) : null;
  const isTail = lastAt !== undefined && trueTo !== null && lastAt <= trueTo;
  return falseSince !== null || isTail ? suppressed : null;
}

/** Names the alerts whose messages say that they flap, or how that ended, as soon as nothing else keeps them from being told. */
function tellFlaps(
  flaps: readonly Flap[],
  alerts: readonly Alert[],
  decide: Decide,
): { readonly flaps: readonly Flap[]; readonly news: ReadonlySet<string> } {
  const news = new Set<string>();
  const lives = newestLives(flaps, alerts);
  const told = flaps.map((flap) => {
    const life = lives.get(flap.fingerprint);
    const isUntold = flap.endedAt === null ? flap.announced === null : flap.announced !== null && flap.concluded === null;
    if (life === undefined || !isUntold || decide(life) !== null) return flap;
    news.add(life.id);
    return flap.endedAt === null ? { ...flap, announced: life.id } : { ...flap, concluded: life.id };
  });
  return { flaps: told, news };
}

/** Ended alerts that nobody heard of because they ended before they could be told, not because something kept them from being told. */
function unheardEnds(input: SuppressInput): ReadonlySet<string> {
  const deciders = new Map<number, Decide>();
  const decideAt = (at: number) => {
    const known = deciders.get(at);
    if (known !== undefined) return known;
    const firing = input.document.alerts.filter((alert) => firesAt(alert, at));
    const made = decider(input, at, firing);
    deciders.set(at, made);
    return made;
  };
  const began = new Set<string>();
  const ids = new Set(input.document.owed);
  for (const { alert, from, to, at } of input.transitions) {
    if (to === 'firing') began.add(alert.id);
    if (from !== 'firing' || to !== 'resolved') continue;
    const wasSuppressed = !began.has(alert.id) && alert.suppressed !== undefined;
    if (!wasSuppressed && decideAt(alert.resolvedAt ?? at)(alert) === null) ids.add(alert.id);
  }
  return ids;
}

type Decide = (alert: Alert) => Suppression | null;

/** An alert fires between its firing and its end, both included: what ends in one collection ends together. */
function firesAt({ firedAt, resolvedAt }: Alert, at: number): boolean {
  return firedAt !== null && firedAt <= at && (resolvedAt === null || resolvedAt >= at);
}

function decider({ document, policy, nodesOf, ignored }: SuppressInput, at: number, firing: readonly Alert[]): Decide {
  const silence = silencer(document.silences, at);
  const mute = muter(policy.mutes, at);
  const inhibit = inhibitor({ inhibitions: policy.inhibitions, firing, nodesOf });
  return (alert) => silence(alert) ?? ignored(alert, at) ?? mute(alert) ?? inhibit(alert);
}

function marked(alert: Alert, suppression: Suppression | null): Alert {
  const { suppressed, ...bare } = alert;
  if (suppression === null) return suppressed === undefined ? alert : bare;
  return isSame(suppressed, suppression) ? alert : { ...alert, suppressed: suppression };
}

function isSame(a: Suppression | undefined, b: Suppression): boolean {
  return a !== undefined && a.by === b.by && a.text === b.text && a.id === b.id && a.until === b.until;
}
