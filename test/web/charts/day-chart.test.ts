import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import { columnAt, dayAxis, spread, ticksOf } from '../../../src/web/charts/day-axis.ts';
import { dayChart } from '../../../src/web/charts/day-chart.ts';
import { heightOf, scaleFor } from '../../../src/web/charts/scale.ts';
import { areaPath, stepPath } from '../../../src/web/charts/step-path.ts';
import { createZoneTime } from '../../../src/web/zone-time.ts';
import { clock } from '../../build.ts';
import { NOW } from '../fixture.ts';

suite('axis', () => {
  test('a full day is cut into columns of five minutes', () => {
    const axis = dayAxis(0, NOW);
    assert.deepEqual([axis.columns, axis.step, axis.from], [288, 5 * MINUTE, NOW - DAY]);
  });

  test('a young store has columns of a minute, never more of them than a full day', () => {
    assert.deepEqual(dayAxis(NOW - HOUR, NOW), { from: NOW - HOUR, to: NOW, step: MINUTE, columns: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * DAY }), fc.integer({ min: 0, max: DAY }), (age, offset) => {
        const { from, to, step, columns } = dayAxis(NOW + offset - age, NOW + offset);
        assert.ok(columns <= 288 && columns > 0 && from % step === 0 && from + columns * step >= to);
      }),
    );
  });

  test('ticks stand at round hours of the time zone', () => {
    const axis = dayAxis(0, NOW);
    const at = (timezone: string) => ticksOf(axis, timezone).map((tick) => createZoneTime(timezone, NOW).clock(tick));
    assert.deepEqual(at('UTC'), ['16:00', '20:00', '00:00', '04:00', '08:00', '12:00']);
    assert.deepEqual(at('Asia/Kolkata'), ['20:00', '00:00', '04:00', '08:00', '12:00', '16:00']);
  });

  test('a column has the value of the newest span in it, and none where no span is', () => {
    const axis = dayAxis(NOW - HOUR, NOW);
    const columns = spread(axis, [
      { from: NOW - 50 * MINUTE, to: NOW - 40 * MINUTE, value: 'a' },
      { from: NOW - 40 * MINUTE, to: NOW + HOUR, value: 'b' },
    ]);
    assert.deepEqual([columns[9], columns[10], columns[19], columns[20], columns.at(-1)], [null, 'a', 'a', 'b', 'b']);
    assert.equal(columns.length, 60);
    assert.equal(columnAt(axis, NOW + HOUR), 60);
  });
});

suite('scale', () => {
  const write = String;
  for (const [values, base, top] of [
    [[0, null], 10, 2],
    [[3], 10, 4],
    [[41], 10, 60],
    [[1000], 10, 1000],
    [[300 * 1024 ** 2], 1024, 400 * 1024 ** 2],
  ] as const)
    test(`${values.join(', ')} has room up to ${top}`, () => {
      assert.equal(scaleFor(values, { write, least: 2, base }).top, top);
    });

  test('what is there at all is seen, what is not known has no height', () => {
    const scale = scaleFor([1000], { write, least: 2 });
    assert.deepEqual(
      [heightOf(scale, 0), heightOf(scale, 1), heightOf(scale, 1000), heightOf(scale, null)],
      [100, 98.5, 0, null],
    );
  });
});

test('unknown columns are holes in lines and areas', () => {
  assert.equal(stepPath([1, 1, null, 5, 6]), 'M0 1h2M3 5h1V6h1');
  assert.equal(areaPath([1, 1, null, 5, 6], 100), 'M0 100V1H2V100zM3 100V5H4V6H5V100z');
});

test('a chart names itself, shades what was not seen and escapes what comes from outside', () => {
  const axis = dayAxis(NOW - HOUR, NOW);
  const time = createZoneTime('UTC', NOW);
  const marks = [{ css: 'critical', from: clock('13:20'), to: clock('13:30'), text: '<b>"Crash"' }] as const;
  const unseen = Array.from({ length: 60 }, (_, i) => i >= 10 && i < 12);
  const text = dayChart(
    { axis, marks, time, timezone: 'UTC' },
    {
      id: 'lines',
      title: 'Lines & more',
      description: '4 lines.',
      legend: [{ css: 'error', text: 'error 4' }],
      scale: scaleFor([4], { write: String, least: 2 }),
      unseen,
      shapes: [{ css: 'area error', path: 'M0 0h1' }],
    },
  ).toString();
  assert.match(
    text,
    /role="img" aria-labelledby="lines-title" aria-describedby="lines-desc"><title id="lines-title">Lines &amp; more</,
  );
  assert.match(text, /<desc id="lines-desc">4 lines\.<\/desc>/);
  assert.match(text, /class="unseen" d="M10 0H12V100H10z"/);
  assert.match(text, /<g class="mark critical"><title>&lt;b&gt;&quot;Crash&quot;<\/title><path class="band" d="M5 0H15V100H5z"/);
  assert.match(text, /<text x="8\.3%" y="12">13:20</);
  assert.doesNotMatch(text, /style=/);
});
