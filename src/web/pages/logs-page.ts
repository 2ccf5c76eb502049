import { formatNanoTime, LEVELS, type LogLine } from '../../core/model/log-line.ts';
import { ASKED_LEVELS } from '../api/query.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, pathWithQuery, renderPage } from '../layout.ts';
import type { LogPage } from '../log-search.ts';
import type { PatternRow } from '../pattern-rows.ts';
import { countText, plural } from '../quantity.ts';

/** What stands in the form, as written; empty where nothing is asked. */
export type LogForm = Readonly<Record<(typeof LOG_FIELDS)[number], string>>;

export const LOG_FIELDS = ['namespace', 'kind', 'workload', 'pod', 'container', 'level', 'grep', 'contains', 'since'] as const;

/** How many lines the page shows at once. */
export const LINES_PER_PAGE = 200;

/** So many patterns are shown beside the lines. */
export const PATTERNS_SHOWN = 10;

/** What a search ended in: lines, or why there are none. */
export type LogOutcome =
  | {
      readonly kind: 'found';
      readonly page: LogPage;
      readonly nextToken: string | null;
      /** Those with most lines first. */
      readonly patterns: readonly PatternRow[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** The search over stored log lines, newest first. */
export function logsPage(context: PageContext, form: LogForm, outcome: LogOutcome): string {
  const content = html`<h1>Logs</h1>
${searchForm(form)}
${outcome.kind === 'refused' ? html`<section class="banner" role="alert"><h2>The search was not made</h2><p>${outcome.reason}</p></section>` : results(context, form, outcome)}`;
  return renderPage(context, { title: 'Logs', here: '/logs', content });
}

function searchForm(form: LogForm): Html {
  const levels = ASKED_LEVELS.map(
    (level) => html`<option value="${level}"${level === form.level && html` selected`}>${level} or worse</option>`,
  );
  const field = (name: keyof LogForm, label: string, hint: string) =>
    html`<label>${label}<input name="${name}" value="${form[name]}" placeholder="${hint}" autocomplete="off" spellcheck="false"></label>`;
  const hidden = (['kind', 'pod', 'container', 'contains'] as const).flatMap((name) =>
    form[name] === '' ? [] : [field(name, name, 'any')],
  );
  return html`<form class="find" role="search" aria-label="Log lines" action="/logs" method="get">
<label class="wide">Text (RE2 pattern)<input type="search" name="grep" value="${form.grep}" autocomplete="off" spellcheck="false"></label>
${field('namespace', 'Namespace', 'any, * allowed')}
${field('workload', 'Workload', 'any, * allowed')}
${hidden}
<label>Level<select name="level"><option value="">any</option>${levels}</select></label>
${field('since', 'Since', '24h')}
<button>Search</button></form>`;
}

function results(
  context: PageContext,
  form: LogForm,
  { page, nextToken, patterns }: Extract<LogOutcome, { readonly kind: 'found' }>,
): Html {
  const { lines, late } = page;
  const more =
    nextToken === null ? null : html`<a href="${pathWithQuery('/logs', { ...form, next: nextToken })}">Older lines</a>`;
  const notice = late
    ? html`<p class="banner" role="alert">The search took too long and was ended early: narrow it by namespace, workload or time.</p>`
    : null;
  return html`${notice}<section aria-labelledby="found"><div class="head"><h2 id="found">${lines.length === 0 ? 'No line matches' : html`${plural(lines.length, 'line')}<small>, newest first</small>`}</h2></div>
<div class="table">${lines.length === 0 ? html`<p class="empty">Nothing in the stored window is like that.</p>` : lineTable(context, lines)}</div>
<p class="more">${more}</p></section>
${form.grep === '' && form.contains === '' && form.pod === '' && patternTable(context, patterns)}`;
}

/** What the warnings and worse among the lines have in common. */
function patternTable({ time }: PageContext, patterns: readonly PatternRow[]): Html | null {
  if (patterns.length === 0) return null;
  const rows = patterns.map(({ workload, container, pattern, count }) => {
    const level = LEVELS[pattern.level];
    return html`<tr class="top"><td class="n" data-l="Lines">${countText(count)}</td><td class="lv-${level}">${level}</td><td class="who" title="${container}">${workload.namespace}/${workload.name}</td><td class="t" data-l="First, last">${time.element(pattern.firstAt)}<br>${time.element(pattern.lastAt)}</td><td class="what full" title="${pattern.sample}">${pattern.template}</td></tr>
`;
  });
  return html`<section aria-labelledby="patterns"><div class="head"><h2 id="patterns">Patterns<small> of warnings and worse, most frequent first</small></h2></div>
<div class="table"><table class="lines stacked"><caption class="vh">Patterns of log lines</caption><thead><tr><th scope="col" class="n">Lines</th><th scope="col">Level</th><th scope="col">Workload</th><th scope="col">First, last</th><th scope="col">Pattern</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function lineTable({ time }: PageContext, lines: readonly LogLine[]): Html {
  const rows = lines.map((line) => {
    const at = formatNanoTime(line.second, line.nanos);
    const level = LEVELS[line.level];
    const { workload, pod, container } = line.ref;
    return html`<tr><td class="when"><time datetime="${at}" title="${at}">${time.short(line.second * 1000)}:${at.slice(17, 23)}</time></td><td class="lv-${level}">${level === 'none' ? html`<span class="vh">no level</span>` : level}</td><td class="who" title="${pod} · ${container}">${workload.namespace}/${workload.name}</td><td class="what full">${line.text}</td></tr>
`;
  });
  return html`<table class="lines stacked"><caption class="vh">Log lines, newest first</caption><thead><tr><th scope="col">Time</th><th scope="col">Level</th><th scope="col">Workload</th><th scope="col">Text</th></tr></thead><tbody>${rows}</tbody></table>`;
}
