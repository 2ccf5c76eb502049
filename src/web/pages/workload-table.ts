import { HOUR, humanDuration } from '../../base/duration.ts';
import { humanSize } from '../../base/size.ts';
import { AXIS_UNITS, type Axis, cycleAxis } from '../charts/cycle-axis.ts';
import { runs, sparkline, stripChart } from '../charts/row-charts.ts';
import { type Html, html } from '../html.ts';
import { type IconName, icon, type PageContext, pathWithQuery } from '../layout.ts';
import { coresText, countText, percentText, plural } from '../quantity.ts';
import { workloadPath } from '../workload/workload-path.ts';
import {
  countLines,
  currentUse,
  errorRatio,
  PAGE_SPAN,
  type ResourceUse,
  readUpTo,
  restartsOf,
  WORKLOAD_STATES,
  type WorkloadRow,
  workloadRows,
} from '../workload-row.ts';

/** What the status page's form asks for; empty strings ask for everything. */
export interface WorkloadFilter {
  readonly q: string;
  readonly namespace: string;
  readonly state: string;
  /** From 1. */
  readonly page: number;
}

export const ROWS_PER_PAGE = 150;
const OFFERED_NAMESPACES = 100;
const NEAR_LIMIT = 0.9;
const HIGH_ERROR_RATIO = 0.05;

/** The search form and a row per workload, problems first; at most {@link ROWS_PER_PAGE} at once. */
export function workloadSection(context: PageContext, filter: WorkloadFilter): Html {
  const all = workloadRows(context.view);
  const rows = all.filter((row) => accepts(filter, row));
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE));
  const page = Math.min(filter.page, pages);
  const shown = rows.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE);
  const axis = cycleAxis(context.view.window().scheduled, context.now);
  const span = spanText(axis.to - axis.from);
  return html`<section aria-labelledby="workloads">
<div class="head"><h2 id="workloads">Workloads <small>${rows.length === all.length ? countText(all.length) : `${countText(rows.length)} of ${countText(all.length)}`}</small></h2>
${searchForm(filter, all)}</div>
<div class="table"><table class="stacked">
<caption class="vh">Workloads, problems first</caption>
<thead><tr><th scope="col">Workload</th><th scope="col">Last ${span}</th><th scope="col" class="n">Ready</th><th scope="col" class="n">Restarts<span class="vh"> in the last 24 hours</span></th><th scope="col" class="n">Errors<span class="vh"> among log lines</span>, 1 h</th><th scope="col" class="n">CPU</th><th scope="col" class="n">Memory</th></tr></thead>
<tbody>
${shown.map((row) => tableRow(context, row, axis))}</tbody></table>
${rows.length === 0 && html`<p class="empty">${all.length === 0 ? 'No workload has been seen yet.' : 'No workload is like that.'}</p>`}</div>
${pageLinks(filter, page, pages)}
</section>`;
}

/** `24 h` rather than `1 d`. */
function spanText(ms: number): string {
  return ms < HOUR ? humanDuration(ms) : `${Math.round(ms / HOUR)} h`;
}

