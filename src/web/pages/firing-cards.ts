import { changeTexts } from '../../core/alerts/evidence/change-text.ts';
import { subjectOf } from '../../core/alerts/facts.ts';
import { type Alert, SEVERITIES } from '../../core/model/alert.ts';
import type { Evidence } from '../../core/model/notification.ts';
import { factPairs, sinceElement, sinceOf, suppressionBadge } from '../alert-text.ts';
import { evidenceExcerpt } from '../evidence-excerpt.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, severityBadge } from '../layout.ts';
import { plural } from '../quantity.ts';
import { storedEvidence } from '../stored-evidence.ts';
import { whereLink } from '../workload/workload-path.ts';

/** Cards on the status page; further alerts are on their own page. */
export const MOST_CARDS = 12;

/** The worst first, what is told before what is not, then the newest. */
export function compareUrgency(a: Alert, b: Alert): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    Number(a.suppressed !== undefined) - Number(b.suppressed !== undefined) ||
    sinceOf(b) - sinceOf(a) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** A card for each workload that alerts fire for, with what was found about the worst of them; nothing when none fires. */
export async function firingCards(context: PageContext): Promise<Html | null> {
  const firing = context.view
    .alerts()
    .alerts.filter((alert) => alert.state === 'firing')
    .sort(compareUrgency);
  if (firing.length === 0) return null;
  const incidents = [...Map.groupBy(firing, subjectKey).values()];
  const shown = incidents.slice(0, MOST_CARDS);
  const cards = await Promise.all(
    shown.map(async ([worst, ...others]) =>
      worst === undefined
        ? null
        : card(context, { worst, others, evidence: await storedEvidence(context.view, worst.id, context.logger) }),
    ),
  );
  const rest = incidents.slice(MOST_CARDS).flat().length;
  return html`<section aria-labelledby="firing">
<div class="head"><h2 id="firing">Firing alerts</h2><a href="/alerts">All alerts</a></div>
<div class="cards">${cards}</div>
${rest > 0 && html`<p class="more"><a href="/alerts">${plural(rest, 'more firing alert')}</a></p>`}
</section>`;
}

/** One trouble shows in several alerts of a workload; those about the cluster as a whole have nothing in common. */
function subjectKey(alert: Alert): string {
  const subject = subjectOf(alert.labels);
  return subject === '' ? alert.id : `${alert.labels['kind'] ?? ''} ${subject}`;
}

interface Incident {
  readonly worst: Alert;
  readonly others: readonly Alert[];
  /** What was found about the worst. */
  readonly evidence: Evidence | null;
}

function card(context: PageContext, { worst, others, evidence }: Incident): Html {
  const excerpt = evidenceExcerpt(evidence);
  const facts = factPairs(worst).filter(([name]) => name !== 'Image' && name !== 'Node');
  return html`<article class="card ${worst.severity}">
<header>${severityBadge(worst.severity)}<span class="muted">${sinceElement(sinceOf(worst), context.now, context.time)}</span></header>
<h3>${alertLink(worst)}</h3>
<p class="where muted">${whereLink(worst)}${worst.unknown && ' · cannot be seen at present'}</p>
${worst.suppressed && html`<p class="small">Not told: ${worst.suppressed.text}</p>`}
<p>${worst.summary}</p>
${facts.length > 0 && html`<dl class="facts">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`}
${excerpt ?? notes(worst)}
${changed(context, worst, evidence)}
${others.length > 0 && html`<ul class="also" aria-label="Also firing">${others.map((alert) => html`<li>${severityBadge(alert.severity)} <span>${alertLink(alert)} ${alert.summary}${suppressionBadge(alert)}</span></li>`)}</ul>`}
</article>
`;
}

/** The newest change before it. */
function changed({ view }: PageContext, alert: Alert, evidence: Evidence | null): Html | null {
  const { changes } = evidence ?? {};
  if (changes === undefined || changes.items.length === 0) return null;
  const [newest] = changeTexts(changes, { begin: sinceOf(alert), timezone: view.timezone });
  return html`<p class="small">Before it: ${newest}</p>`;
}

function alertLink(alert: Alert): Html {
  return html`<a href="/alerts/${encodeURIComponent(alert.id)}">${alert.alert}</a>`;
}

function notes(alert: Alert): Html | null {
  const lines = alert.facts.notes ?? [];
  return lines.length === 0 ? null : html`<ul class="small">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
