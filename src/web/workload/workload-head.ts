import { HOUR } from '../../base/duration.ts';
import { humanSize } from '../../base/size.ts';
import { silencePath } from '../../core/alerts/suppress/matcher-text.ts';
import { type Html, html } from '../html.ts';
import { icon, type PageContext } from '../layout.ts';
import { coresText, countText, percentText } from '../quantity.ts';
import {
  countLines,
  currentUse,
  errorRatio,
  PAGE_SPAN,
  type ResourceUse,
  readUpTo,
  restartsOf,
  type WorkloadRow,
  type WorkloadState,
} from '../workload-row.ts';

const STATE_TEXTS: Readonly<Record<WorkloadState, string>> = {
  failing: 'Failing',
  pending: 'An alert is pending',
  unknown: 'Cannot be seen at present',
  ok: 'No alert',
  gone: 'Gone',
};

/** A workload's name, and how it is now. */
export function workloadHead(context: PageContext, row: WorkloadRow): Html {
  const { namespace, kind, name } = row.workload;
  const shape = row.state === 'failing' ? (row.severity ?? 'critical') : row.state;
  const silence = silencePath({ labels: { namespace, kind, workload: name } });
  return html`<div class="title"><p><span class="badge ${row.severity ?? 'quiet'}">${icon(shape)}${STATE_TEXTS[row.state]}</span></p><h1>${name}</h1><p class="muted">${namespace} · ${kind}</p>
<dl class="facts">${factsOf(context, row).map(([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>
<p class="small"><a href="#logs">Log lines</a> · <a href="${silence}">Silence it</a></p></div>`;
}

function factsOf({ view, now }: PageContext, row: WorkloadRow): readonly (readonly [string, string])[] {
  const window = view.window();
  const end = readUpTo(window, now);
  const ratio = errorRatio(countLines(window, row, end - HOUR, end));
  const { cpu, memory } = currentUse(window.usageHistory(row.key));
  const pods = window.newest?.byWorkload.get(row.key) ?? [];
  const images = [...new Set(pods.flatMap((pod) => pod.containers.map(({ image }) => image)))];
  return [
    ['Ready', row.pods === 0 ? 'no pod' : `${row.ready} of ${row.pods}`],
    ['Restarts, 24 h', countText(restartsOf(window, row.key, now - PAGE_SPAN, now))],
    ['Errors, 1 h', ratio === null ? 'no lines' : percentText(ratio)],
    ['CPU', useText(cpu, coresText)],
    ['Memory', useText(memory, humanSize)],
    ...(images.length === 0 ? [] : [[images.length === 1 ? 'Image' : 'Images', images.join(', ')] as const]),
  ];
}

function useText(use: ResourceUse | null, write: (value: number) => string): string {
  if (use === null) return 'not measured';
  if (use.limit === null || use.ratio === null) return `${write(use.usage)}, no limit`;
  return `${write(use.usage)} of ${write(use.limit)} (${percentText(use.ratio)})`;
}
