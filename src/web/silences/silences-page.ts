import { humanDuration } from '../../base/duration.ts';
import { matcherTexts, parseMatchers } from '../../core/alerts/suppress/matcher-text.ts';
import { coveredBy } from '../../core/alerts/suppress/silence.ts';
import { readSilence } from '../../core/alerts/suppress/silence-request.ts';
import { type Silence, silenceState } from '../../core/model/silence.ts';
import { stateBadge, whereText } from '../alert-text.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, renderPage } from '../layout.ts';
import { countText, plural } from '../quantity.ts';

/** What stands in the form, as written. */
export interface SilenceForm {
  /** One matcher each. */
  readonly match: readonly string[];
  readonly for: string;
  readonly comment: string;
  readonly author: string;
  readonly untilResolved: boolean;
}

export interface SilencesPage {
  readonly form: SilenceForm;
  /** Why the silence was not made. */
  readonly problems: readonly string[];
  /** Id of the silence that was just made; `null` when none was. */
  readonly made: string | null;
  readonly token: string;
  /** Why this visitor may not make silences; `null` when they may. */
  readonly readOnly: string | null;
}

const MOST_ROWS = 200;
const MOST_MATCHED = 10;

/** What is silenced, and the form that silences more. */
export function silencesPage(context: PageContext, page: SilencesPage): string {
  const { silences } = context.view.alerts();
  const inState = (state: ReturnType<typeof silenceState>) =>
    silences.filter((silence) => silenceState(silence, context.now) === state).toSorted((a, b) => b.createdAt - a.createdAt);
  const [active, planned, ended] = [inState('active'), inState('pending'), inState('ended')];
  const made = silences.find(({ id }) => id === page.made);
  const table = (parts: TableParts) => silenceTable(context, page, parts);
  const content = html`<div class="title"><h1>Silences</h1><p class="lead">A silenced alert goes on being judged and shown; nobody is told of it before the silence ends.</p></div>
${made !== undefined && html`<p class="done" role="status">Silenced until ${context.time.element(made.endsAt)}: ${matchedText(context, made)}.</p>`}
${page.problems.length > 0 && html`<section class="banner" role="alert"><h2>The silence was not made</h2><ul>${page.problems.map((problem) => html`<li>${problem}</li>`)}</ul></section>`}
<div class="split">
<div class="stack">
${table({ id: 'active', title: 'Active', silences: active, empty: 'Nothing is silenced.' })}
${planned.length > 0 && table({ id: 'planned', title: 'Planned', silences: planned, empty: '' })}
${ended.length > 0 && table({ id: 'ended', title: 'Ended', silences: ended, empty: '' })}
</div>
${silenceForm(context, page)}
</div>`;
  return renderPage(context, { title: 'Silences', here: '/silences', content });
}

function silenceForm(context: PageContext, { form, token, readOnly }: SilencesPage): Html {
  const until = form.untilResolved && html` checked`;
  const locked = readOnly !== null && html` disabled`;
  return html`<section class="sheet" aria-labelledby="new"><h2 id="new">New silence</h2>
${readOnly !== null && html`<p class="small muted">Not from here: ${readOnly}.</p>`}
<form class="fields" action="/silences" method="post"><input type="hidden" name="token" value="${token}">
<label>Matchers, one a line<textarea name="match" rows="5" required spellcheck="false" autocapitalize="none" aria-describedby="match-hint" placeholder="namespace=shop-*&#10;alert=HighErrorRatio">${form.match.join('\n')}</textarea></label>
<p class="small muted" id="match-hint"><code>label=glob</code>; all labels must match, several lines of one label mean any of them.</p>
${preview(context, form)}
<label>For<input name="for" value="${form.for === '' ? '2h' : form.for}" autocomplete="off" aria-describedby="for-hint"></label>
<p class="small muted" id="for-hint">Such as 30m, 8h or 2d.</p>
<label class="check"><input type="checkbox" name="until_resolved" value="true"${until}> End it once the alerts have resolved</label>
<label>Comment<input name="comment" value="${form.comment}" autocomplete="off"></label>
<label>Your name<input name="author" value="${form.author}" autocomplete="name"></label>
<p class="buttons"><button${locked}>Silence</button> <button class="plain" formmethod="get" formnovalidate>Show what matches</button></p></form></section>`;
}

