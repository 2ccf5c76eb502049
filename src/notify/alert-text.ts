import { humanDuration, MINUTE } from '../base/duration.ts';
import { cut, visible, visibleLine } from '../base/visible.ts';
import { type ContextText, contextTexts } from '../core/alerts/evidence/context-text.ts';
import { exitCodeMeaning } from '../core/alerts/exit-code.ts';
import { formatClock, formatTime, nameSome } from '../core/alerts/facts.ts';
import { silencePath } from '../core/alerts/suppress/matcher-text.ts';
import type { Alert, Severity } from '../core/model/alert.ts';
import type { Evidence, Notification, NotifiedAlert } from '../core/model/notification.ts';
import { formatValue } from '../core/rules/evaluation/value-text.ts';
import { calm, endReason, headline, isOpen } from './headline.ts';

/** What an alert's message is painted in. */
export type Tone = Severity | 'resolved';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** Short sentences under a heading. They are worth more than any excerpt: where room is short they stay. */
export interface Points {
  readonly kind: 'why' | ContextText['kind'];
  readonly heading: string;
  readonly lines: readonly string[];
}

/** Lines shown as they are, under a heading. */
export interface Excerpt {
  readonly kind: 'excerpt';
  readonly heading: string;
  readonly lines: readonly string[];
  /** Which end says most: what does not fit is cut from the other one. */
  readonly keep: 'start' | 'end';
}

export interface Link {
  readonly label: string;
  readonly url: string;
}

/** One alert of a message in words, in the order in which it is told: how bad and what, where, since when, why, what was before it, what to do. */
export interface AlertText {
  readonly tone: Tone;
  /** `CRITICAL · shop-1/checkout: CrashLoopBackOff, 7 restarts in 30 min`. */
  readonly title: string;
  readonly summary: string | null;
  readonly description: string | null;
  readonly where: readonly Fact[];
  /** Since when, or from when to when and how long. */
  readonly status: string;
  /** None is empty. */
  readonly parts: readonly (Points | Excerpt)[];
  /** The one log line that says most, where there is room for no more. */
  readonly lead: string | null;
  readonly links: readonly Link[];
}

const VALUE_CHARACTERS = 300;
const TEXT_CHARACTERS = 1_000;
const LEAD_CHARACTERS = 160;
const PODS = 5;
/** Longer than a probe's period and the grace period of most pods. */
const PROBE_KILLS_WITHIN = 2 * MINUTE;

/** Puts one alert into words. */
export function alertText(notified: NotifiedAlert, notification: Notification): AlertText {
  const { alert, evidence } = notified;
  const over = alert.state === 'resolved';
  // A clean end needs neither log lines nor what was said at the beginning; what began and ended unseen does.
  const said = over && !notified.fresh ? null : evidence;
  const told = over && !notified.fresh;
  const text = (value: string | null) => (value === null || value === '' ? null : cut(visible(value).trim(), TEXT_CHARACTERS));
  return {
    tone: isOpen(notified) ? alert.severity : 'resolved',
    title: `${isOpen(notified) ? alert.severity.toUpperCase() : 'RESOLVED'} · ${headline(notified, notification)}`,
    // A rule without a summary has what the title says already.
    summary: told || isSaid(notified) ? null : text(alert.summary),
    description: told ? null : text(notified.description),
    where: where(alert, notification),
    status: `${status(notified, notification)}${flapStatus(notified)}`,
    parts: [
      short({
        kind: 'why',
        heading: 'Why',
        lines: [...why(notified), ...(said === null ? [] : probeNote(said, alert.facts.reason))],
      }),
      ...(said === null ? [] : excerpts(said, notification.timezone)),
      ...(said === null ? [] : contextTexts(said, { begin: alert.activeAt, timezone: notification.timezone }).map(short)),
    ].filter(({ lines }) => lines.length > 0),
    lead: said === null ? null : lead(said),
    links: links(notified, notification),
  };
}

function short({ lines, ...points }: Points): Points {
  return { ...points, lines: lines.map((line) => cut(visibleLine(line), VALUE_CHARACTERS)) };
}

