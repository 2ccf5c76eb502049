import { LEVELS } from '../../core/model/log-line.ts';
import { type Html, html } from '../html.ts';
import type { PageContext } from '../layout.ts';
import { countText } from '../quantity.ts';
import { workloadPath } from '../workload/workload-path.ts';
import { missingPatterns, type PatternRow } from './pattern-rows.ts';

/** So many patterns are shown beside lines. */
export const PATTERNS_SHOWN = 10;

/** What warnings and worse have in common; nothing where there are none. Who said them is the workload, or within one its container. */
export function patternTable({ time }: PageContext, patterns: readonly PatternRow[], who: 'workload' | 'container'): Html | null {
  if (patterns.length === 0) return null;
  const missing = missingPatterns(patterns);
  const rows = patterns.map(({ workload, container, pattern, count }) => {
    const level = LEVELS[pattern.level];
    return html`<tr class="top"><td class="n" data-l="Lines">${countText(count)}</td><td class="lv-${level}">${level}</td>${who === 'container' ? html`<td class="who">${container}</td>` : html`<td class="who" title="${container}"><a href="${workloadPath(workload)}">${workload.namespace}/${workload.name}</a></td>`}<td class="t" data-l="First, last">${time.element(pattern.firstAt)}<br>${time.element(pattern.lastAt)}</td><td class="what full" title="${pattern.sample}">${pattern.template}</td></tr>
`;
  });
  return html`<section aria-labelledby="patterns"><div class="head"><h2 id="patterns">Patterns<small> of warnings and worse, most frequent first</small></h2></div>
<div class="table"><table class="lines stacked"><caption class="vh">Patterns of log lines</caption><thead><tr><th scope="col" class="n">Lines</th><th scope="col">Level</th><th scope="col">${who === 'container' ? 'Container' : 'Workload'}</th><th scope="col">First, last</th><th scope="col">Pattern</th></tr></thead><tbody>${rows}</tbody></table></div>${missing !== null && html`<p><small>${missing}</small></p>`}</section>`;
}
