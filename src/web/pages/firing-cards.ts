import { type Alert, SEVERITIES } from '../../core/model/alert.ts';
import type { Evidence } from '../../core/model/notification.ts';
import { factPairs, sinceElement, sinceOf, whereText } from '../alert-text.ts';
import { evidenceExcerpt } from '../evidence-excerpt.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, severityBadge } from '../layout.ts';
import { plural } from '../quantity.ts';
import { storedEvidence } from '../stored-evidence.ts';

/** Cards on the status page; further alerts are on their own page. */
export const MOST_CARDS = 12;

/** The worst first, then the newest. */
export function compareUrgency(a: Alert, b: Alert): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || sinceOf(b) - sinceOf(a) || (a.id < b.id ? -1 : 1);
}

/** Firing alerts with what was found about them; nothing when none fires. */
export async function firingCards(context: PageContext): Promise<Html | null> {
  const firing = context.view
    .alerts()
    .alerts.filter((alert) => alert.state === 'firing')
    .sort(compareUrgency);
  if (firing.length === 0) return null;
  const shown = firing.slice(0, MOST_CARDS);
  const cards = await Promise.all(
    shown.map(async (alert) => card(context, alert, await storedEvidence(context.view, alert.id, context.logger))),
  );
  const rest = firing.length - shown.length;
  return html`<section aria-labelledby="firing">
<div class="head"><h2 id="firing">Firing alerts</h2><a href="/alerts">All alerts</a></div>
<div class="cards">${cards}</div>
${rest > 0 && html`<p class="more"><a href="/alerts">${plural(rest, 'more firing alert')}</a></p>`}
</section>`;
}

function card(context: PageContext, alert: Alert, evidence: Evidence | null): Html {
  const excerpt = evidenceExcerpt(evidence);
  const facts = factPairs(alert).filter(([name]) => name !== 'Image' && name !== 'Node');
  return html`<article class="card ${alert.severity}">
<header>${severityBadge(alert.severity)}<span class="muted">${sinceElement(sinceOf(alert), context.now, context.time)}</span></header>
<h3><a href="/alerts/${encodeURIComponent(alert.id)}">${alert.alert}</a></h3>
<p class="where muted">${whereText(alert)}${alert.unknown && ' · cannot be seen at present'}</p>
${alert.suppressed && html`<p class="small">Not told: ${alert.suppressed.text}</p>`}
<p>${alert.summary}</p>
${facts.length > 0 && html`<dl class="facts">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`}
${excerpt ?? notes(alert)}
</article>
`;
}

function notes(alert: Alert): Html | null {
  const lines = alert.facts.notes ?? [];
  return lines.length === 0 ? null : html`<ul class="small">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
