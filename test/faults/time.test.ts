import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusView } from '../../src/app/status.ts';
import { HOUR, MINUTE } from '../../src/base/duration.ts';
import { Stage } from './stage.ts';
import { openToldLife } from './told-life.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const SETTINGS = { schedule: '*/10 * * * *' };

test('a burst that began and ended while nothing ran is told as such in one message, and the missed cycles are counted', async () => {
  let time = NOON;
  await using stage = await Stage.open({
    cluster: { now: () => time },
    settings: SETTINGS,
    rules: `
rules:
  - alert: Errors
    log_match: { level: error, above: 5, within: 5m }
    severity: critical
`,
  });
  const container = stage.cluster.addPod({ namespace: 'shop', name: 'web' }).container();
  container.write('level=info msg=started');
  {
    await using life = await openToldLife(stage, time);
    await life.cycle(time);
    time += 10 * MINUTE;
    await life.cycle(time);
    assert.deepEqual(stage.told, []);
  }
  for (let second = 0; second < 120; second++) {
    time = NOON + 13 * MINUTE + second * 1000;
    container.write(`level=error msg="boom ${second}"`);
  }
  time = NOON + 45 * MINUTE;
  container.write('level=info msg=well');
  await using life = await openToldLife(stage, time);
  const cycle = await life.cycle(time);
  assert.equal(cycle.missed, 3);
  assert.deepEqual(cycle.gaps, []);
  assert.equal((await life.texts()).length, 122);
  for (const kind of ['slack', 'mail'] as const) {
    const headlines = stage.headlines(kind);
    assert.equal(headlines.length, 1, headlines.join('\n'));
    assert.match(headlines[0] ?? '', /RESOLVED .*shop\/web/);
  }
  const [alert] = life.runtime.alerts.read().alerts;
  assert.equal(alert?.state, 'resolved');
  assert.ok((alert?.firedAt ?? 0) < NOON + 16 * MINUTE && (alert?.firedAt ?? 0) > NOON + 13 * MINUTE);
  assert.ok((alert?.resolvedAt ?? 0) > NOON + 18 * MINUTE && (alert?.resolvedAt ?? 0) <= time);
  time += 10 * MINUTE;
  await life.cycle(time);
  assert.equal(stage.told.length, 2, 'and not again');
});

test('an alert that was told and ended while nothing ran is told to be over, once', async () => {
  let time = NOON;
  await using stage = await Stage.open({ cluster: { now: () => time }, settings: SETTINGS });
  const container = stage.cluster.addPod({ namespace: 'shop', name: 'web' }).container().crash();
  {
    await using life = await openToldLife(stage, time);
    await life.cycle(time);
    assert.equal(stage.headlines('mail').length, 1);
  }
  time += 2 * MINUTE;
  container.start();
  time += 58 * MINUTE;
  await using life = await openToldLife(stage, time);
  for (let cycle = 0; cycle < 3; cycle++) {
    await life.cycle(time);
    time += 10 * MINUTE;
  }
  for (const kind of ['slack', 'mail'] as const)
    assert.equal(stage.headlines(kind, /RESOLVED/).length, 1, stage.headlines(kind).join('\n'));
});

/** Cycles before the clock is set: more than an hour of them. */
const CYCLES_BEFORE = 12;

