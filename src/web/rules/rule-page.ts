import { humanDuration } from '../../base/duration.ts';

import type { Sample } from '../../core/rules/condition.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { type Html, html } from '../html.ts';
import { externalLink, type PageContext, renderPage, severityBadge } from '../layout.ts';
import { alertTables } from '../pages/alerts-page.ts';
import { countText, valueText } from '../quantity.ts';
import { workloadOf, workloadPath } from '../workload/workload-path.ts';
import { type RuleStatus, ruleMessages } from './rule-status.ts';
import { type TrialForm, trialSection } from './rule-trial.ts';
import { ruleStateText } from './rules-page.ts';
import { selectionText } from './selection-text.ts';

/** Subjects of the newest judgement that are shown. */
const MOST_SUBJECTS = 100;

/** One rule: what it says, how it was judged last and for whom, and what it fired for. */
export function rulePage(context: PageContext, status: RuleStatus, trial: TrialForm): string {
  const { rule } = status;
  const own = context.view.alerts().alerts.filter((alert) => alert.alert === rule.alert);
  const content = html`<div class="title"><p>${ruleStateText(status.state)} ${severityBadge(rule.severity)}</p><h1>${rule.alert}</h1><p class="lead">${rule.condition.text}</p></div>
${problemList(status)}
<div class="split"><div class="stack">
${alertTables(context, own)}
${subjectSection(status)}
${trialSection(context, rule.alert, trial)}
</div>
<section class="sheet" aria-labelledby="about"><h2 id="about">About</h2><dl class="pairs">${pairsOf(context, status).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section></div>`;
  return renderPage(context, { title: rule.alert, here: '/rules', content });
}

function problemList(status: RuleStatus): Html | null {
  const messages = ruleMessages(status);
  if (messages.length === 0) return null;
  return html`<section class="banner" aria-label="Problems"><h2>Problems</h2><ul>${messages.map((message) => html`<li>${message}</li>`)}</ul></section>`;
}

type Pair = readonly [string, Html | string];

function pairsOf({ time }: PageContext, { rule, evaluation, value, lastFiredAt, backfill }: RuleStatus): readonly Pair[] {
  const { condition, selection } = rule;
  const written = valueText(value, condition.unit);
  const threshold = valueText(condition.threshold, condition.unit);
  const pairs: readonly (readonly [string, Html | string | null])[] = [
    ['File', html`<span class="mono">${rule.file}:${rule.line}</span>`],
    ['Last judged', evaluation === null ? 'not yet' : time.element(evaluation.at)],
    ['Last fired', lastFiredAt === null ? 'not in the last 24 hours' : time.element(lastFiredAt)],
    ['Value', written],
    ['Threshold', threshold],
    ['Applies to', selectionText(selection)],
    ['Held for', rule.for === 0 ? null : humanDuration(rule.for)],
    ['Keeps firing for', rule.keepFiringFor === 0 ? null : humanDuration(rule.keepFiringFor)],
    ['Recurs within', rule.recursWithin === 0 ? null : humanDuration(rule.recursWithin)],
    ['Resolves after', `${rule.resolveAfter} complete ${rule.resolveAfter === 1 ? 'collection' : 'collections'} without it`],
    ['Resolves below', valueText(rule.resolveBelow, condition.unit)],
    ['Receivers', rule.receivers === null ? 'as the routes say' : rule.receivers.join(', ')],
    [
      'Labels',
      Object.entries(rule.labels)
        .map(([name, text]) => `${name}=${text}`)
        .join(', '),
    ],
    ['Summary', rule.summary?.source ?? null],
    ['Description', rule.description?.source ?? null],
    ['Runbook', rule.runbook === null ? null : externalLink(rule.runbook, rule.runbook)],
    ['Stored lines counted', backfill === null ? null : `of ${backfill.done} of ${backfill.total} cycles`],
  ];
  return pairs.flatMap(([name, text]) => (text === null || text === '' ? [] : [[name, text] as const]));
}

const VERDICT_ORDER: readonly Sample['verdict'][] = ['true', 'unknown', 'false'];

/** Whom the newest judgement was about: those that it holds for first, then by value. */
function subjectSection({ rule, evaluation }: RuleStatus): Html | null {
  if (evaluation === null || evaluation.samples.length === 0) return null;
  const sign = rule.condition.worst === 'lowest' ? 1 : -1;
  const samples = evaluation.samples.toSorted(
    (a, b) => VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) || sign * ((a.value ?? 0) - (b.value ?? 0)),
  );
  const rest = samples.length - MOST_SUBJECTS;
  return html`<section aria-labelledby="subjects"><div class="head"><h2 id="subjects">Judged last <small>${countText(samples.length)}</small></h2></div>
<div class="table"><table class="stacked"><caption class="vh">Subjects of the newest judgement</caption><thead><tr><th scope="col">Subject</th><th scope="col">Holds</th><th scope="col" class="n">Value</th><th scope="col">What decided</th></tr></thead>
<tbody>${samples.slice(0, MOST_SUBJECTS).map((sample) => subjectRow(rule, sample))}</tbody></table></div>
${rest > 0 && html`<p class="more">${countText(rest)} more: <code>tocsin explain ${rule.alert}</code> tells all of them.</p>`}</section>`;
}

function subjectRow({ condition }: Rule, { subject, verdict, value, clause, facts }: Sample): Html {
  const { namespace, workload, container, pod, node } = subject;
  const place = [namespace, workload || pod || node].filter(Boolean).join('/');
  const known = workloadOf({ labels: { namespace: namespace ?? '', kind: subject.kind, workload } });
  const name = known === null ? html`${place}` : html`<a href="${workloadPath(known)}">${place}</a>`;
  const why = clause ?? facts.notes?.[0] ?? null;
  return html`<tr class="top"><th scope="row" class="full"><div class="name"><div>${name}<small>${[subject.kind, container, pod].filter(Boolean).join(' · ')}</small></div></div></th><td data-l="Holds">${verdictText(verdict)}</td><td class="n" data-l="Value">${valueText(value, condition.unit) ?? html`<span class="zero">–</span>`}</td><td class="t" data-l="What decided">${why ?? html`<span class="zero">–</span>`}</td></tr>
`;
}

function verdictText(verdict: Sample['verdict']): Html {
  switch (verdict) {
    case 'true':
      return html`<span class="bad">yes</span>`;
    case 'unknown':
      return html`<span class="muted">cannot be seen</span>`;
    case 'false':
      return html`<span class="muted">no</span>`;
    default:
      return verdict satisfies never;
  }
}
