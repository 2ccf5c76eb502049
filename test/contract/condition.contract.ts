import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MINUTE } from '../../src/base/duration.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import type { ConditionKind } from '../../src/core/rules/condition.ts';
import { clock, cycle } from '../build.ts';
import { Daemon, problemsOf, rule } from '../build-rule.ts';

/** What a kind of condition is shown. */
export interface ConditionScenario {
  /** Whom the alert is about, as its text begins; `shop/checkout` unless said otherwise. */
  readonly about?: string;
  /** As a rule file would say it. */
  readonly written: unknown;
  /** Cycles at 10:10 in which it is true and false, of the same subject. */
  readonly holds: Partial<Cycle>;
  /** A function of the cycle's time where only what is new makes it well. */
  readonly healthy: Partial<Cycle> | ((at: number) => Partial<Cycle>);
  /** Cycles that came before, without being judged. */
  readonly past?: readonly Cycle[];
  /** A cycle that could not see the subject's source. */
  readonly blind: Partial<Cycle>;
}

/** What every kind of condition must do, whatever it looks at. */
export function conditionContract(kind: ConditionKind, scenario: ConditionScenario): void {
  const { written, holds, blind, about = 'shop/checkout', past = [] } = scenario;
  const healthy = (time: number) =>
    cycle(time, typeof scenario.healthy === 'function' ? scenario.healthy(time) : scenario.healthy);
  const start = () => {
    const daemon = new Daemon([rule(kind.kind, written)], clock('10:00'));
    for (const each of past) daemon.window.add(each);
    return daemon;
  };
  const at = (index: number) => clock('10:10') + index * 10 * MINUTE;

  suite(`condition ${kind.kind}`, () => {
    test('it describes itself and refuses unknown keys', () => {
      assert.match(kind.description, /^[A-Z].*\.$/);
      // One of which no key is needed may also be written as nothing.
      assert.ok([kind.type.json['type']].flat().includes('object'));
      assert.ok(problemsOf(kind.kind, { nonsense: 1 }).length > 0);
      assert.ok(problemsOf(kind.kind, 'text').length > 0);
    });

    test('it fires when it holds, with a text and values', () => {
      const daemon = start();
      daemon.cycle(cycle(at(0), holds));
      const [alert, ...others] = daemon.alerts;
      assert.equal(others.length, 0);
      assert.equal(alert?.state, 'firing');
      const text = alert?.summary ?? '';
      assert.ok(text.startsWith(about) && /: ./.test(text.slice(about.length)), text);
      assert.equal(typeof alert?.value, 'number');
    });

    test('it does not fire when all is well, and says that it looked', () => {
      const daemon = start();
      const { evaluations } = daemon.cycle(healthy(at(0)));
      assert.deepEqual(daemon.alerts, []);
      assert.ok((evaluations[0]?.samples ?? []).length > 0);
      assert.ok(evaluations[0]?.samples.every((sample) => sample.verdict === 'false'));
    });

    test('missing data fires nothing and resolves nothing', () => {
      const never = start();
      never.cycle(cycle(at(0), blind));
      assert.deepEqual(never.alerts, []);
      const daemon = start();
      daemon.cycle(cycle(at(0), holds));
      for (let index = 1; index < 12; index++) daemon.cycle(cycle(at(index), blind));
      assert.deepEqual(daemon.states, ['firing unknown']);
    });

    test('it resolves once it was false in two complete collections', () => {
      const daemon = start();
      daemon.cycle(cycle(at(0), holds));
      for (let index = 1; index < 12; index++) daemon.cycle(healthy(at(index)));
      assert.deepEqual(daemon.states, ['resolved: condition is false']);
    });

    test('judging is a pure function', () => {
      const [one, two] = [start(), start()];
      one.cycle(cycle(at(0), structuredClone(holds)));
      two.cycle(cycle(at(0), structuredClone(holds)));
      assert.deepEqual(one.alerts, two.alerts);
    });
  });
}
