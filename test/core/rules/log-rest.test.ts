import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HOUR, MINUTE } from '../../../src/base/duration.ts';
import { clock, cycle, minute, pod, refOf } from '../../build.ts';
import { Daemon, rule } from '../../build-rule.ts';

const SILENT = { within: '1h', min_count: 300, steady_count: 30, factor: 4, against: '24h' };
const OLD = [pod({ createdAt: clock('00:00') - 24 * 30 * HOUR })];

/** What `log_absent` says at some hours of a log that writes so many lines in each minute of the hours in which it `speaks`, looked at from `from` on. */
function verdicts(
  hours: readonly number[],
  {
    from,
    speaks,
    states = OLD,
    lines = 10,
  }: {
    readonly from: number;
    readonly speaks: (hour: number) => boolean;
    readonly states?: typeof OLD;
    readonly lines?: number;
  },
): string[] {
  const daemon = new Daemon([rule('log_absent', SILENT)], clock('00:00') + from * HOUR);
  const said = new Map<number, string>();
  for (let hour = from + 1; hour <= Math.max(...hours); hour++) {
    const start = clock('00:00') + (hour - 1) * HOUR;
    const minutes = speaks(hour - 1)
      ? Array.from({ length: 60 }, (_, index) => minute(start + index * MINUTE, { levels: { info: lines } }))
      : [];
    const [app] = states;
    const spoken = cycle(start + HOUR, { states, ...(app === undefined ? {} : { minutes: [{ ref: refOf(app), minutes }] }) });
    const samples = daemon.cycle(spoken).evaluations.flatMap((each) => each.samples);
    said.set(hour, samples.at(-1)?.verdict ?? 'none');
  }
  return hours.map((hour) => said.get(hour) ?? 'none');
}

suite('a log that is compared with its day', () => {
  test('and speaks day and night is silent after an hour, which cannot be said of a later beginning any more', () => {
    assert.deepEqual(verdicts([46, 47, 50, 52, 53, 60], { from: 0, speaks: (hour) => hour < 46 }), [
      'false',
      'true',
      'true',
      'true',
      'unknown',
      'unknown',
    ]);
  });

  test('and writes little is silent once a day of it was seen', () => {
    assert.deepEqual(verdicts([30, 31], { from: 0, speaks: (hour) => hour < 30, lines: 1 }), ['false', 'true']);
    const states = [pod({ createdAt: clock('00:00') })];
    assert.deepEqual(verdicts([20, 21, 22], { from: 0, speaks: (hour) => hour < 20, lines: 1, states }), [
      'false',
      'false',
      'false',
    ]);
  });

  test('and rests every night is never silent by night, nor when it begins an hour later in the morning', () => {
    const speaks = (hour: number) => hour % 24 >= 7 && hour % 24 < 22 && hour !== 55;
    const nights = Array.from({ length: 33 }, (_, index) => 24 + index);
    assert.ok(!verdicts(nights, { from: 0, speaks }).includes('true'));
  });

  test('and rests over the weekend is not silent', () => {
    const speaks = (hour: number) => hour % 24 >= 7 && hour % 24 < 19 && hour < 67;
    const weekend = Array.from({ length: 60 }, (_, index) => 67 + index);
    assert.ok(!verdicts(weekend, { from: 0, speaks }).includes('true'));
  });

  test('is not silent before a day of it was seen, if it is older than that', () => {
    const speaks = (hour: number) => hour < 20;
    assert.deepEqual(verdicts([20, 21, 24, 30], { from: 12, speaks }), ['false', 'unknown', 'unknown', 'unknown']);
    const states = [pod({ createdAt: clock('12:00') })];
    assert.deepEqual(verdicts([20, 21, 24], { from: 12, speaks, states }), ['false', 'true', 'true']);
  });
});
