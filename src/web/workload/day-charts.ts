import { humanDuration } from '../../base/duration.ts';
import { humanSize } from '../../base/size.ts';
import { type ChartFrame, type DayChart, dayChart } from '../charts/day-chart.ts';
import { CHART_HEIGHT, heightOf, type Scale, scaleFor } from '../charts/scale.ts';
import { areaPath, stepPath } from '../charts/step-path.ts';
import { type Html, html } from '../html.ts';
import { coresText, countText, percentText, plural } from '../quantity.ts';
import type { Column, DayFacts, UsageColumns } from './day-facts.ts';

/** The charts of one workload's day; `threshold` is the error ratio from which on a rule holds, where one judges it. */
export function dayCharts(frame: ChartFrame, facts: DayFacts, threshold: number | null): Html {
  const charts = [
    linesChart(frame, facts),
    ratioChart(frame, facts, threshold),
    restartsChart(frame, facts),
    usageChart(frame, facts.cpu, { id: 'cpu', title: 'CPU', scale: { write: coresText, least: 0.01 } }),
    usageChart(frame, facts.memory, { id: 'memory', title: 'Memory', scale: { write: humanSize, least: 1024, base: 1024 } }),
  ];
  return html`<div class="charts">${charts.map((chart) => dayChart(frame, chart))}</div>`;
}

/** From the bottom up; each stands on those before it. */
const LEVEL_SHAPES = [
  ['error', 'error or fatal'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['debug', 'debug or trace'],
  ['none', 'no level'],
] as const;

function linesChart({ axis, time }: ChartFrame, { lines, linesUnseen }: DayFacts): DayChart {
  const all = lines.at(-1) ?? [];
  const scale = scaleFor(all, { write: countText, least: 2 });
  const totals = lines.map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const own = LEVEL_SHAPES.map(([css, name], i) => ({ css, name, count: (totals[i] ?? 0) - (totals[i - 1] ?? 0) }));
  const most = Math.max(0, ...all);
  const peak =
    most === 0
      ? 'No line was read'
      : `${plural(totals.at(-1) ?? 0, 'line')}, most of them at ${time.short(axis.from + all.indexOf(most) * axis.step)}`;
  const shown = own.filter(({ count }) => count > 0);
  return {
    id: 'lines',
    title: `Log lines in ${humanDuration(axis.step)}, by level`,
    description: `${[peak, ...shown.map(({ name, count }) => `${countText(count)} ${name}`)].join('; ')}.`,
    legend: shown.map(({ css, name, count }) => ({ css, text: `${name} ${countText(count)}` })),
    scale,
    unseen: linesUnseen,
    // The lowest is drawn last, over those that stand on it.
    shapes: own
      .map(({ css }, i) => ({ css: `area ${css}`, path: areaPath(heights(lines[i] ?? [], scale), CHART_HEIGHT) }))
      .reverse(),
    wide: true,
  };
}

function ratioChart({ axis, time }: ChartFrame, { errorRatio, linesUnseen }: DayFacts, threshold: number | null): DayChart {
  const scale = scaleFor([...errorRatio, threshold], { write: percentText, least: 0.02 });
  return {
    id: 'ratio',
    title: 'Errors among log lines',
    description: `${peakText(errorRatio, { axis, time, write: percentText })}${threshold === null ? '' : `; a rule's threshold is ${percentText(threshold)}`}.`,
    legend: threshold === null ? [] : [{ css: 'limit', text: `threshold ${percentText(threshold)}` }],
    scale,
    unseen: linesUnseen,
    shapes: [
      line(errorRatio, scale),
      limitLine(
        errorRatio.map(() => threshold),
        scale,
      ),
    ],
  };
}

function restartsChart({ axis, time }: ChartFrame, { restarts, podsUnseen }: DayFacts): DayChart {
  const total = restarts.reduce((sum, count) => sum + count, 0);
  const scale = scaleFor(restarts, { write: countText, least: 2 });
  const last = restarts.findLastIndex((count) => count > 0);
  const when = total === 0 ? '' : `, the newest at ${time.short(axis.from + last * axis.step)}`;
  return {
    id: 'restarts',
    title: `Restarts in ${humanDuration(axis.step)}`,
    description: `${total === 0 ? 'None' : plural(total, 'restart')}${when}.`,
    legend: [{ css: 'restart', text: total === 0 ? 'none' : countText(total) }],
    scale,
    unseen: podsUnseen,
    shapes: [
      {
        css: 'area restart',
        path: areaPath(
          heights(
            restarts.map((count) => count || null),
            scale,
          ),
          CHART_HEIGHT,
        ),
      },
    ],
  };
}

interface UsageParts {
  readonly id: string;
  readonly title: string;
  readonly scale: Parameters<typeof scaleFor>[1];
}

function usageChart(
  { axis, time }: ChartFrame,
  { used, limit }: UsageColumns,
  { id, title, scale: parts }: UsageParts,
): DayChart {
  const { write } = parts;
  const scale = scaleFor([...used, ...limit], parts);
  const newest = limit.findLast((value) => value !== null) ?? null;
  const isUnknown = used.every((value) => value === null);
  const limitText = newest === null ? 'no limit is set' : `limit ${write(newest)}`;
  return {
    id,
    title: `${title} of the container nearest to its limit`,
    description: isUnknown ? 'Nothing was measured.' : `${peakText(used, { axis, time, write })}; ${limitText}.`,
    legend: isUnknown
      ? [{ css: 'unseen', text: 'not measured' }]
      : [{ css: newest === null ? 'line' : 'limit', text: limitText }],
    scale,
    unseen: used.map((value) => value === null),
    shapes: [line(used, scale), limitLine(limit, scale)],
  };
}

function heights(values: Column, scale: Scale): Column {
  return values.map((value) => heightOf(scale, value));
}

function line(values: Column, scale: Scale): { readonly css: string; readonly path: string } {
  return { css: 'line', path: stepPath(heights(values, scale)) };
}

function limitLine(values: Column, scale: Scale): { readonly css: string; readonly path: string } {
  return { css: 'limit', path: stepPath(heights(values, scale)) };
}

/** `highest 41% at 13:50, now 3%`. */
function peakText(
  values: Column,
  { axis, time, write }: Pick<ChartFrame, 'axis' | 'time'> & { readonly write: (value: number) => string },
): string {
  const highest = Math.max(...values.map((value) => value ?? Number.NEGATIVE_INFINITY));
  if (!Number.isFinite(highest)) return 'Nothing to measure';
  const at = axis.from + values.indexOf(highest) * axis.step;
  const newest = values.findLast((value) => value !== null) ?? highest;
  return `Highest ${write(highest)} at ${time.short(at)}, last ${write(newest)}`;
}
