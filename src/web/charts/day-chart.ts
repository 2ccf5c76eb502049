import { type Html, html, trusted } from '../html.ts';
import type { ZoneTime } from '../zone-time.ts';
import { columnAt, type DayAxis, ticksOf } from './day-axis.ts';
import { CHART_HEIGHT, type Scale } from './scale.ts';

/** A time or span that every chart of a page marks. */
export interface Mark {
  readonly css: 'critical' | 'warning' | 'info' | 'rollout';
  readonly from: number;
  /** The same as `from` for a moment. */
  readonly to: number;
  readonly text: string;
}

/** What the charts of one page have in common. */
export interface ChartFrame {
  readonly axis: DayAxis;
  readonly marks: readonly Mark[];
  readonly time: ZoneTime;
  readonly timezone: string;
}

export interface DayChart {
  readonly id: string;
  readonly title: string;
  /** In words what the shapes show, for who cannot see them. */
  readonly description: string;
  /** What the colours mean: a class of the stylesheet and a text. */
  readonly legend: readonly { readonly css: string; readonly text: string }[];
  readonly scale: Scale;
  /** Whether of each column something could not be seen. */
  readonly unseen: readonly boolean[];
  /** Drawn one over the other; the class says how. */
  readonly shapes: readonly { readonly css: string; readonly path: string }[];
  readonly wide?: boolean;
}

/** A chart with its axes; time that could not be seen is shaded. */
export function dayChart(frame: ChartFrame, chart: DayChart): Html {
  const { axis } = frame;
  const { id, title, description, legend, scale, unseen, shapes } = chart;
  const ticks = ticksOf(axis, frame.timezone);
  const grid = ticks.map((at) => `M${round(columnAt(axis, at))} 0V${CHART_HEIGHT}`).join('');
  const drawn = [
    { css: 'grid', path: `M0 0H${axis.columns}M0 ${CHART_HEIGHT / 2}H${axis.columns}${grid}` },
    { css: 'unseen', path: unseenPath(unseen) },
    ...shapes,
  ].filter(({ path }) => path !== '');
  return html`<figure class="chart${chart.wide === true && ' wide'}" aria-labelledby="${id}-name">
<figcaption><h3 id="${id}-name">${title}</h3><ul class="legend">${legend.map(({ css, text }) => html`<li><span class="key ${css}"></span>${text}</li>`)}</ul></figcaption>
<div class="plot"><div class="ys" aria-hidden="true"><span>${scale.write(scale.top)}</span><span>${scale.write(scale.top / 2)}</span><span>0</span></div>
<svg class="day" viewBox="0 0 ${axis.columns} ${CHART_HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${drawn.map(({ css, path }) => html`<path class="${css}" d="${path}"/>`)}${frame.marks.map((mark) => markShape(axis, mark))}</svg>
<svg class="xs" aria-hidden="true">${ticks.map((at) => tickLabel(frame, at))}</svg></div></figure>
`;
}

function unseenPath(unseen: readonly boolean[]): string {
  let path = '';
  for (let from = 0; from < unseen.length; from++) {
    if (unseen[from] !== true) continue;
    let to = from + 1;
    while (unseen[to] === true) to++;
    path += `M${from} 0H${to}V${CHART_HEIGHT}H${from}z`;
    from = to;
  }
  return path;
}

const BAND_EDGE = 3;

function markShape(axis: DayAxis, { css, from, to, text }: Mark): Html {
  const x = round(columnAt(axis, from));
  const end = Math.max(x + 0.5, round(columnAt(axis, to)));
  const band = trusted(
    `<path class="band" d="M${x} 0H${end}V${CHART_HEIGHT}H${x}z"/><path class="edge" d="M${x} 0H${end}V${BAND_EDGE}H${x}z"/>`,
  );
  const line = trusted(`<path d="M${x} 0V${CHART_HEIGHT}"/>`);
  return html`<g class="mark ${css}"><title>${text}</title>${css === 'rollout' ? line : band}</g>`;
}

/** Labels nearer to an edge would stick out. */
const EDGE_PERCENT = 3;

function tickLabel({ axis, time }: ChartFrame, at: number): Html | null {
  const percent = (columnAt(axis, at) / axis.columns) * 100;
  if (percent < EDGE_PERCENT || percent > 100 - EDGE_PERCENT) return null;
  return html`<text x="${round(percent)}%" y="12">${time.clock(at)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