/** What the matchers in the form match now. They are checked as those of a silence are: a hostile glob could cost much. */
function preview(context: PageContext, { match }: SilenceForm): Html | null {
  if (match.length === 0) return null;
  const written = parseMatchers(match);
  const asked = readSilence({ match: written.match, for: '1h' }, { now: context.now, id: '', author: '' });
  const problems = written.problems.length > 0 ? written.problems : asked.problems;
  if (asked.silence === null || problems.length > 0)
    return html`<ul class="small bad">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`;
  return html`<p class="small" role="status">${matchedText(context, asked.silence)}</p>`;
}

function matchedText({ view }: PageContext, silence: Silence): Html {
  const alerts = coveredBy(silence, view.alerts().alerts);
  if (alerts.length === 0) return html`no alert matches at the moment`;
  const rest = alerts.length - MOST_MATCHED;
  const links = alerts
    .slice(0, MOST_MATCHED)
    .map(
      (alert, index) =>
        html`${index > 0 && ', '}<a href="/alerts/${encodeURIComponent(alert.id)}">${alert.alert} ${whereText(alert)}</a>`,
    );
  return html`${plural(alerts.length, 'alert')} ${alerts.length === 1 ? 'matches' : 'match'} now: ${links}${rest > 0 && ` and ${rest} more`}`;
}

interface TableParts {
  readonly id: string;
  readonly title: string;
  readonly silences: readonly Silence[];
  readonly empty: string;
}

function silenceTable(context: PageContext, page: SilencesPage, { id, title, silences, empty }: TableParts): Html {
  const rest = silences.length - MOST_ROWS;
  const rows = silences.slice(0, MOST_ROWS).map((silence) => silenceRow(context, page, silence));
  const body =
    silences.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`<table class="stacked two"><caption class="vh">${title} silences</caption>
<thead><tr><th scope="col">Matches</th><th scope="col">Why</th><th scope="col" class="n">Begins</th><th scope="col" class="n">Ends</th><th scope="col"><span class="vh">Action</span></th></tr></thead>
<tbody>${rows}</tbody></table>`;
  return html`<section aria-labelledby="${id}"><div class="head"><h2 id="${id}">${title} <small>${countText(silences.length)}</small></h2></div>
<div class="table">${body}</div>
${rest > 0 && html`<p class="more">${plural(rest, 'more')} through the <a href="/api/v1/silences">API</a></p>`}</section>`;
}

function silenceRow(context: PageContext, { token, readOnly }: SilencesPage, silence: Silence): Html {
  const { time, now, view } = context;
  const state = silenceState(silence, now);
  const alerts = state === 'active' ? coveredBy(silence, view.alerts().alerts) : [];
  const left = state === 'active' ? `${humanDuration(silence.endsAt - now)} left` : null;
  const locked = readOnly !== null && html` disabled`;
  const label = matcherTexts(silence).join(', ');
  return html`<tr class="top" id="${silence.id}"><th scope="row" class="full"><div class="name"><div>${matcherTexts(silence).map((text) => html`<code>${text}</code><br>`)}${alerts.slice(0, MOST_MATCHED).map((alert) => html`<small>${stateBadge(alert)} <a href="/alerts/${encodeURIComponent(alert.id)}">${alert.alert} ${whereText(alert)}</a></small>`)}${alerts.length > MOST_MATCHED && html`<small>and ${alerts.length - MOST_MATCHED} more</small>`}</div></div></th>
<td class="t full">${silence.comment === '' ? html`<span class="zero">no comment</span>` : silence.comment}<br><small>${silence.author === '' ? '' : `${silence.author}, `}${silence.id}</small></td><td class="n" data-l="Begins">${time.element(silence.startsAt)}</td><td class="n" data-l="Ends">${time.element(silence.endsAt)}${left !== null && html`<br><small>${left}</small>`}${silence.untilResolved && state !== 'ended' && html`<br><small>or when resolved</small>`}</td><td class="n">${state !== 'ended' && html`<form action="/silences/${encodeURIComponent(silence.id)}/end" method="post"><input type="hidden" name="token" value="${token}"><button aria-label="End the silence of ${label}"${locked}>End</button></form>`}</td></tr>
`;
}
