import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import { compose } from '../../../src/core/alerts/compose.ts';
import type { DueInput } from '../../../src/core/alerts/due.ts';
import { accept } from '../../../src/core/alerts/settle.ts';
import { FLAPS_ABOVE } from '../../../src/core/alerts/suppress/flapping.ts';
import type { Alert } from '../../../src/core/model/alert.ts';
import type { AlertsDocument } from '../../../src/core/model/state.ts';
import { messageOf } from '../../../src/notify/message.ts';
import { clock } from '../../build.ts';
import { alert, judge, nothing, policy } from './build-alert.ts';

const START = clock('00:00');
const STEP = 10 * MINUTE;

/** Drives one alert through fires and ends, delivers everything at once, and keeps the titles that were told. */
class Life {
  document: AlertsDocument = nothing;
  now = START;
  readonly told: string[] = [];
  readonly #options: Partial<DueInput>;

  constructor(options: Partial<DueInput> = {}) {
    this.#options = options;
  }

  fire(): void {
    this.#look([alert({ activeAt: this.now, severity: 'warning' })]);
  }

  end(): void {
    const open = this.document.alerts.find(({ state }) => state === 'firing');
    assert.ok(open);
    const { suppressed, ...rest } = open;
    const over: Alert = { ...rest, state: 'resolved', resolvedAt: this.now, resolvedReason: 'condition is false', value: 0 };
    this.#look([suppressed === undefined ? over : { ...over, suppressed }]);
  }

  /** Fires and ends so often. */
  flap(times: number): void {
    for (let i = 0; i < times; i++) {
      this.fire();
      this.end();
    }
  }

  wait(ms: number): void {
    const until = this.now + ms;
    while (this.now < until) this.#look([]);
  }

  #look(alerts: readonly Alert[]): void {
    this.document = judge(this.document, this.now, alerts, this.#options);
    for (const row of this.document.outbox) {
      const notification = compose({
        row,
        document: this.document,
        ruleOf: () => undefined,
        evidenceOf: () => null,
        cluster: 'production',
        externalUrl: null,
        timezone: 'UTC',
        now: this.now,
      });
      this.told.push(messageOf(notification).title);
      this.document = accept(this.document, row, { now: this.now, problem: null, receivers: ['slack'], newId: () => 'new' });
    }
    // As a restart would: through the file.
    this.document = JSON.parse(JSON.stringify(this.document));
    this.now += STEP;
  }
}

suite('flapping', () => {
  test('the sixth end says so, and then it is quiet until it has been calm for an hour', () => {
    const life = new Life();
    life.flap(FLAPS_ABOVE);
    assert.equal(life.told.length, 2 * FLAPS_ABOVE);
    assert.ok(life.told.every((title) => !title.includes('flapping')));
    life.flap(1);
    assert.deepEqual(life.told.slice(-2), [
      'WARNING · shop-1/checkout: CrashLoopBackOff, Error, exit code 1',
      'WARNING · shop-1/checkout: CrashLoopBackOff is flapping, fired and resolved 6 times in 1 h 50 min',
    ]);
    const before = life.told.length;
    life.flap(10);
    life.wait(HOUR - STEP);
    assert.equal(life.told.length, before, 'nothing while it flaps, and not before the hour is over');
    life.wait(STEP);
    assert.deepEqual(life.told.slice(before), [
      'RESOLVED · shop-1/checkout: CrashLoopBackOff has stopped flapping after 16 times in 5 h 10 min',
    ]);
    life.wait(3 * HOUR);
    assert.equal(life.told.length, before + 1);
  });

  test('one that fires on when it is calm is told as that, and its end later', () => {
    const life = new Life();
    life.flap(FLAPS_ABOVE + 2);
    const before = life.told.length;
    life.fire();
    assert.equal(life.document.alerts.at(-1)?.suppressed?.by, 'flapping');
    life.wait(HOUR);
    assert.deepEqual(life.told.slice(before), [
      'WARNING · shop-1/checkout: CrashLoopBackOff has stopped flapping after 7 times in 2 h 20 min, and still fires',
    ]);
    assert.equal(life.document.alerts.at(-1)?.suppressed, undefined);
    life.end();
    assert.match(life.told.at(-1) ?? '', /^RESOLVED · shop-1\/checkout: CrashLoopBackOff/);
  });

  test('repeat_interval does not break the quiet', () => {
    const life = new Life({ policy: policy({ repeatInterval: STEP }) });
    life.flap(FLAPS_ABOVE + 1);
    life.fire();
    const before = life.told.length;
    life.wait(HOUR - 2 * STEP);
    assert.equal(life.told.length, before);
  });

  test('calm begins the count anew', () => {
    const life = new Life();
    life.flap(FLAPS_ABOVE + 1);
    life.wait(2 * HOUR);
    const before = life.told.length;
    life.flap(FLAPS_ABOVE);
    assert.equal(life.told.length, before + 2 * FLAPS_ABOVE);
    assert.ok(life.told.slice(before).every((title) => !title.includes('flapping')));
    life.flap(1);
    assert.match(life.told.at(-1) ?? '', /is flapping/);
  });

  test('slow changes are no flapping: only those of the window count', () => {
    const life = new Life();
    for (let i = 0; i < 10; i++) {
      life.flap(1);
      life.wait(DAY / 5);
    }
    assert.ok(life.told.every((title) => !title.includes('flapping')));
  });

  test('without send_resolved it is told all the same', () => {
    const life = new Life({ policy: policy({ sendResolved: false }) });
    life.flap(FLAPS_ABOVE + 3);
    assert.equal(life.told.length, FLAPS_ABOVE + 2);
    assert.match(life.told.at(-1) ?? '', /is flapping/);
    life.wait(HOUR);
    assert.match(life.told.at(-1) ?? '', /has stopped flapping/);
  });

  test('under something that keeps it from being told it flaps unsaid, and is told after that', () => {
    const mute = { match: [], weekdays: new Set([0, 1, 2, 3, 4, 5, 6]), from: 0, to: 180, timezone: 'UTC' };
    const life = new Life({ policy: policy({ mutes: [mute] }) });
    life.flap(8);
    assert.deepEqual(life.told, []);
    life.flap(2);
    assert.equal(life.told.length, 1);
    assert.match(life.told[0] ?? '', /is flapping/);
  });
});
