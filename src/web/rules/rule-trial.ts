import { humanDuration } from '../../base/duration.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { FormRights } from '../auth/form-routes.ts';
import { type Html, html } from '../html.ts';
import type { PageContext } from '../layout.ts';
import { plural, valueText } from '../quantity.ts';
import type { RuleTrial } from '../view.ts';
import { whereLink } from '../workload/workload-path.ts';
import { rulePath } from './rule-status.ts';

/** A rule that was tried: its text as sent, and what came of it. */
export interface TriedRule {
  readonly text: string;
  readonly outcome: RuleTrial;
}

/** What the form that tries a rule needs. */
export interface TrialForm extends FormRights {
  /** What stands in it; `null` when the file has the rule no longer. */
  readonly text: string | null;
  readonly tried: TriedRule | null;
}

/** The form that tries an edited rule on what is stored, and what the last try gave. */
export function trialSection(context: PageContext, alert: string, { token, readOnly, text, tried }: TrialForm): Html {
  const locked = readOnly !== null && html` disabled`;
  return html`<section class="sheet" id="try" aria-labelledby="trial"><h2 id="trial">Try an edit</h2>
<p class="small muted">Judges the last 24 hours anew by the edited rule. Nothing is saved, and nobody is told.</p>
${readOnly !== null && html`<p class="small muted">Not from here: ${readOnly}.</p>`}
${
  text === null
    ? html`<p class="small">The rule’s file cannot be read, or has no such rule any more.</p>`
    : html`<form class="fields" action="${rulePath(alert)}#try" method="post"><input type="hidden" name="token" value="${token}">
<label>Rule, as its file has it<textarea name="rule" rows="${text.split('\n').length + 2}" required spellcheck="false" autocapitalize="none">${text}</textarea></label>
<p class="buttons"><button${locked}>Try it</button></p></form>`
}
${tried !== null && trialOutcome(context, tried.outcome)}</section>`;
}

function trialOutcome(context: PageContext, { problems, result }: RuleTrial): Html {
  const title = result === null ? 'The rule was not tried' : 'Not everything could be judged';
  const banner =
    problems.length > 0 &&
    html`<div class="banner" role="alert"><h3>${title}</h3><ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`;
  if (result === null) return html`${banner}`;
  const { before, after } = result;
  return html`${banner}<p class="done" role="status">In the last 24 hours: ${alertsText(after)} by the edited rule, ${alertsText(before)} by the one in force.</p>
${after.length > 0 && firedTable(context, after)}`;
}

function alertsText({ length }: readonly Alert[]): string {
  return length === 0 ? 'no alert' : plural(length, 'alert');
}

/** Alerts of a trial that are listed. */
const MOST_LISTED = 50;

function firedTable({ time, now }: PageContext, alerts: readonly Alert[]): Html {
  const rows = alerts.slice(0, MOST_LISTED).map((alert) => {
    const from = alert.firedAt ?? alert.activeAt;
    const lasted = humanDuration((alert.resolvedAt ?? now) - from);
    return html`<tr class="top"><td data-l="Fired">${time.element(from)}<br><small>${alert.resolvedAt === null ? 'still firing' : `for ${lasted}`}</small></td><td class="t">${whereLink(alert)}</td><td class="n" data-l="Peak">${valueText(alert.peak, alert.unit) ?? html`<span class="zero">–</span>`}</td></tr>
`;
  });
  const rest = alerts.length - MOST_LISTED;
  return html`<div class="table"><table class="stacked"><caption class="vh">What the edited rule would have fired</caption><thead><tr><th scope="col">Fired</th><th scope="col">For</th><th scope="col" class="n">Peak</th></tr></thead><tbody>${rows}</tbody></table></div>
${rest > 0 && html`<p class="more">and ${plural(rest, 'earlier alert')}</p>`}`;
}