function isSaid({ alert, phrase }: NotifiedAlert): boolean {
  return phrase !== null && phrase !== '' && alert.summary.endsWith(`: ${phrase}`);
}

function status(notified: NotifiedAlert, { timezone, createdAt }: Notification): string {
  const { alert, fresh, flapping } = notified;
  const from = alert.activeAt;
  if (alert.state !== 'resolved') {
    const unseen = alert.unknown ? 'it cannot be seen at the moment' : calm(notified, createdAt);
    return `Firing since ${formatTime(from, timezone)}, for ${humanDuration(createdAt - from)}${unseen === null ? '' : `; ${unseen}`}`;
  }
  const to = alert.resolvedAt ?? createdAt;
  const why = endReason(alert);
  const because = why === null ? '' : `: ${why}`;
  const span = `${formatClock(from, timezone)} to ${formatTime(to, timezone)}`;
  return fresh && flapping === null
    ? `Began and ended before this message, ${span}, ${humanDuration(to - from)}${because}`
    : `Resolved after ${humanDuration(to - from)}, ${span}${because}`;
}

function flapStatus({ flapping }: NotifiedAlert): string {
  if (flapping === null) return '';
  return flapping.state === 'begun' ? '; quiet from now on until it is calm for 1 h' : '; calm for 1 h';
}

const SHOWN_LABELS = new Set(['alert', 'severity', 'cluster', 'namespace', 'kind', 'workload', 'pod', 'container', 'node']);

function where(alert: Alert, { cluster }: Notification): readonly Fact[] {
  const { labels, facts } = alert;
  const pods = labels['pod'] === undefined ? (facts.pods ?? []) : [labels['pod']];
  const further = Object.entries(labels).filter(([name, value]) => !SHOWN_LABELS.has(name) && value !== '');
  const all: readonly (readonly [string, string | undefined])[] = [
    ['Cluster', cluster],
    ['Namespace', labels['namespace']],
    ['Workload', [labels['kind'], labels['workload']].filter((part) => part !== undefined).join(' ')],
    [pods.length === 1 ? 'Pod' : 'Pods', nameSome(pods, PODS)],
    ['Container', labels['container']],
    ['Node', labels['node'] ?? facts.node],
    ['Image', facts.image],
    ['Labels', further.map(([name, value]) => `${name}=${value}`).join(', ')],
  ];
  return all.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [{ label, value: cut(visibleLine(value), VALUE_CHARACTERS) }],
  );
}

function why({ alert, condition, runbook }: NotifiedAlert): readonly string[] {
  const { reason, exit_code: code, notes = [] } = alert.facts;
  const lines: string[] = [];
  if (code !== undefined) {
    const meaning = exitCodeMeaning(code, reason);
    lines.push(
      `${reason === undefined || reason === '' ? '' : `${reason}, `}exit code ${code}${meaning === null ? '' : `: ${meaning}`}`,
    );
  } else if (reason !== undefined && reason !== '') lines.push(`Reason: ${reason}`);
  lines.push(...notes);
  const said = (number: number | null) => (number === null || alert.unit === 'none' ? null : formatValue(number, alert.unit));
  const value = said(alert.value);
  const peak = said(alert.peak);
  const over = alert.state === 'resolved';
  const now = value === null ? [] : [over ? `${value} at the end` : `now ${value}`];
  const worst = peak === null || (peak === value && !over) ? [] : [`${over ? 'at worst' : 'at worst so far'} ${peak}`];
  const numbers = (over ? [...worst, ...now] : [...now, ...worst]).join(', ');
  if (condition !== '') lines.push(numbers === '' ? `Rule: ${condition}` : `Rule: ${condition}; ${numbers}`);
  else if (numbers !== '') lines.push(numbers);
  if (runbook !== null && !isWeb(runbook)) lines.push(`Runbook: ${runbook}`);
  return lines;
}