for (const { name, step, steps } of [
  { name: 'back by two hours for a while', step: -2 * HOUR, steps: 3 },
  { name: 'ahead by twenty-five hours for a cycle', step: 25 * HOUR, steps: 1 },
]) {
  test(`a clock that is set ${name} ends no alert, tells nothing anew and does not empty the window`, async () => {
    let time = NOON;
    await using stage = await Stage.open({ cluster: { now: () => time }, settings: SETTINGS });
    const container = stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container();
    stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().crash();
    await using life = await openToldLife(stage, time);
    const health = () => statusView(life.runtime).health();
    const ids: string[] = [];
    const cycle = async (shift: number) => {
      container.write(`line ${ids.length}`);
      ids.push((await life.cycle(time, shift)).id);
      time += 10 * MINUTE;
    };
    for (let i = 0; i < CYCLES_BEFORE; i++) await cycle(0);
    assert.deepEqual(health().reasons, []);
    await cycle(step);
    assert.match(health().reasons.join(), /the clock was set (ahead|back) by/);
    assert.equal(health().alive, true);
    stage.cluster.addPod({ namespace: 'shop', name: 'next' }).container().crash();
    for (let i = 1; i < steps; i++) await cycle(step);
    for (let i = 0; i < 3; i++) await cycle(0);
    assert.deepEqual(ids, [...new Set(ids)].sort(), 'cycles are in order');
    const texts = await life.texts();
    assert.equal(new Set(texts).size, texts.length, 'none twice');
    assert.equal(texts.length, ids.length);
    for (const kind of ['slack', 'mail'] as const) {
      assert.deepEqual(
        stage.headlines(kind, /^(?!.*still firing)/).map((headline) => /shop\/(\w+)/.exec(headline)?.[1]),
        ['broken', 'next'],
        'what fails while the clock is wrong, or just after, is told',
      );
      assert.deepEqual(stage.headlines(kind, /still firing/), []);
    }
    const alerts = life.runtime.alerts.read().alerts.map(({ state, unknown }) => ({ state, unknown }));
    assert.deepEqual(alerts, Array(2).fill({ state: 'firing', unknown: false }));
  });
}

test('while its own clock is an hour ahead, a log that speaks is not silent, and what goes wrong is told in time', async () => {
  let time = NOON;
  await using stage = await Stage.open({
    cluster: { now: () => time },
    settings: SETTINGS,
    rules: `
rules:
  - alert: Silent
    log_absent: { level: info, within: 5m }
    severity: warning
  - alert: Errors
    error_ratio: { errors: { level: error }, above: 50%, min_count: 1 }
    severity: critical
  - alert: Clock
    collector: { clock_step: true }
    severity: warning
`,
  });
  const container = stage.cluster.addPod({ namespace: 'shop', name: 'web' }).container();
  await using life = await openToldLife(stage, time);
  const tenMinutes = async (level: string, shift: number) => {
    for (let minute = 0; minute < 10; minute++) {
      container.write(`level=${level} msg="minute ${minute}"`);
      time += MINUTE;
    }
    return life.cycle(time, shift);
  };
  for (let cycle = 0; cycle < 3; cycle++) await tenMinutes('info', 0);
  assert.deepEqual(stage.headlines('mail'), []);
  const began = time;
  for (let cycle = 0; cycle < 4; cycle++) assert.equal((await tenMinutes(cycle === 1 ? 'error' : 'info', HOUR)).at, time);
  const reasons = () => statusView(life.runtime).health().reasons;
  assert.deepEqual(reasons(), ["Tocsin's own clock is 1 h ahead of the API server's, whose time is used instead"]);
  const told = stage.headlines('mail').filter((headline) => !headline.includes('RESOLVED'));
  assert.equal(told.length, 2, told.join('\n'));
  assert.match(told[0] ?? '', /Clock|clock/);
  assert.match(told[1] ?? '', /errors|Errors/);
  const alerts = life.runtime.alerts.read().alerts;
  const errors = alerts.find(({ alert }) => alert === 'Errors');
  assert.ok((errors?.firedAt ?? 0) > began + 10 * MINUTE && (errors?.firedAt ?? 0) <= began + 20 * MINUTE);
  assert.match(alerts.find(({ alert }) => alert === 'Clock')?.summary ?? '', /an hour ahead|1 h/);
  for (let cycle = 0; cycle < 3; cycle++) await tenMinutes('info', 0);
  assert.deepEqual(reasons(), []);
  assert.deepEqual(
    life.runtime.alerts
      .read()
      .alerts.filter(({ state }) => state !== 'resolved')
      .map(({ alert }) => alert),
    [],
  );
});
