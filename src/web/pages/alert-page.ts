import { humanDuration } from '../../base/duration.ts';
import { deliveryName } from '../../core/alerts/delivery.ts';
import { type ContextText, contextTexts } from '../../core/alerts/evidence/context-text.ts';
import { silencePath } from '../../core/alerts/suppress/matcher-text.ts';
import type { Alert } from '../../core/model/alert.ts';
import { LEVELS } from '../../core/model/log-line.ts';
import type { Delivery, Evidence } from '../../core/model/notification.ts';
import type { Suppression } from '../../core/model/suppression.ts';
import { factPairs, sinceElement, sinceOf, stateBadge, whereText } from '../alert-text.ts';
import { seriesChart } from '../charts/row-charts.ts';
import { eventsTable } from '../events-table.ts';
import { evidenceLines } from '../evidence-excerpt.ts';
import { type Html, html } from '../html.ts';
import { externalLink, type PageContext, pathWithQuery, renderPage } from '../layout.ts';
import { countText, valueText } from '../quantity.ts';
import { rulePath } from '../rules/rule-status.ts';
import { storedEvidence } from '../stored-evidence.ts';
import { whereLink } from '../workload/workload-path.ts';

/** One alert: what it says, what led to it, what was told. */
export async function alertPage(context: PageContext, alert: Alert): Promise<string> {
  const evidence = await storedEvidence(context.view, alert.id, context.logger);
  const rule = context.view.rules().find((candidate) => candidate.alert === alert.alert);
  const content = html`<div class="title"><p>${stateBadge(alert)} <span class="muted">${lifeText(context, alert)}</span></p><h1>${alert.alert}</h1><p>${whereLink(alert)}</p><p class="lead">${alert.summary}</p></div>
<div class="split">
<div class="stack">
${chartSection(context, alert, evidence)}
${evidence === null ? html`<p class="muted">No evidence is stored for this alert${alert.state === 'pending' && ' yet: it is gathered when the alert fires'}.</p>` : evidenceSections(context, alert, evidence)}
</div>
<div class="stack">
<section class="sheet"><h2>About</h2><dl class="pairs">
${pair('Where', whereLink(alert))}
${factPairs(alert).map(([name, text]) => pair(name, text))}
${pair('Peak', valueText(alert.peak, alert.unit))}
${(alert.facts.notes ?? []).map((note) => pair('Note', note))}
${alert.suppressed && pair(alert.state === 'resolved' ? 'Was not told' : 'Not told', suppressionText(context, alert.suppressed))}
${pair('Condition', rule?.condition.text ?? 'the rule no longer exists')}
${rule !== undefined && pair('Rule', html`<a href="${rulePath(rule.alert)}">${rule.file}:${rule.line}</a>`)}
${rule !== undefined && rule.for > 0 && pair('Held for', humanDuration(rule.for))}
${rule?.runbook && pair('Runbook', externalLink(rule.runbook, rule.runbook))}
${logsLink(alert)}
${alert.state !== 'resolved' && pair('Silence', html`<a href="${silencePath(alert)}">this alert</a>`)}
</dl></section>
<section class="sheet"><h2>Timeline</h2>${timeline(context, alert)}</section>
<section class="sheet"><h2>Labels</h2><dl class="pairs">${Object.entries(alert.labels).map(([name, value]) => pair(name, value))}</dl></section>
</div>
</div>`;
  return renderPage(context, { title: `${alert.alert} ${whereText(alert)}`, here: '/alerts', content });
}

function lifeText({ time, now }: PageContext, alert: Alert): Html {
  if (alert.resolvedAt === null) return sinceElement(sinceOf(alert), now, time);
  return html`${time.element(alert.resolvedAt)}, after ${humanDuration(alert.resolvedAt - sinceOf(alert))}`;
}

function suppressionText({ view }: PageContext, { by, id, text }: Suppression): Html | string {
  if (by === 'silence') return html`<a href="/silences#${id}">${text}</a>`;
  const source = by === 'inhibition' && view.alerts().alerts.some((alert) => alert.id === id) ? id : null;
  return source === null ? text : html`<a href="/alerts/${encodeURIComponent(source)}">${text}</a>`;
}

function pair(name: string, value: Html | string | null): Html | null {
  return value === null ? null : html`<dt>${name}</dt><dd>${value}</dd>`;
}

function logsLink(alert: Alert): Html | null {
  const { namespace, kind, workload, container } = alert.labels;
  if (namespace === undefined || workload === undefined) return null;
  const path = pathWithQuery('/logs', { namespace, kind: kind ?? null, workload, container: container ?? null });
  return pair('Logs', html`<a href="${path}">of this workload</a>`);
}

function chartSection({ time }: PageContext, alert: Alert, evidence: Evidence | null): Html | null {
  const series = evidence?.series ?? [];
  const threshold = valueText(alert.threshold, alert.unit);
  const title = `Value minute by minute${threshold === null ? '' : `, against the threshold of ${threshold}`}`;
  const chart = seriesChart(series, alert.threshold, title);
  if (chart === null) return null;
  const peak = valueText(Math.max(...series.map(({ value }) => value ?? 0)), alert.unit);
  const [first, last] = [series[0], series.at(-1)];
  return html`<section aria-labelledby="value"><div class="head"><h2 id="value">Value</h2><p class="muted">highest ${peak}${threshold !== null && `, threshold ${threshold} (dashed)`}</p></div>
${chart}<p class="head small muted"><span>${first !== undefined && time.element(first.at)}</span><span>${last !== undefined && time.element(last.at)}</span></p></section>`;
}

