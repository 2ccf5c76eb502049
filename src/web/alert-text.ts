import { humanDuration } from '../base/duration.ts';
import { exitCodeMeaning } from '../core/alerts/exit-code.ts';
import { nameSome } from '../core/alerts/facts.ts';
import { SUPPRESSED } from '../core/alerts/suppress/suppress.ts';
import type { Alert } from '../core/model/alert.ts';
import { type Html, html } from './html.ts';
import { severityBadge } from './layout.ts';
import { valueText } from './quantity.ts';
import type { ZoneTime } from './zone-time.ts';

/** `shop-1/checkout · app`: where an alert is; what is about no workload is named by its node or pod. */
export function whereText(alert: Alert): string {
  const { namespace, workload, node, pod, container } = alert.labels;
  const place = [namespace, workload ?? pod ?? node].filter((part) => part !== undefined && part !== '').join('/');
  return container === undefined ? place : `${place} · ${container}`;
}

/** `9.4% (threshold 5%)`; `null` for conditions without a number. */
export function alertValueText(alert: Alert): string | null {
  const value = valueText(alert.value, alert.unit);
  const threshold = valueText(alert.threshold, alert.unit);
  if (value === null) return null;
  return threshold === null ? value : `${value} (threshold ${threshold})`;
}

/** The moment that people count from, here as in messages: its condition became true. */
export function sinceOf(alert: Alert): number {
  return alert.activeAt;
}

/** The state as a badge: severity while it fires, else the word. */
export function stateBadge(alert: Alert): Html {
  const unseen = alert.unknown ? html` <span class="badge quiet">Cannot be seen now</span>` : null;
  const untold = suppressionBadge(alert);
  if (alert.state === 'firing') return html`${severityBadge(alert.severity)}${unseen}${untold}`;
  if (alert.state === 'pending') return html`<span class="badge quiet">Pending</span>${unseen}${untold}`;
  return html`<span class="badge ok">Resolved</span>`;
}

/** That the alert is not told, in a word; the reason is its title. */
export function suppressionBadge({ suppressed }: Alert): Html | null {
  if (suppressed === undefined) return null;
  const word = SUPPRESSED[suppressed.by];
  return html` <span class="badge quiet" title="${suppressed.text}">${word.charAt(0).toUpperCase()}${word.slice(1)}</span>`;
}

/** Since when, and for how long: `since 13:52 (23 min)`. */
export function sinceElement(from: number, to: number, time: ZoneTime): Html {
  return html`since ${time.element(from)} (${humanDuration(to - from)})`;
}

function exitCodeText(code: number, reason: string | undefined): string {
  const meaning = exitCodeMeaning(code, reason);
  return meaning === null ? String(code) : `${code}: ${meaning}`;
}

const NAMED_PODS = 3;

/** Label and value pairs of what is known about an alert's subject, for a definition list. */
export function factPairs(alert: Alert): readonly (readonly [string, string])[] {
  const { reason, exit_code, count, pods = [], node, image } = alert.facts;
  const named = nameSome(pods, NAMED_PODS);
  const pairs: readonly (readonly [string, string | null | undefined])[] = [
    ['Reason', reason],
    ['Exit code', exit_code === undefined ? null : exitCodeText(exit_code, reason)],
    ['Value', alertValueText(alert)],
    ['Count', count === undefined || alert.unit === 'count' ? null : String(count)],
    [pods.length === 1 ? 'Pod' : 'Pods', named === '' ? null : named],
    ['Node', node],
    ['Image', image],
  ];
  return pairs.flatMap(([name, text]) => (text === null || text === undefined || text === '' ? [] : [[name, text] as const]));
}
