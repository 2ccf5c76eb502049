import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compileGlob } from '../../../src/base/glob.ts';
import type { DueInput } from '../../../src/core/alerts/due.ts';
import { accept } from '../../../src/core/alerts/settle.ts';
import type { Alert } from '../../../src/core/model/alert.ts';
import type { AlertsDocument } from '../../../src/core/model/state.ts';
import type { Inhibition, Mute } from '../../../src/core/model/suppression.ts';
import { clock } from '../../build.ts';
import { alert, ended, judge, nothing, policy } from './build-alert.ts';

const newId = () => 'new';

function match(labels: Readonly<Record<string, string>>) {
  return new Map(Object.entries(labels).map(([key, glob]) => [key, [compileGlob(glob)]]));
}

function inhibition(
  source: Readonly<Record<string, string>>,
  target: Readonly<Record<string, string>>,
  equal: readonly string[] = [],
): Inhibition {
  return { source: [match(source)], target: [match(target)], equal };
}

/** Mutes everything from 11:00 to 12:00 UTC. */
const ELEVEN: Mute = { match: [], weekdays: new Set([0, 1, 2, 3, 4, 5, 6]), from: 660, to: 720, timezone: 'UTC' };

const CRASH_OVER_SPIKE = inhibition({ alert: 'CrashLoopBackOff' }, { alert: 'RestartSpike' }, ['namespace', 'workload']);

function deliver(document: AlertsDocument, at: string): AlertsDocument {
  return document.outbox.reduce(
    (before, row) => accept(before, row, { now: clock(at), problem: null, receivers: ['slack'], newId }),
    document,
  );
}

/** One judgement whose messages are delivered: what they told as [fresh or repeated firing, ended]. */
function step(before: AlertsDocument, at: string, alerts: readonly Alert[], options: Partial<DueInput>) {
  const document = judge(before, at, alerts, options);
  const told = document.outbox.map(({ reason, firing, resolved }) => [reason, firing, resolved]);
  return { document: deliver(document, at), told };
}

suite('inhibition', () => {
  const options = { policy: policy({ inhibitions: [CRASH_OVER_SPIKE] }) };
  const spike = alert({ alert: 'RestartSpike', severity: 'warning' });

  test('an inhibited alert is not told while its source fires, and is told when it still fires at the end of it', () => {
    const first = step(nothing, '10:00', [alert(), spike], options);
    assert.deepEqual(first.told, [['fired', [alert().id], []]]);
    const marked = first.document.alerts.find(({ id }) => id === spike.id)?.suppressed;
    assert.deepEqual(marked, {
      by: 'inhibition',
      text: 'inhibited by CrashLoopBackOff shop-1/checkout',
      id: alert().id,
      until: null,
    });
    const over = step(first.document, '10:20', [ended(alert(), '10:20')], options);
    assert.deepEqual(over.told, [['fired', [spike.id], [alert().id]]]);
    assert.equal(over.document.alerts.find(({ id }) => id === spike.id)?.suppressed, undefined);
  });

  test('one that ends while it is inhibited, or together with its source, is never told', () => {
    const first = step(nothing, '10:00', [alert(), spike], options);
    assert.deepEqual(step(first.document, '10:10', [ended(spike, '10:10')], options).told, []);
    const both = step(first.document, '10:10', [ended(alert(), '10:10'), ended(spike, '10:10')], options);
    assert.deepEqual(both.told, [['resolved', [], [alert().id]]]);
    assert.deepEqual(step(both.document, '10:20', [], options).told, []);
  });

  test('one that is over but for its hold when its source ends is not told, unless it comes true again', () => {
    const first = step(nothing, '10:00', [alert(), spike], options);
    const marked = first.document.alerts.find(({ id }) => id === spike.id) ?? spike;
    const held = { ...marked, falseSince: clock('10:15') };
    const over = step(first.document, '10:20', [ended(alert(), '10:20'), held], options);
    assert.deepEqual(over.told, [['resolved', [], [alert().id]]]);
    assert.deepEqual(step(over.document, '10:30', [ended(held, '10:30')], options).told, []);
    assert.deepEqual(step(over.document, '10:30', [{ ...held, falseSince: null }], options).told, [['fired', [spike.id], []]]);
  });

  test('one that counts only what happened while its source was true is not told, unless something more happens', () => {
    const counted = { ...spike, lastAt: clock('10:05') };
    const first = step(nothing, '10:00', [alert(), counted], options);
    const marked = first.document.alerts.find(({ id }) => id === spike.id) ?? counted;
    const source = { ...ended(alert(), '10:20'), falseSince: clock('10:10') };
    const over = step(first.document, '10:20', [source, marked], options);
    assert.deepEqual(over.told, [['resolved', [], [source.id]]]);
    assert.deepEqual(step(over.document, '10:30', [ended(marked, '10:30')], options).told, []);
    const more = { ...marked, lastAt: clock('10:12') };
    assert.deepEqual(step(over.document, '10:30', [more], options).told, [['fired', [spike.id], []]]);
    assert.deepEqual(step(first.document, '10:20', [source, more], options).told, [['fired', [spike.id], [source.id]]]);
  });

  test('one that was told before its source fired is told to be over when that is over', () => {
    const told = step(nothing, '10:00', [spike], options);
    const source = alert({ activeAt: clock('10:10') });
    const inhibited = step(told.document, '10:10', [source], options);
    assert.deepEqual(inhibited.told, [['fired', [source.id], []]]);
    const held = step(inhibited.document, '10:20', [ended(spike, '10:20')], options);
    assert.deepEqual(held.told, []);
    const over = step(held.document, '10:30', [ended(source, '10:30')], options);
    assert.deepEqual(over.told, [['resolved', [], [spike.id, source.id]]]);
    assert.deepEqual(step(over.document, '10:40', [], options).told, []);
  });

  test('labels in `equal` must agree; a label that neither has agrees', () => {
    const elsewhere = alert({ alert: 'RestartSpike', of: 'shop-1/cart' });
    assert.equal(step(nothing, '10:00', [alert(), elsewhere], options).told.length, 2);
    const absent = { policy: policy({ inhibitions: [inhibition({ alert: 'Crash*' }, { alert: 'Restart*' }, ['zone'])] }) };
    assert.equal(step(nothing, '10:00', [alert(), elsewhere], absent).told.length, 1);
  });

  test('a pending or ended alert inhibits nothing', () => {
    const pending = alert({ state: 'pending', firedAt: null });
    assert.deepEqual(step(nothing, '10:00', [pending, spike], options).told, [['fired', [spike.id], []]]);
    assert.equal(
      step(nothing, '10:00', [ended(alert({ firedAt: clock('09:00') }), '09:50'), spike], options).document.owed.length,
      0,
    );
  });

  test('an alert that both sides match inhibits no such alert, itself included', () => {
    const all = { policy: policy({ inhibitions: [inhibition({ severity: '*' }, { severity: '*' })] }) };
    assert.equal(step(nothing, '10:00', [alert(), alert({ of: 'shop-1/cart' })], all).told.length, 2);
  });

  suite('by node', () => {
    const down = alert({ alert: 'NodeNotReady', of: '/node-3', labels: { alert: 'NodeNotReady', node: 'node-3' } });
    const alsoDown = { ...down, id: 'node-4', labels: { alert: 'NodeNotReady', node: 'node-4' } };
    const byNode = policy({ inhibitions: [inhibition({ alert: 'NodeNotReady' }, { severity: 'warning' }, ['node'])] });
    const onNodes = (nodes: readonly string[]) => ({
      policy: byNode,
      nodesOf: ({ labels }: Alert) => (labels['node'] === undefined ? nodes : [labels['node']]),
    });
    const told = (alerts: readonly Alert[], nodes: readonly string[]) =>
      step(nothing, '10:00', alerts, onNodes(nodes)).document.alerts.some(
        ({ id, suppressed }) => id === spike.id && suppressed === undefined,
      );

    test('an alert whose pods are all on nodes that are down is inhibited', () => {
      assert.equal(told([down, spike], ['node-3']), false);
      assert.equal(told([down, alsoDown, spike], ['node-3', 'node-4']), false);
    });

    test('a pod on another node, or pods of no known node, keep it told', () => {
      assert.equal(told([down, spike], ['node-3', 'node-4']), true);
      assert.equal(told([down, spike], []), true);
    });

    test('an alert of another severity is told', () => {
      assert.equal(step(nothing, '10:00', [down, alert()], onNodes(['node-3'])).told.length, 2);
    });
  });
});