function evidenceSections(context: PageContext, alert: Alert, evidence: Evidence): readonly (Html | null)[] {
  const { matching, patterns, lastLines, events, terminations } = evidence;
  const { timezone } = context.view;
  const sections = [
    logSection('matching', 'Matching lines', evidenceLines(matching)),
    patternsSection(patterns ?? []),
    logSection('last', terminations.length === 0 ? 'Last lines' : 'Last lines before it ended', evidenceLines(lastLines)),
    terminationsTable(context, terminations),
    eventsTable(context, events),
    ...contextTexts(evidence, { begin: sinceOf(alert), timezone }).map(contextSection),
  ];
  return sections.every((section) => section === null)
    ? [html`<p class="muted">Nothing was found in logs and events.</p>`]
    : sections;
}

function logSection(id: string, title: string, lines: readonly Html[]): Html | null {
  if (lines.length === 0) return null;
  return html`<section aria-labelledby="${id}"><div class="head"><h2 id="${id}">${title} <small>${lines.length}</small></h2></div><pre class="log">${lines}</pre></section>`;
}

function contextSection({ kind, heading, lines }: ContextText): Html {
  const items = lines.map((line) => html`<li>${line}</li>`);
  return html`<section aria-labelledby="${kind}"><div class="head"><h2 id="${kind}">${heading}</h2></div><ul class="points">${items}</ul></section>`;
}

function patternsSection(patterns: NonNullable<Evidence['patterns']>): Html | null {
  if (patterns.length === 0) return null;
  const rows = patterns.map(
    ({ level, template, count, sample }) =>
      html`<tr class="top"><td class="n" data-l="Lines">${countText(count)}</td><td class="lv-${LEVELS[level]}" data-l="Level">${LEVELS[level]}</td><td class="t full"><span class="mono">${template}</span><br><small class="mono">${sample}</small></td></tr>`,
  );
  return html`<section aria-labelledby="patterns"><div class="head"><h2 id="patterns">Top patterns</h2></div><div class="table"><table class="stacked"><thead><tr><th scope="col" class="n">Lines</th><th scope="col">Level</th><th scope="col">Pattern, and a line</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function terminationsTable({ time }: PageContext, terminations: Evidence['terminations']): Html | null {
  if (terminations.length === 0) return null;
  const rows = terminations.map(
    ({ at, pod, container, reason, exitCode, message }) =>
      html`<tr class="top"><td data-l="At">${time.exact(at)}</td><td class="t word" data-l="Reason">${reason}</td><td class="n" data-l="Exit code">${exitCode}</td><td class="t full">${pod} · ${container}${message !== '' && html`<br><small class="mono">${message}</small>`}</td></tr>`,
  );
  return html`<section aria-labelledby="ends"><div class="head"><h2 id="ends">Terminations</h2></div><div class="table"><table class="stacked"><thead><tr><th scope="col">At</th><th scope="col">Reason</th><th scope="col" class="n">Exit code</th><th scope="col">Container</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function timeline({ view, time }: PageContext, alert: Alert): Html {
  const entries: { readonly at: number; readonly css: string; readonly text: string; readonly note: string | null }[] = [
    { at: alert.activeAt, css: '', text: 'The condition became true', note: null },
  ];
  if (alert.firedAt !== null) entries.push({ at: alert.firedAt, css: alert.severity, text: 'Fired', note: null });
  if (alert.resolvedAt !== null) {
    const lasted = `after ${humanDuration(alert.resolvedAt - sinceOf(alert))}`;
    entries.push({ at: alert.resolvedAt, css: 'ok', text: `Resolved ${lasted}`, note: alert.resolvedReason });
  }
  for (const delivery of view.alerts().deliveries.filter((candidate) => names(candidate, alert))) {
    entries.push({ at: delivery.deliveredAt ?? delivery.createdAt, css: '', ...deliveryText(delivery) });
  }
  entries.sort((a, b) => a.at - b.at);
  const items = entries.map(
    ({ at, css, text, note }) =>
      html`<li class="${css}">${text} <small>${time.exact(at)}${note !== null && html` · ${note}`}</small></li>`,
  );
  return html`<ul class="timeline">${items}</ul>`;
}

/** How long after its end an alert's last messages are looked for. */
const TOLD_WITHIN_MS = 3_600_000;

/** A delivery belongs to this life of the alert when it names it and was made during it. */
function names(delivery: Delivery, alert: Alert): boolean {
  if (alert.firedAt === null || delivery.createdAt < alert.firedAt) return false;
  if (alert.resolvedAt !== null && delivery.createdAt > alert.resolvedAt + TOLD_WITHIN_MS) return false;
  return delivery.alerts.includes(deliveryName(alert));
}

function deliveryText(delivery: Delivery): { readonly text: string; readonly note: string | null } {
  switch (delivery.status) {
    case 'delivered':
      return { text: `Told to ${delivery.receiver}`, note: delivery.attempts > 1 ? `at attempt ${delivery.attempts}` : null };
    case 'pending':
      return { text: `Waiting for ${delivery.receiver}`, note: delivery.lastError };
    case 'dead':
      return { text: `Refused by ${delivery.receiver}`, note: delivery.lastError };
    default:
      return delivery.status satisfies never;
  }
}
