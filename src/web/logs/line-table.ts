import { formatNanoTime, LEVELS, type LogLine } from '../../core/model/log-line.ts';
import { type Html, html } from '../html.ts';
import type { PageContext } from '../layout.ts';
import { workloadPath } from '../workload/workload-path.ts';

/** Log lines as they are, newest first; who said them is the workload, or within one its pod. */
export function lineTable({ time }: PageContext, lines: readonly LogLine[], who: 'workload' | 'pod'): Html {
  const rows = lines.map((line) => {
    const at = formatNanoTime(line.second, line.nanos);
    const level = LEVELS[line.level];
    const { workload, pod, container } = line.ref;
    return html`<tr><td class="when"><time datetime="${at}" title="${at}">${time.short(line.second * 1000)}:${at.slice(17, 23)}</time></td><td class="lv-${level}">${level === 'none' ? html`<span class="vh">no level</span>` : level}</td>${who === 'pod' ? html`<td class="who" title="${container}">${pod}</td>` : html`<td class="who" title="${pod} · ${container}"><a href="${workloadPath(workload)}">${workload.namespace}/${workload.name}</a></td>`}<td class="what full">${line.text}</td></tr>
`;
  });
  return html`<table class="lines stacked"><caption class="vh">Log lines, newest first</caption><thead><tr><th scope="col">Time</th><th scope="col">Level</th><th scope="col">${who === 'pod' ? 'Pod' : 'Workload'}</th><th scope="col">Text</th></tr></thead><tbody>${rows}</tbody></table>`;
}
