import { formatProblem, type Problem } from '../../base/errors.ts';
import { type Html, html } from '../html.ts';
import { type IconName, icon, type PageContext, renderPage } from '../layout.ts';
import { plural } from '../quantity.ts';
import { type StatusSentence, statusSentence } from '../status-sentence.ts';
import { firingCards } from './firing-cards.ts';
import { probeSection } from './probe-table.ts';
import { statusPanels } from './status-panels.ts';
import { type WorkloadFilter, workloadSection } from './workload-table.ts';

const REFRESH_SECONDS = 60;

/** The status page: how things are, what fires, what was read, and a row per workload. */
export async function overviewPage(context: PageContext, filter: WorkloadFilter): Promise<string> {
  const sentence = statusSentence(context.view, context.time);
  const content = html`<div class="lede">${hero(sentence)}
${logSearch()}</div>
${problemBanner(context.view.problems())}
${await firingCards(context)}
${statusPanels(context)}
${probeSection(context)}
${workloadSection(context, filter)}`;
  return renderPage(context, { title: sentence.text.replace(/\.$/, ''), here: '/', content, refresh: REFRESH_SECONDS });
}

function hero(sentence: StatusSentence): Html {
  const { tone, note, reasons } = sentence;
  const shape: IconName = tone === 'degraded' ? 'warning' : tone === 'waiting' ? 'pending' : tone;
  return html`<section class="hero" aria-label="Status">${icon(shape)}<h1>${sentence.text}</h1>${note !== null && html`<p>${note}</p>`}
${reasons.length > 0 && html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}</section>`;
}

function logSearch(): Html {
  return html`<form class="find" role="search" aria-label="Log lines" action="/logs" method="get"><label class="wide">Search the logs of 24 h<input type="search" name="grep" placeholder="RE2 pattern" autocomplete="off" spellcheck="false"></label><button>Search</button></form>`;
}

const SHOWN_PROBLEMS = 20;

/** Problems of the files that users wrote, each with its place. */
export function problemBanner(problems: readonly Problem[]): Html | null {
  if (problems.length === 0) return null;
  const broken = problems.some((problem) => problem.severity === 'error');
  const title = broken
    ? `${plural(problems.length, 'problem')} in settings or rules; the last good ones stay in force`
    : `${plural(problems.length, 'warning')} about settings or rules`;
  const more = problems.length - SHOWN_PROBLEMS;
  return html`<section class="banner" aria-label="Problems in files"><h2>${title}</h2><ul>${problems.slice(0, SHOWN_PROBLEMS).map((problem) => html`<li>${formatProblem(problem)}</li>`)}</ul>${more > 0 && html`<p>and ${more} more: see <code>tocsin check</code></p>`}</section>`;
}
