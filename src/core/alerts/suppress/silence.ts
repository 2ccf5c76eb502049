import { humanDuration, MINUTE } from '../../../base/duration.ts';
import { compileGlob } from '../../../base/glob.ts';
import type { Alert } from '../../model/alert.ts';
import type { LabelMatch } from '../../model/notification.ts';
import { type Silence, silenceState } from '../../model/silence.ts';
import type { AlertsDocument } from '../../model/state.ts';
import type { Suppression } from '../../model/suppression.ts';
import { nameSome, subjectOf } from '../facts.ts';
import { matchesLabels } from '../routing.ts';

/** More silences than this at once are refused; of those that have ended the newest so many are kept. */
export const MOST_SILENCES = 1_000;

/** How long before its end a silence under which something fires is told to end; a short one at the last quarter of its time. */
export const REMINDER_LEAD = 15 * MINUTE;

/** Which silence silences an alert at a moment, if one does; of several the one that lasts longest. */
export function silencer(silences: readonly Silence[], at: number): (alert: Alert) => Suppression | null {
  const active = silences
    .filter((silence) => silenceState(silence, at) === 'active')
    .sort((a, b) => b.endsAt - a.endsAt || (a.id < b.id ? -1 : 1))
    .map((silence) => ({ silence, match: matchOf(silence) }));
  return ({ labels }) => {
    const found = active.find(({ match }) => matchesLabels(match, labels))?.silence;
    if (found === undefined) return null;
    const { id, author, comment, endsAt } = found;
    const by = author === '' ? '' : ` by ${author}`;
    return { by: 'silence', text: `silenced${by}${comment === '' ? '' : `: ${comment}`}`.slice(0, TEXT), id, until: endsAt };
  };
}

const TEXT = 300;

/** A silence's matchers, ready to be asked. */
export function matchOf({ match }: Pick<Silence, 'match'>): LabelMatch {
  return new Map(Object.entries(match).map(([key, globs]) => [key, globs.map(compileGlob)]));
}

/** The pending and firing alerts that a silence matches now. */
export function coveredBy(silence: Pick<Silence, 'match'>, alerts: readonly Alert[]): readonly Alert[] {
  const match = matchOf(silence);
  return alerts.filter(({ state, labels }) => state !== 'resolved' && matchesLabels(match, labels));
}

/** Adds a silence; `null` when there are as many as there may be. */
export function addSilence(document: AlertsDocument, silence: Silence): AlertsDocument | null {
  const live = document.silences.filter(({ endsAt }) => endsAt > silence.createdAt);
  return live.length >= MOST_SILENCES ? null : { ...document, silences: [...document.silences, silence] };
}

/** Ends a silence now; one that has ended already stays as it is. */
export function endSilence(document: AlertsDocument, id: string, now: number): AlertsDocument {
  const end = (silence: Silence): Silence =>
    silence.id !== id || silence.endsAt <= now ? silence : { ...silence, endsAt: now, startsAt: Math.min(silence.startsAt, now) };
  return { ...document, silences: document.silences.map(end) };
}

/** The silences at a moment: those that wait for their alerts to resolve end when these have, and those that ended before the window go, and the oldest when there are many. */
export function keepSilences(
  silences: readonly Silence[],
  { alerts, now, window }: { readonly alerts: readonly Alert[]; readonly now: number; readonly window: number },
): readonly Silence[] {
  const ended = silences.filter(({ endsAt }) => endsAt <= now && endsAt > now - window).sort((a, b) => b.endsAt - a.endsAt);
  const gone = new Set(ended.slice(MOST_SILENCES));
  return silences
    .filter((silence) => silence.endsAt > now - window && !gone.has(silence))
    .map((silence) => {
      if (!silence.untilResolved || silenceState(silence, now) !== 'active') return silence;
      const fires = coveredBy(silence, alerts).some(({ state }) => state === 'firing');
      if (fires) return silence.covered ? silence : { ...silence, covered: true };
      return silence.covered ? { ...silence, endsAt: now } : silence;
    });
}

/** A silence that is about to end while alerts fire under it, and what is to be said of that. */
export interface Reminder {
  readonly silence: Silence;
  readonly alerts: readonly Alert[];
  readonly text: string;
}

/** The silences that are about to end, each once. An alert that another silence covers for longer counts for that one. */
export function dueReminders(
  { silences, alerts }: Pick<AlertsDocument, 'silences' | 'alerts'>,
  now: number,
): readonly Reminder[] {
  return silences.flatMap((silence) => {
    const { id, startsAt, endsAt, reminded } = silence;
    const lead = Math.min(REMINDER_LEAD, (endsAt - startsAt) / 4);
    if (reminded || silenceState(silence, now) !== 'active' || endsAt - now > lead) return [];
    const under = alerts.filter(({ state, suppressed }) => state === 'firing' && suppressed?.id === id);
    return under.length === 0 ? [] : [{ silence, alerts: under, text: reminderText(silence, under, now) }];
  });
}

const NAMED = 5;

function reminderText({ comment, author, endsAt }: Silence, alerts: readonly Alert[], now: number): string {
  const whose = author === '' ? 'a silence' : `the silence of ${author}`;
  const said = comment === '' ? '' : ` (${comment.slice(0, TEXT)})`;
  const names = alerts.map(({ alert, labels }) => `${alert} ${subjectOf(labels)}`.trimEnd());
  const many = alerts.length === 1 ? 'an alert still fires' : `${alerts.length} alerts still fire`;
  return `${whose} ends in ${humanDuration(endsAt - now)} and ${many} under it: ${nameSome(names, NAMED)}${said}`;
}
