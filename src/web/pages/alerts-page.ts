import { humanDuration } from '../../base/duration.ts';
import type { Alert } from '../../core/model/alert.ts';
import { alertValueText, sinceOf, stateBadge, suppressionBadge } from '../alert-text.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, renderPage, severityBadge } from '../layout.ts';
import { countText, plural } from '../quantity.ts';
import { whereLink } from '../workload/workload-path.ts';
import { compareUrgency } from './firing-cards.ts';

const MOST_ROWS = 300;

/** What fires, what is about to, and what has resolved within the window. */
export function alertsPage(context: PageContext): string {
  const { alerts } = context.view.alerts();
  const firing = alerts.filter((alert) => alert.state === 'firing').sort(compareUrgency);
  const pending = alerts.filter((alert) => alert.state === 'pending').sort((a, b) => b.activeAt - a.activeAt);
  const resolved = alerts.filter((alert) => alert.state === 'resolved').sort(compareEnds);
  const content = html`<h1>Alerts</h1>
${alertTable(context, { id: 'firing', title: 'Firing', alerts: firing, empty: 'Nothing is firing.', last: 'Firing' })}
${alertTable(context, { id: 'pending', title: 'Pending', alerts: pending, empty: 'Nothing is pending: no condition is true that has yet to last.', last: 'True' })}
${alertTable(context, { id: 'resolved', title: 'Recently resolved', alerts: resolved, empty: 'Nothing has resolved within the stored window.', last: 'Resolved' })}`;
  return renderPage(context, { title: 'Alerts', here: '/alerts', content });
}

/** Alerts of one workload or rule: those that are active, and those that have resolved within the window. */
export function alertTables(context: PageContext, alerts: readonly Alert[]): readonly (Html | null)[] {
  const active = alerts.filter((alert) => alert.state !== 'resolved').sort((a, b) => b.activeAt - a.activeAt);
  const resolved = alerts.filter((alert) => alert.state === 'resolved').sort(compareEnds);
  const empty = 'Nothing is firing or pending.';
  return [
    alertTable(context, { id: 'alerts', title: 'Alerts', alerts: active, empty, last: 'Since' }),
    resolved.length === 0
      ? null
      : alertTable(context, { id: 'resolved', title: 'Resolved', alerts: resolved, empty: '', last: 'Resolved' }),
  ];
}

/** The newest end first. */
function compareEnds(a: Alert, b: Alert): number {
  return (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0);
}

interface AlertTable {
  readonly id: string;
  readonly title: string;
  readonly alerts: readonly Alert[];
  readonly empty: string;
  /** What the time in the last column is. */
  readonly last: string;
}

/** Alerts in their order, with a link to each. */
function alertTable(context: PageContext, { id, title, alerts, empty, last }: AlertTable): Html {
  const rest = alerts.length - MOST_ROWS;
  const rows = alerts.slice(0, MOST_ROWS).map((alert) => alertRow(context, alert, last));
  const body =
    alerts.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`<table class="stacked two"><caption class="vh">${title}</caption>
<thead><tr><th scope="col">Alert</th><th scope="col">Severity</th><th scope="col">What</th><th scope="col" class="n">Value</th><th scope="col" class="n">${last}</th></tr></thead>
<tbody>${rows}</tbody></table>`;
  return html`<section aria-labelledby="${id}"><div class="head"><h2 id="${id}">${title} <small>${countText(alerts.length)}</small></h2></div>
<div class="table">${body}</div>
${rest > 0 && html`<p class="more">${plural(rest, 'more')} through the <a href="/api/v1/alerts">API</a></p>`}</section>`;
}

function alertRow({ time, now }: PageContext, alert: Alert, label: string): Html {
  const since = sinceOf(alert);
  const duration =
    alert.resolvedAt === null
      ? html`${time.element(since)}<br><small>${humanDuration(now - since)}</small>`
      : html`${time.element(alert.resolvedAt)}<br><small>after ${humanDuration(alert.resolvedAt - since)}</small>`;
  const badge = alert.state === 'firing' ? stateBadge(alert) : html`${severityBadge(alert.severity)}${suppressionBadge(alert)}`;
  return html`<tr class="top"><th scope="row" class="full"><div class="name"><div><a href="/alerts/${encodeURIComponent(alert.id)}">${alert.alert}</a><small>${whereLink(alert)}</small></div></div></th>
<td>${badge}</td><td class="t full">${alert.summary}</td><td class="n" data-l="Value">${alertValueText(alert) ?? html`<span class="zero">–</span>`}</td><td class="n" data-l="${label}">${duration}</td></tr>
`;
}