suite('mute', () => {
  const options = { policy: policy({ mutes: [ELEVEN] }) };

  test('a muted alert is not told, and is told in the end when it still fires', () => {
    const muted = step(nothing, '11:00', [alert({ activeAt: clock('11:00') })], options);
    assert.deepEqual(muted.told, []);
    assert.equal(muted.document.alerts[0]?.suppressed?.until, clock('12:00'));
    assert.deepEqual(step(muted.document, '11:59', [], options).told, []);
    assert.deepEqual(step(muted.document, '12:00', [], options).told, [['fired', [alert({ activeAt: clock('11:00') }).id], []]]);
  });

  test('what began and ended within the window is not told, also when it is judged after it', () => {
    const short = alert({ activeAt: clock('11:10') });
    const during = step(nothing, '11:20', [ended(short, '11:20')], options);
    assert.deepEqual(step(during.document, '12:10', [], options).told, []);
    assert.deepEqual(step(nothing, '12:10', [ended(short, '11:20')], options).told, []);
  });

  test('what began and ended before the window and could not be told before it is told after it', () => {
    const unheard = step(nothing, '11:00', [ended(alert({ activeAt: clock('10:52') }), '10:58')], options);
    assert.deepEqual(unheard.told, []);
    const after = step(unheard.document, '12:00', [], options);
    assert.deepEqual(after.told, [['fired', [], [alert({ activeAt: clock('10:52') }).id]]]);
    assert.deepEqual(step(after.document, '12:10', [], options).told, []);
  });

  test('an alert that was told before is neither repeated nor resolved within the window, and both after it', () => {
    const short = { policy: policy({ mutes: [ELEVEN], repeatInterval: 600_000 }) };
    const before = step(nothing, '10:50', [alert(), alert({ of: 'shop-1/cart' })], short);
    assert.equal(before.told.length, 2);
    const during = step(before.document, '11:10', [ended(alert(), '11:10')], short);
    assert.deepEqual(during.told, []);
    assert.deepEqual(step(during.document, '11:40', [], short).told, []);
    assert.deepEqual(
      step(during.document, '12:00', [], short).told.map(([reason]) => reason),
      ['resolved', 'repeat'],
    );
  });

  test('an end that waits outlives the window that ended alerts are kept for', () => {
    const always = { policy: policy({ mutes: [{ ...ELEVEN, from: 0, to: 1440 }] }) };
    const told = step(nothing, '10:00', [alert()], {});
    const over = step(told.document, '10:20', [ended(alert(), '10:20')], always);
    const late = judge(over.document, clock('10:20') + 2 * 86_400_000, [], always);
    assert.deepEqual(judge(late, clock('10:30') + 2 * 86_400_000, [], {}).outbox[0]?.resolved, [alert().id]);
  });
});
