import type { Evidence } from '../core/model/notification.ts';
import { type Html, html } from './html.ts';
import type { PageContext } from './layout.ts';

/** Warning events, in the order in which they come; nothing where there are none. */
export function eventsTable({ time }: PageContext, events: Evidence['events']): Html | null {
  if (events.length === 0) return null;
  const rows = events.map(
    ({ at, reason, message, count, kind, name }) =>
      html`<tr class="top"><td data-l="At">${time.exact(at)}</td><td class="t word" data-l="Reason">${reason}</td><td class="n" data-l="Times">${count}</td><td class="t full">${message}<br><small>${kind} ${name}</small></td></tr>`,
  );
  return html`<section aria-labelledby="events"><div class="head"><h2 id="events">Warning events</h2></div><div class="table"><table class="stacked"><thead><tr><th scope="col">At</th><th scope="col">Reason</th><th scope="col" class="n">Times</th><th scope="col">Message</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
