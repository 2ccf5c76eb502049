import { humanDuration } from '../../base/duration.ts';
import { humanSize } from '../../base/size.ts';
import type { CycleSummary, GapReason } from '../../core/model/cycle.ts';
import type { Delivery } from '../../core/model/notification.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import { type Html, html } from '../html.ts';
import type { PageContext } from '../layout.ts';
import { countText, plural } from '../quantity.ts';
import type { ReceiverStatus } from '../view.ts';

/** What was read last, what could not be seen, what the receivers do and how much is kept. */
export function statusPanels(context: PageContext): Html {
  const last = context.view.window().scheduled.at(-1);
  return html`<section aria-label="Collection and delivery" class="panels">
${lastCyclePanel(context, last)}
${last !== undefined && notSeenPanel(last)}
${receiversPanel(context)}
${keptPanel(context)}
</section>`;
}

function lastCyclePanel({ view, time, now }: PageContext, last: CycleSummary | undefined): Html {
  const progress = view.progress();
  const next = view.nextCycleAt();
  const running =
    progress !== null && html`<p class="muted">Running now: ${progress.done} of ${plural(progress.total, 'container')} read</p>`;
  const rows: readonly (readonly [string, Html | string])[] =
    last === undefined
      ? []
      : [
          ['Pods', countText(last.pods)],
          ['Containers', countText(last.containers)],
          ['Log lines', `${countText(last.lines)} (${humanSize(last.bytes)})`],
          ['Took', tookText(last.finishedAt - last.startedAt)],
          ...(last.missed > 0 ? [['Missed before it', plural(last.missed, 'cycle')] as const] : []),
        ];
  return html`<div class="panel"><h2>Last cycle</h2>
<p class="big">${last === undefined ? 'None yet' : html`${time.element(last.finishedAt)} <span class="muted small">${humanDuration(now - last.finishedAt)} ago</span>`}</p>
${running}
<ul>${rows.map(listRow)}${listRow(['Next', next === null ? 'not scheduled' : time.element(next)])}</ul></div>`;
}

function tookText(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : humanDuration(ms);
}

const GAP_TEXTS: Readonly<Record<GapReason, string>> = {
  rotated: 'log rotated before it was read',
  missed_instances: 'instances came and went between two reads',
  truncated: 'more than one cycle may read',
  read_failed: 'log could not be read',
  node_skipped: 'node did not answer',
  gone: 'removed before it was read to its end',
};
const MOST_GROUPS = 8;

function notSeenPanel(cycle: CycleSummary): Html {
  const gaps = group(cycle.gaps.map((gap) => gapText(gap.reason)));
  const errors = group(
    cycle.errors.map(
      ({ source, namespace, reason }) => `${source}${namespace === null ? '' : ` in ${namespace}`}: ${reasonText(reason)}`,
    ),
  );
  const groups = [...errors, ...gaps];
  const lost = cycle.gaps.reduce((sum, gap) => sum + (gap.bytes ?? 0), 0);
  const title =
    groups.length === 0
      ? 'Nothing missed'
      : [count(cycle.errors.length, 'source'), count(cycle.gaps.length, 'gap')].filter(Boolean).join(', ');
  return html`<div class="panel"><h2>Could not be seen</h2>
<p class="big">${title}</p>
<ul>${groups.slice(0, MOST_GROUPS).map(([text, times]) => listRow([text, times === 1 ? '' : `${countText(times)} ×`]))}</ul>
${lost > 0 && html`<p class="muted">About ${humanSize(lost)} of log text was lost to rotation.</p>`}
${groups.length === 0 && html`<p class="muted">Every source answered and every log was read without a gap.</p>`}
${groups.length > MOST_GROUPS && html`<p class="muted">${plural(groups.length - MOST_GROUPS, 'more kind')} in the <a href="/api/v1/cycles?limit=1">cycle’s record</a></p>`}</div>`;
}

function gapText(reason: GapReason): string {
  return GAP_TEXTS[reason];
}

function reasonText(reason: string): string {
  return reason === 'absent' ? 'not installed' : reason.replaceAll('_', ' ');
}

function count(number: number, noun: string): string | null {
  return number === 0 ? null : plural(number, noun);
}

/** Equal texts once, the most frequent first. */
function group(texts: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function receiversPanel({ view, time }: PageContext): Html {
  const receivers = view.receivers();
  const { deliveries } = view.alerts();
  const on = receivers.filter((receiver) => !receiver.off);
  const pending = on.reduce((sum, receiver) => sum + receiver.pending, 0);
  const title = on.length === 0 ? 'Nobody is told' : pending > 0 ? `${plural(pending, 'message')} waiting` : 'Nothing waiting';
  const rows = receivers.map((receiver) => {
    const own = deliveries.filter((delivery) => delivery.receiver === receiver.name);
    const when = receiver.lastDeliveredAt !== null && html`<br><small>last ${time.element(receiver.lastDeliveredAt)}</small>`;
    const error = receiver.lastError !== null && !receiver.off && html`<br><small class="bad">${receiver.lastError}</small>`;
    return listRow([
      html`${receiver.name}${receiver.kind !== receiver.name && html` <small>${receiver.kind}</small>`}${error}`,
      html`${receiverText(receiver, own)}${when}`,
    ]);
  });
  return html`<div class="panel"><h2><a href="/deliveries">Receivers</a></h2>
<p class="big">${title}</p>
<ul>${rows}</ul>
${receivers.length === 0 && html`<p class="muted">No receiver is set up.</p>`}</div>`;
}

function receiverText(receiver: ReceiverStatus, deliveries: readonly Delivery[]): Html {
  if (receiver.off) return html`<span class="muted">off: no address</span>`;
  const dead = deliveries.filter(({ status }) => status === 'dead').length;
  const delivered = deliveries.filter(({ status }) => status === 'delivered').length;
  const parts: readonly Html[] = [
    ...(delivered > 0 || dead + receiver.pending === 0 ? [html`${countText(delivered)} delivered`] : []),
    ...(receiver.pending > 0 ? [html`<span class="hot">${countText(receiver.pending)} waiting</span>`] : []),
    ...(dead > 0 ? [html`<span class="bad">${countText(dead)} refused</span>`] : []),
  ];
  return html`${parts.map((part, i) => (i === 0 ? part : html`, ${part}`))}`;
}

function keptPanel({ view, time }: PageContext): Html {
  const { cycles } = view.window();
  const rules = view.rules();
  const off = rules.filter((rule) => !rule.enabled).length;
  const first = cycles[0];
  const uncounted = view.window().uncountedCycles(countedFor(rules.filter((rule) => rule.enabled)));
  return html`<div class="panel"><h2>Kept</h2>
<p class="big">${humanSize(view.storeBytes())}</p>
<ul>${listRow(['Cycles', countText(cycles.length)])}
${first !== undefined && listRow(['Oldest', time.element(first.at)])}
${listRow([html`<a href="/rules">Rules</a>`, off === 0 ? countText(rules.length) : `${countText(rules.length - off)} (${off} off)`])}
${uncounted > 0 && listRow(['Counted for new rules', `${countText(cycles.length - uncounted)} of ${plural(cycles.length, 'cycle')}`])}
${listRow(['Running since', time.element(view.startedAt)])}</ul></div>`;
}

function listRow([name, text]: readonly [Html | string, Html | string]): Html {
  return html`<li><span>${name}</span><span>${text}</span></li>`;
}
