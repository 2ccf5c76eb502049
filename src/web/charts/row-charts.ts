import type { CellState } from '../../core/model/window/window.ts';
import { type Html, html, trusted } from '../html.ts';
import { AXIS_UNITS, type Axis } from './cycle-axis.ts';
import { stepPath } from './step-path.ts';

/** States that follow each other, as one run from and to a unit of the axis. */
interface Run {
  readonly state: CellState;
  readonly from: number;
  readonly to: number;
}

const RUN_SHAPE: Readonly<Record<CellState, { readonly top: number; readonly css: string }>> = {
  // The states differ in height as well as in colour.
  ok: { top: 4, css: 'o' },
  failing: { top: 0, css: 'f' },
  unknown: { top: 7, css: 'u' },
};

/** A workload's day as a bar: equal neighbours are one cell, and `title` says in words what the colours say. */
export function stripChart(cells: readonly CellState[], axis: Axis, title: string): Html {
  const paths = { ok: '', failing: '', unknown: '' };
  for (const { state, from, to } of runs(cells, axis)) {
    paths[state] += `M${from} ${RUN_SHAPE[state].top}H${to}V9H${from}z`;
  }
  const drawn = (['ok', 'unknown', 'failing'] as const)
    .filter((state) => paths[state] !== '')
    .map((state) => trusted(`<path class="${RUN_SHAPE[state].css}" d="${paths[state]}"/>`));
  return html`<svg class="strip" viewBox="0 0 ${AXIS_UNITS} 9" preserveAspectRatio="none" role="img"><title>${title}</title>${drawn}</svg>`;
}

/** The runs of one state, oldest first, each at least one unit wide unless it is `ok`. */
export function runs(cells: readonly CellState[], axis: Axis): readonly Run[] {
  const found: { state: CellState; from: number; to: number }[] = [];
  cells.forEach((state, i) => {
    const [start, end] = axis.spans[i] ?? [0, 0];
    const from = state !== 'ok' && start === end ? Math.max(0, start - 1) : start;
    if (from === end) return;
    const last = found.at(-1);
    if (last !== undefined && last.state === state && last.to >= from) last.to = end;
    else found.push({ state, from, to: end });
  });
  return found;
}

const SPARK_COLUMNS = 24;
const SPARK_HEIGHT = 20;

/** A small line over the axis, the largest value of each of 24 columns; its top is `top`, marked as a limit when `limited`. */
export function sparkline(
  points: readonly { readonly at: number; readonly value: number | null }[],
  axis: Axis,
  scale: { readonly top: number; readonly limited: boolean },
): Html | null {
  const columns = new Array<number | null>(SPARK_COLUMNS).fill(null);
  for (const { at, value } of points) {
    if (value === null || at < axis.from) continue;
    const column = Math.min(SPARK_COLUMNS - 1, Math.floor(((at - axis.from) / (axis.to - axis.from)) * SPARK_COLUMNS));
    columns[column] = Math.max(columns[column] ?? 0, value);
  }
  const path = stepPath(
    columns.map((value) => (value === null ? null : Math.round(SPARK_HEIGHT * (1 - Math.min(1, value / scale.top))))),
  );
  if (path === '') return null;
  return html`<svg class="${scale.limited ? 'spark lim' : 'spark'}" viewBox="0 0 24 20" preserveAspectRatio="none" aria-hidden="true">${trusted(`<path d="${path}"/>`)}</svg>`;
}

const SERIES_WIDTH = 600;
const SERIES_HEIGHT = 120;

/** A value over time with its threshold, for one alert; `null` when there is nothing to draw. Holes in the data are holes in the line. */
export function seriesChart(
  points: readonly { readonly at: number; readonly value: number | null }[],
  threshold: number | null,
  title: string,
): Html | null {
  const from = points[0]?.at ?? 0;
  const to = points.at(-1)?.at ?? 0;
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length < 2 || to <= from) return null;
  const top = Math.max(...values, threshold ?? 0) * 1.1 || 1;
  const x = (at: number) => Math.round(((at - from) / (to - from)) * SERIES_WIDTH);
  const y = (value: number) => Math.round(SERIES_HEIGHT * (1 - Math.max(0, value) / top));
  let path = '';
  let drawing = false;
  for (const { at, value } of points) {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(at)} ${y(value)}`;
    drawing = value !== null;
  }
  const limit = threshold === null ? null : trusted(`<path class="l" d="M0 ${y(threshold)}H${SERIES_WIDTH}"/>`);
  return html`<svg class="series" viewBox="0 0 ${SERIES_WIDTH} ${SERIES_HEIGHT}" preserveAspectRatio="none" role="img"><title>${title}</title>${limit}${trusted(`<path d="${path}"/>`)}</svg>`;
}
