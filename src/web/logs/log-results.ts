import { type Html, html } from '../html.ts';
import { type PageContext, pathWithQuery } from '../layout.ts';
import { plural } from '../quantity.ts';
import { lineTable } from './line-table.ts';
import type { LogForm, LogOutcome } from './log-query.ts';

interface ResultParts {
  readonly outcome: LogOutcome;
  /** What the page's address says of the search, for the link to older lines. */
  readonly form: Partial<LogForm>;
  readonly path: string;
  readonly who: 'workload' | 'pod';
}

/** The lines that a search found, or why there are none. */
export function logResults(context: PageContext, { outcome, form, path, who }: ResultParts): Html {
  if (outcome.kind !== 'found')
    return html`<section class="banner" role="alert"><h2>The search was not made</h2><p>${outcome.reason}</p></section>`;
  const { page, nextToken } = outcome;
  const { lines, late } = page;
  const notice =
    late &&
    html`<p class="banner" role="alert">The search took too long and was ended early: narrow it by namespace, workload or time.</p>`;
  return html`${notice}<section aria-labelledby="found"><div class="head"><h2 id="found">${lines.length === 0 ? 'No line matches' : html`${plural(lines.length, 'line')}<small>, newest first</small>`}</h2></div>
<div class="table">${lines.length === 0 ? html`<p class="empty">Nothing in the stored window is like that.</p>` : lineTable(context, lines, who)}</div>
${nextToken !== null && html`<p class="more"><a href="${pathWithQuery(path, { ...form, next: nextToken })}#found">Older lines</a></p>`}</section>`;
}