/** A container that its probe ended answers with any code: only the event says who did it. */
function probeNote({ events, terminations }: Evidence, reason = ''): readonly string[] {
  if (reason.endsWith(' probe failed')) return [];
  const [newest] = terminations;
  const event = events.find(({ reason, message }) => reason === 'Unhealthy' && /^(Liveness|Startup) probe /.test(message));
  if (newest === undefined || event === undefined || Math.abs(newest.at - event.at) > PROBE_KILLS_WITHIN) return [];
  const probe = event.message.startsWith('Startup') ? 'start-up' : 'liveness';
  return [`Its ${probe} probe failed before it ended: the kubelet stops such a container, whatever its exit code`];
}

function excerpts(evidence: Evidence, timezone: string): readonly Excerpt[] {
  const line = (each: Evidence['matching'][number]) => visible(each.text).replace(/\s+$/, '');
  const [first, ...further] = evidence.matching;
  return [
    { kind: 'excerpt', heading: lastLinesHeading(evidence), lines: evidence.lastLines.map(line), keep: 'end' },
    { kind: 'excerpt', heading: 'First matching line', lines: first === undefined ? [] : [line(first)], keep: 'start' },
    { kind: 'excerpt', heading: 'More of them', lines: further.map(line), keep: 'start' },
    { kind: 'excerpt', heading: 'Top patterns', lines: patternLines(evidence), keep: 'start' },
    {
      kind: 'excerpt',
      heading: 'Ends of the container',
      // A single end is told as the reason above.
      lines:
        evidence.terminations.length < 2
          ? []
          : evidence.terminations.map((end, i, all) => endLine(end, all[i - 1]?.message, timezone)),
      keep: 'start',
    },
    {
      kind: 'excerpt',
      heading: 'Warning events',
      lines: evidence.events.map((event) =>
        visibleLine(
          `${formatClock(event.at, timezone)} ${event.reason}${event.count > 1 ? ` ×${event.count}` : ''}: ${event.message}`,
        ),
      ),
      keep: 'start',
    },
  ];
}

/** `12 × could not reach <ip>`; a pattern without a line above also shows one. */
function patternLines({ patterns = [], matching }: Evidence): readonly string[] {
  return patterns.flatMap(({ count, template, sample }) => {
    const line = visibleLine(`${count} × ${template}`);
    return matching.length > 0 ? [line] : [line, `    ${visibleLine(sample.split('\n', 1)[0] ?? '')}`];
  });
}

function lead({ matching, lastLines, patterns = [], events, terminations }: Evidence): string | null {
  const [event] = events;
  // What a pod that goes on says last need not be what is the matter.
  if (matching.length === 0 && terminations.length === 0 && event !== undefined)
    return cut(visibleLine(event.message), LEAD_CHARACTERS);
  const text = (matching[0] ?? lastLines.findLast((line) => line.text.trim() !== ''))?.text ?? patterns[0]?.sample;
  return text === undefined ? null : cut(visibleLine(text.split('\n', 1)[0] ?? ''), LEAD_CHARACTERS);
}

function lastLinesHeading({ lastLines, terminations }: Evidence): string {
  const what = terminations.length === 0 ? 'Last lines' : 'Last lines before the crash';
  const pod = lastLines[0]?.pod;
  return pod === undefined ? what : `${what}, ${visibleLine(pod)}`;
}

function endLine(end: Evidence['terminations'][number], before: string | undefined, timezone: string): string {
  const message = end.message === '' ? '' : end.message === before ? ': as above' : `: ${end.message}`;
  return visibleLine(
    `${formatClock(end.at, timezone)} ${end.pod}/${end.container} ${end.reason}, exit code ${end.exitCode}${message}`,
  );
}

function links({ alert, runbook }: NotifiedAlert, { externalUrl }: Notification): readonly Link[] {
  return [
    ...(runbook === null || !isWeb(runbook) ? [] : [{ label: 'Runbook', url: runbook }]),
    ...(externalUrl === null || alert.state === 'resolved'
      ? []
      : [{ label: 'Silence', url: `${externalUrl}${silencePath(alert)}` }]),
    ...(externalUrl === null ? [] : [{ label: 'Status page', url: `${externalUrl}/alerts/${encodeURIComponent(alert.id)}` }]),
  ];
}

/** Only addresses of pages become links; another runbook is told as text. */
function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address) && URL.canParse(address);
}
