import { humanDuration } from '../../base/duration.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { Delivery, OutboxRow } from '../../core/model/notification.ts';
import { DELIVERY_STATUSES } from '../api/routes.ts';
import { deliveredAlert, type NamedAlerts, namedAlerts } from '../delivered-alerts.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, pathWithQuery, renderPage } from '../layout.ts';
import { countText, plural } from '../quantity.ts';

/** What the form asks for; empty strings ask for everything. */
export interface DeliveryFilter {
  readonly receiver: string;
  readonly status: string;
  /** From 1. */
  readonly page: number;
}

export const DELIVERIES_PER_PAGE = 200;
const NAMED_ALERTS = 6;

/** Every message of the window with its attempts and what became of it, newest first. */
export function deliveriesPage(context: PageContext, filter: DeliveryFilter): string {
  const { alerts, deliveries, outbox } = context.view.alerts();
  const found = deliveries
    .filter(({ receiver, status }) => (filter.receiver || receiver) === receiver && (filter.status || status) === status)
    .toSorted((a, b) => b.createdAt - a.createdAt);
  const pages = Math.max(1, Math.ceil(found.length / DELIVERIES_PER_PAGE));
  const page = Math.min(filter.page, pages);
  const shown = found.slice((page - 1) * DELIVERIES_PER_PAGE, page * DELIVERIES_PER_PAGE);
  const known = { waiting: new Map(outbox.map((row) => [row.id, row])), named: namedAlerts(alerts) };
  const content = html`<div class="title"><h1>Deliveries</h1><p class="lead">Every message of the last 24 hours. One that waits is tried again until its receiver takes it or refuses it for good.</p></div>
<section aria-labelledby="messages"><div class="head"><h2 id="messages">Messages <small>${found.length === deliveries.length ? countText(found.length) : `${countText(found.length)} of ${countText(deliveries.length)}`}</small></h2>${searchForm(context, filter)}</div>
<div class="table">${shown.length === 0 ? html`<p class="empty">${deliveries.length === 0 ? 'Nothing has been sent within the stored window.' : 'No message is like that.'}</p>` : table(context, shown, known)}</div>
${pageLinks(filter, page, pages)}</section>`;
  return renderPage(context, { title: 'Deliveries', here: '/deliveries', content });
}

function searchForm({ view }: PageContext, filter: DeliveryFilter): Html {
  const { deliveries } = view.alerts();
  const names = [...new Set([...view.receivers(), ...deliveries].map(nameOf))].sort();
  return html`<form class="find" role="search" aria-label="Messages" action="/deliveries" method="get">
<label>Receiver<select name="receiver"><option value="">all</option>${options(names, filter.receiver)}</select></label>
<label>Outcome<select name="status"><option value="">all</option>${options(DELIVERY_STATUSES, filter.status)}</select></label>
<button>Show</button></form>`;
}

function nameOf(each: { readonly name: string } | { readonly receiver: string }): string {
  return 'name' in each ? each.name : each.receiver;
}

function options(values: readonly string[], chosen: string): readonly Html[] {
  return values.map((value) => html`<option${value === chosen && html` selected`}>${value}</option>`);
}

interface Known {
  /** Messages that wait, by id. */
  readonly waiting: ReadonlyMap<string, OutboxRow>;
  readonly named: NamedAlerts;
}

function table(context: PageContext, deliveries: readonly Delivery[], known: Known): Html {
  return html`<table class="stacked"><caption class="vh">Messages, newest first</caption>
<thead><tr><th scope="col">Made</th><th scope="col">Receiver</th><th scope="col">About</th><th scope="col">Outcome</th><th scope="col" class="n">Attempts</th><th scope="col" class="n">Delivered</th></tr></thead>
<tbody>${deliveries.map((delivery) => row(context, delivery, known))}</tbody></table>`;
}

function row({ time, now }: PageContext, delivery: Delivery, { waiting, named }: Known): Html {
  const { id, receiver, alerts, attempts, createdAt, deliveredAt, lastError } = delivery;
  const more = alerts.length - NAMED_ALERTS;
  const nextAt = waiting.get(id)?.nextAttemptAt ?? 0;
  const delivered =
    deliveredAt === null
      ? html`<span class="zero">–</span>`
      : html`${time.element(deliveredAt)}<br><small>after ${humanDuration(deliveredAt - createdAt)}</small>`;
  const about = alerts
    .slice(0, NAMED_ALERTS)
    .map((name) => html`<li>${alertLink(name, deliveredAlert(named, name, delivery))}</li>`);
  return html`<tr class="top"><td data-l="Made">${time.element(createdAt)}</td><td class="t" data-l="Receiver">${receiver}</td><td class="t full"><ul>${about}</ul>${more > 0 && html`<small>and ${plural(more, 'more alert')}</small>`}</td><td class="t" data-l="Outcome">${outcome(delivery)}${nextAt > now && html`<br><small>next attempt ${time.element(nextAt)}</small>`}${lastError !== null && html`<br><small>${lastError}</small>`}</td><td class="n" data-l="Attempts">${countText(attempts)}</td><td class="n" data-l="Delivered">${delivered}</td></tr>
`;
}

function alertLink(name: string, alert: Alert | undefined): Html {
  return alert === undefined ? html`${name}` : html`<a href="/alerts/${encodeURIComponent(alert.id)}">${name}</a>`;
}

function outcome({ status }: Delivery): Html {
  switch (status) {
    case 'delivered':
      return html`<span class="fine">delivered</span>`;
    case 'pending':
      return html`<span class="hot">pending</span>`;
    case 'dead':
      return html`<span class="bad">dead</span>`;
    default:
      return status satisfies never;
  }
}

function pageLinks(filter: DeliveryFilter, page: number, pages: number): Html | null {
  if (pages === 1) return null;
  const link = (target: number, text: string) =>
    html`<a href="${pathWithQuery('/deliveries', { ...filter, page: target })}">${text}</a>`;
  return html`<nav class="more" aria-label="Pages of messages">${page > 1 && link(page - 1, 'Newer')}<span class="muted">Page ${page} of ${pages}</span>${page < pages && link(page + 1, 'Older')}</nav>`;
}
