import { type Html, html } from '../html.ts';
import { type PageContext, renderPage } from '../layout.ts';
import { levelField, patternField, textField } from './log-fields.ts';
import type { LogFinding, LogForm } from './log-query.ts';
import { logResults } from './log-results.ts';
import { patternTable } from './pattern-table.ts';

/** The search over stored log lines, newest first. */
export function logsPage(context: PageContext, { form, outcome }: LogFinding): string {
  const isPlain = form.grep === '' && form.contains === '' && form.pod === '';
  const content = html`<h1>Logs</h1>
${searchForm(form)}
${logResults(context, { outcome, form, path: '/logs', who: 'workload' })}
${isPlain && outcome.kind === 'found' && patternTable(context, outcome.patterns, 'workload')}`;
  return renderPage(context, { title: 'Logs', here: '/logs', content });
}

function searchForm(form: LogForm): Html {
  const hidden = (['kind', 'pod', 'container', 'contains'] as const).flatMap((name) =>
    form[name] === '' ? [] : [textField(form, name, { label: name, hint: 'any' })],
  );
  return html`<form class="find" role="search" aria-label="Log lines" action="/logs" method="get">
${patternField(form)}
${textField(form, 'namespace', { label: 'Namespace', hint: 'any, * allowed' })}
${textField(form, 'workload', { label: 'Workload', hint: 'any, * allowed' })}
${hidden}
${levelField(form)}
${textField(form, 'since', { label: 'Since', hint: '24h' })}
<button>Search</button></form>`;
}