function accepts(filter: WorkloadFilter, row: WorkloadRow): boolean {
  const { namespace, kind, name } = row.workload;
  if (filter.namespace !== '' && namespace !== filter.namespace) return false;
  if (filter.state === 'problem' ? row.state === 'ok' || row.state === 'gone' : filter.state !== '' && row.state !== filter.state)
    return false;
  const text = `${namespace}/${kind}/${name}`.toLowerCase();
  return filter.q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function searchForm(filter: WorkloadFilter, rows: readonly WorkloadRow[]): Html {
  const namespaces = [...new Set(rows.map((row) => row.workload.namespace))].sort().slice(0, OFFERED_NAMESPACES);
  const states = ['problem', ...WORKLOAD_STATES].map(
    (state) =>
      html`<option value="${state}"${state === filter.state && html` selected`}>${state === 'problem' ? 'any problem' : state}</option>`,
  );
  return html`<form class="find" role="search" aria-label="Workloads" action="/" method="get">
<label class="wide">Name<input type="search" name="q" value="${filter.q}" autocomplete="off"></label>
<label>Namespace<input name="namespace" value="${filter.namespace}" list="namespaces" autocomplete="off"></label>
<datalist id="namespaces">${namespaces.map((name) => html`<option value="${name}">`)}</datalist>
<label>State<select name="state"><option value="">all</option>${states}</select></label>
<button>Search</button></form>`;
}

function pageLinks(filter: WorkloadFilter, page: number, pages: number): Html | null {
  if (pages === 1) return null;
  const link = (target: number, text: string) =>
    html`<a href="${pathWithQuery('/', { ...filter, page: target })}#workloads">${text}</a>`;
  return html`<nav class="more" aria-label="Pages of workloads">${page > 1 && link(page - 1, 'Previous')}<span class="muted">Page ${page} of ${pages}</span>${page < pages && link(page + 1, `Next ${ROWS_PER_PAGE}`)}</nav>`;
}

function tableRow(context: PageContext, row: WorkloadRow, axis: Axis): Html {
  const { view, now } = context;
  const window = view.window();
  const { namespace, kind, name } = row.workload;
  const restarts = restartsOf(window, row.key, now - PAGE_SPAN, now);
  const end = readUpTo(window, now);
  const ratio = errorRatio(countLines(window, row, end - HOUR, end));
  const cells = view.strip(row.key);
  const history = window.usageHistory(row.key);
  const { cpu, memory } = currentUse(history);
  const points = (key: 'cpu' | 'memory') => history.map((point) => ({ at: point.at, value: point[key] }));
  return html`<tr><th scope="row" class="full"><div class="name">${stateIcon(row)}<div><a href="${workloadPath(row.workload)}">${name}</a><small>${namespace} · ${kind}${alertLinks(row)}</small></div></div></th><td class="full">${stripChart(cells, axis, stripTitle(context, cells, axis))}</td><td class="n" data-l="Ready">${readyText(row)}</td><td class="n" data-l="Restarts">${restarts === 0 ? html`<span class="zero">0</span>` : countText(restarts)}</td><td class="n" data-l="Errors">${ratioText(ratio)}</td><td class="n" data-l="CPU">${usageCell(cpu, points('cpu'), axis, coresText)}</td><td class="n" data-l="Memory">${usageCell(memory, points('memory'), axis, humanSize)}</td></tr>
`;
}

function stateIcon(row: WorkloadRow): Html {
  const shape: IconName = row.state === 'failing' ? (row.severity ?? 'critical') : row.state;
  const word = row.severity === null ? row.state : `${row.severity} alert firing`;
  return html`${icon(shape)}<span class="vh">${word}:</span>`;
}

const NAMED_ALERTS = 4;

function alertLinks(row: WorkloadRow): readonly Html[] {
  return row.alerts
    .slice(0, NAMED_ALERTS)
    .map(
      (alert) =>
        html` · <a href="/alerts/${encodeURIComponent(alert.id)}">${alert.alert}</a>${alert.state === 'pending' && ' (pending)'}`,
    );
}

function readyText(row: WorkloadRow): Html {
  if (row.pods === 0 && row.failed > 0) return html`<span class="bad">${plural(row.failed, 'failed', 'failed')}</span>`;
  if (row.pods === 0 && row.succeeded > 0) return html`<span class="zero">done</span>`;
  if (row.pods === 0) return html`<span class="zero">–</span>`;
  return html`<span${row.ready < row.pods && html` class="bad"`}>${row.ready}/${row.pods}</span>`;
}

function ratioText(ratio: number | null): Html {
  if (ratio === null) return html`<span class="zero">–</span>`;
  return html`<span${ratio === 0 ? html` class="zero"` : ratio > HIGH_ERROR_RATIO && html` class="bad"`}>${percentText(ratio)}</span>`;
}

function usageCell(
  use: ResourceUse | null,
  points: readonly { readonly at: number; readonly value: number | null }[],
  axis: Axis,
  write: (value: number) => string,
): Html {
  if (use === null) return html`<span class="zero">–</span>`;
  const top = use.limit ?? Math.max(...points.map(({ value }) => value ?? 0), Number.MIN_VALUE);
  const chart = sparkline(points, axis, { top, limited: use.limit !== null });
  const hot = use.ratio !== null && use.ratio >= NEAR_LIMIT;
  const detail = use.limit === null ? 'no limit is set' : `${write(use.usage)} of ${write(use.limit)}`;
  return html`<div class="use" title="${detail}">${chart}<b${hot && html` class="hot"`}>${use.ratio === null ? write(use.usage) : percentText(use.ratio)}</b></div>`;
}

const NAMED_RUNS = 3;

/** In words what the strip shows, the newest first: `failing 13:20 to 14:00; else ok`. */
function stripTitle({ time }: PageContext, cells: readonly ('ok' | 'failing' | 'unknown')[], axis: Axis): string {
  if (cells.length === 0) return 'not seen yet';
  const other = cells.every((cell) => cell === 'ok') ? [] : runs(cells, axis).filter((run) => run.state !== 'ok');
  if (other.length === 0) return 'ok throughout';
  const at = (unit: number) => time.short(axis.from + (unit / AXIS_UNITS) * (axis.to - axis.from));
  const named = other.slice(-NAMED_RUNS).reverse();
  const texts = named.map((run) => `${run.state} ${at(run.from)} to ${at(run.to)}`);
  const more = other.length - named.length;
  return `${texts.join(', ')}${more > 0 ? ` and ${plural(more, 'earlier span')}` : ''}; else ok`;
}
