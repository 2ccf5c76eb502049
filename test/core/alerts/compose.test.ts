import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MINUTE } from '../../../src/base/duration.ts';
import { type ComposeInput, compose, EVIDENCE_CAP, evidenceWanted } from '../../../src/core/alerts/compose.ts';
import { parseTemplate } from '../../../src/core/model/template.ts';
import { crashLoop } from '../../../src/core/rules/crash-loop.ts';
import { clock } from '../../build.ts';
import { alert, ended, evidence, judge, nothing, policy, row } from './build-alert.ts';

const rule = {
  description: parseTemplate('{{ workload }} since {{ since }}', new Set(['workload', 'since'])),
  runbook: 'https://runbooks.example.com/x',
  condition: crashLoop.bind({ restarts: 2, within: 30 * MINUTE, together: null, at_once: null }),
};

function composed(fields: Partial<ComposeInput> & Pick<ComposeInput, 'row' | 'document'>) {
  return compose({
    ruleOf: () => rule,
    evidenceOf: (id) => evidence(id),
    cluster: 'production',
    externalUrl: null,
    timezone: 'Europe/Berlin',
    now: clock('10:05'),
    ...fields,
  });
}

suite('compose', () => {
  test('a row becomes the message of its group, with what its rule says', () => {
    const document = judge(nothing, '10:00', [alert()]);
    const [owed] = document.outbox;
    assert.ok(owed);
    const message = composed({ row: owed, document });
    const [told] = message.groups[0]?.firing ?? [];
    assert.equal(message.id, owed.id);
    assert.equal(told?.description, 'checkout since 2026-11-21 11:00:00 +01:00');
    assert.match(told?.phrase ?? '', /7 restarts within 30m/);
    assert.equal(told?.condition, rule.condition.text);
    assert.equal(told?.evidence?.alert, alert().id);
    assert.equal(told?.fresh, true);
  });

  test('a message that took something up since its first attempt is another message', () => {
    const waiting = judge(nothing, '10:00', [alert()]);
    const document = judge(waiting, '10:10', [ended(alert(), '10:10')]);
    const [owed] = document.outbox;
    assert.ok(owed);
    const message = composed({ row: owed, document });
    assert.equal(message.id, `${owed.id}.1`);
    assert.deepEqual([message.groups[0]?.firing.length, message.groups[0]?.resolved.length], [0, 1]);
  });

  test('every group of a digest keeps its own alerts, the worst first', () => {
    const alerts = Array.from({ length: 12 }, (_, i) => [
      alert({ of: `shop/w${i}`, alert: 'A', severity: 'warning' }),
      alert({ of: `shop/w${i}`, alert: 'B', severity: 'critical' }),
    ]).flat();
    const document = judge(nothing, '10:00', alerts, { policy: policy() });
    const [digest, ...others] = document.outbox;
    assert.ok(digest);
    assert.deepEqual(others, []);
    const { groups } = composed({ row: digest, document });
    assert.equal(groups.length, 12);
    for (const group of groups)
      assert.deepEqual(
        group.firing.map(({ alert: each }) => [each.labels['workload'], each.alert]),
        [
          [group.labels['workload'], 'B'],
          [group.labels['workload'], 'A'],
        ],
      );
  });

  test('evidence is asked for what is new first, and for a bounded number', () => {
    const ids = Array.from({ length: 30 }, (_, i) => `a${i}`);
    const wanted = evidenceWanted(row({ firing: ids, fresh: ['a29', 'a28'] }));
    assert.equal(wanted.length, EVIDENCE_CAP);
    assert.deepEqual(wanted.slice(0, 3), ['a28', 'a29', 'a0']);
  });

  test('an alert whose rule is gone is told without what the rule said', () => {
    const document = judge(nothing, '10:00', [alert()]);
    const [owed] = document.outbox;
    assert.ok(owed);
    const [told] = composed({ row: owed, document, ruleOf: () => undefined }).groups[0]?.firing ?? [];
    assert.deepEqual([told?.description, told?.runbook, told?.condition, told?.phrase], [null, null, '', null]);
  });
});
