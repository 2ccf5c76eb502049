import { humanDuration } from '../base/duration.ts';
import { type Alert, SEVERITIES, type Severity } from '../core/model/alert.ts';
import type { StatusView } from './view.ts';
import type { ZoneTime } from './zone-time.ts';

/** How things are, in one sentence and one word. */
export interface StatusSentence {
  readonly tone: 'ok' | 'degraded' | 'waiting' | Severity;
  readonly text: string;
  /** What has to be said besides; `null` when nothing. */
  readonly note: string | null;
  /** What cannot be seen or delivered, or why the daemon is not at work; empty when all is well. */
  readonly reasons: readonly string[];
}

/** The page's first sentence: whether all is well, and since when. */
export function statusSentence(view: StatusView, time: ZoneTime): StatusSentence {
  const { reasons } = view.health();
  const firing = view.alerts().alerts.filter((alert) => alert.state === 'firing');
  if (firing.length > 0) return { tone: worst(firing), text: firingText(firing, time), note: unseenText(firing), reasons };
  return { ...quietSentence(view, time), note: null, reasons };
}

function quietSentence(view: StatusView, time: ZoneTime): Pick<StatusSentence, 'tone' | 'text'> {
  const { status } = view.health();
  if (!view.ready()) return { tone: 'waiting', text: 'Tocsin is starting: the store is being read.' };
  if (status === 'failing') return { tone: 'critical', text: 'Tocsin is not at work: what happens now is not seen.' };
  if (view.window().cycles.length === 0) return { tone: 'waiting', text: 'Waiting for the first look at the cluster.' };
  if (status === 'degraded') return { tone: 'degraded', text: 'No alert is firing, but not everything can be seen or told.' };
  const since = wellSince(view);
  return { tone: 'ok', text: `All is well since ${time.short(since)} (${humanDuration(view.now() - since)}).` };
}

/** The end of the newest alert that fired, or the oldest look at the cluster that is still stored. */
function wellSince(view: StatusView): number {
  let since = view.window().scheduled[0]?.at ?? view.startedAt;
  for (const alert of view.alerts().alerts) {
    if (alert.firedAt !== null && alert.resolvedAt !== null) since = Math.max(since, alert.resolvedAt);
  }
  return Math.min(since, view.now());
}

function firingText(firing: readonly Alert[], time: ZoneTime): string {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = firing.filter((alert) => alert.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const oldest = Math.min(...firing.map((alert) => alert.activeAt));
  const listed = counts.length > 2 ? `${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}` : counts.join(' and ');
  return firing.length === 1
    ? `${listed} alert is firing, since ${time.short(oldest)}.`
    : `${listed} ${firing.filter((alert) => alert.severity === lastSeverity(firing)).length === 1 ? 'alert' : 'alerts'} are firing; the oldest since ${time.short(oldest)}.`;
}

/** The severity that is named last, whose count the noun follows. */
function lastSeverity(firing: readonly Alert[]): Severity {
  return SEVERITIES.find((severity) => firing.some((alert) => alert.severity === severity)) ?? 'info';
}

function unseenText(firing: readonly Alert[]): string | null {
  const unseen = firing.filter((alert) => alert.unknown).length;
  if (unseen === 0) return null;
  return unseen === 1
    ? 'The subject of one alert cannot be seen at present; the alert is kept until it can.'
    : `The subjects of ${unseen} alerts cannot be seen at present; the alerts are kept until they can.`;
}

function worst(firing: readonly Alert[]): Severity {
  return SEVERITIES.findLast((severity) => firing.some((alert) => alert.severity === severity)) ?? 'info';
}
