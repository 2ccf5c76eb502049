import { type Html, html } from '../html.ts';
import { type PageContext, renderPage, severityBadge } from '../layout.ts';
import { problemBanner } from '../pages/overview-page.ts';
import { countText, plural, valueText } from '../quantity.ts';
import { type RuleState, type RuleStatus, ruleMessages, rulePath, ruleStatuses } from './rule-status.ts';

/** Every rule with its condition, its place and how it was judged last. */
export function rulesPage(context: PageContext): string {
  const statuses = ruleStatuses(context.view);
  const table = html`<table class="stacked"><caption class="vh">Rules by name</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">State</th><th scope="col">Severity</th><th scope="col" class="n">Firing</th><th scope="col" class="n">Value</th><th scope="col" class="n">Last fired</th><th scope="col" class="n">Last judged</th></tr></thead>
<tbody>${statuses.map((status) => ruleRow(context, status))}</tbody></table>`;
  const content = html`<h1>Rules</h1>
${problemBanner(context.view.problems())}
<section aria-label="Rules"><div class="head"><h2>In force <small>${countText(statuses.length)}</small></h2></div>
<div class="table">${statuses.length === 0 ? html`<p class="empty">No rule is loaded.</p>` : table}</div></section>`;
  return renderPage(context, { title: 'Rules', here: '/rules', content });
}

function ruleRow({ time }: PageContext, status: RuleStatus): Html {
  const { rule, evaluation, alerts, value, backfill, lastFiredAt } = status;
  const firing = alerts.filter((alert) => alert.state === 'firing').length;
  const threshold = valueText(rule.condition.threshold, rule.condition.unit);
  const written = valueText(value, rule.condition.unit);
  const unseen = evaluation?.samples.filter((sample) => sample.verdict === 'unknown').length ?? 0;
  return html`<tr class="top" id="${rule.alert}"><th scope="row" class="full"><div class="name"><div><a href="${rulePath(rule.alert)}">${rule.alert}</a><br>${rule.condition.text}<small class="mono">${rule.file}:${rule.line}</small>${ruleMessages(status).map((message) => html`<small class="bad">${message}</small>`)}</div></div></th>
<td data-l="State">${ruleStateText(status.state)}${unseen > 0 && status.state !== 'unknown' && html`<br><small>${plural(unseen, 'subject')} not seen</small>`}${backfill !== null && html`<br><small>counting stored lines: ${backfill.done} of ${plural(backfill.total, 'cycle')}</small>`}</td><td data-l="Severity">${severityBadge(rule.severity)}</td><td class="n" data-l="Firing">${firing === 0 ? html`<span class="zero">0</span>` : html`<a href="/alerts">${firing}</a>`}</td><td class="n" data-l="Value">${written === null ? html`<span class="zero">–</span>` : html`${written}${threshold !== null && html`<br><small>of ${threshold}</small>`}`}</td><td class="n" data-l="Last fired">${lastFiredAt === null ? html`<span class="zero">–</span>` : time.element(lastFiredAt)}</td><td class="n" data-l="Last judged">${evaluation === null ? html`<span class="zero">not yet</span>` : time.element(evaluation.at)}</td></tr>
`;
}

/** The state as a word, coloured where something is the matter. */
export function ruleStateText(state: RuleState): Html {
  switch (state) {
    case 'firing':
    case 'error':
      return html`<span class="bad">${state}</span>`;
    case 'pending':
      return html`<span class="hot">pending</span>`;
    case 'inactive':
    case 'unknown':
    case 'off':
      return html`<span class="muted">${state}</span>`;
    default:
      return state satisfies never;
  }
}
