import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../../src/base/duration.ts';
import { cycleAxis } from '../../../src/web/charts/cycle-axis.ts';
import { runs, seriesChart, sparkline, stripChart } from '../../../src/web/charts/row-charts.ts';
import { dayOfCycles, NOW } from '../fixture.ts';

test('a full day lies on 288 units, two for each cycle of ten minutes', () => {
  const axis = cycleAxis(dayOfCycles(), NOW);
  assert.equal(axis.to - axis.from, 86_100_000);
  assert.deepEqual(axis.spans.slice(-2), [
    [285, 287],
    [287, 288],
  ]);
});

test('a young store has a short axis', () => {
  const axis = cycleAxis(dayOfCycles().slice(-6), NOW);
  assert.equal(axis.to - axis.from, 55 * MINUTE);
});

test('time without a cycle is a hole, not a state', () => {
  const cycles = dayOfCycles().filter((_, i) => i < 60 || i >= 80);
  const axis = cycleAxis(cycles, NOW);
  const found = runs(
    cycles.map(() => 'ok' as const),
    axis,
  );
  assert.equal(found.length, 2);
  assert.ok((found[1]?.from ?? 0) - (found[0]?.to ?? 0) >= 38);
});

test('equal neighbours are one run, and a short failure never vanishes', () => {
  const cycles = dayOfCycles();
  const axis = {
    from: 0,
    to: 1,
    spans: [
      [0, 10],
      [10, 20],
      [20, 20],
      [20, 30],
    ] as const,
  };
  assert.deepEqual(runs(['ok', 'ok', 'failing', 'ok'], axis), [
    { state: 'ok', from: 0, to: 20 },
    { state: 'failing', from: 19, to: 20 },
    { state: 'ok', from: 20, to: 30 },
  ]);
  const strip = stripChart(
    cycles.map(() => 'ok' as const),
    cycleAxis(cycles, NOW),
    'ok throughout',
  ).toString();
  assert.equal(strip.match(/<path/g)?.length, 1);
  assert.match(strip, /<title>ok throughout<\/title>/);
});

test('a sparkline keeps the largest value of each column', () => {
  const axis = { from: 0, to: 24, spans: [] };
  const chart = sparkline(
    [
      { at: 0, value: 0.1 },
      { at: 0.5, value: 1 },
      { at: 2, value: 0.5 },
    ],
    axis,
    { top: 1, limited: true },
  );
  assert.match(chart?.toString() ?? '', /d="M0 0h1M2 10h1"/);
  assert.equal(sparkline([{ at: 1, value: null }], axis, { top: 1, limited: false }), null);
});

test('a series chart breaks where data is missing and draws its threshold', () => {
  const point = (at: number, value: number | null) => ({ at, value });
  const chart = seriesChart([point(0, 1), point(1, 2), point(2, null), point(3, 4), point(4, 4)], 3, 'Value')?.toString() ?? '';
  assert.equal(chart.match(/M/g)?.length, 3);
  assert.equal(seriesChart([point(0, 1)], 3, 'Value'), null);
  assert.doesNotMatch(seriesChart([point(0, 0), point(1, 0)], null, 'Value')?.toString() ?? 'NaN', /NaN|Infinity/);
});
