import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withNotice } from '../../../src/core/alerts/notice.ts';
import { receiversFor } from '../../../src/core/alerts/routing.ts';
import { clock } from '../../build.ts';
import { alert, nothing, policy, route } from './build-alert.ts';

test('a notice goes to whom an alert with its labels would go, and waits for each of them', () => {
  const routes = [route({ kind: 'Collector' }, ['mail', 'off']), route({}, ['slack'])];
  const told = withNotice(nothing, {
    text: 'nothing was seen',
    labels: { kind: 'Collector' },
    policy: policy({ routes, receivers: ['slack', 'mail'] }),
    now: clock('10:00'),
    newId: () => 'n1',
  });
  assert.deepEqual(
    told.outbox.map(({ receiver, notice, firing }) => [receiver, notice, firing]),
    [['mail', 'nothing was seen', []]],
  );
  assert.deepEqual(
    told.deliveries.map(({ id, status }) => [id, status]),
    [['n1', 'pending']],
  );
});

suite('routing', () => {
  const receivers = ['slack', 'mail', 'hook'];

  for (const { name, routes, own = null, expected } of [
    { name: 'without routes every receiver gets all', routes: [], expected: ['slack', 'mail', 'hook'] },
    {
      name: 'the first match wins',
      routes: [route({ severity: 'critical' }, ['mail']), route({}, ['slack'])],
      expected: ['mail'],
    },
    {
      name: 'continue goes on to the next match',
      routes: [route({ severity: 'critical' }, ['mail'], true), route({}, ['slack'])],
      expected: ['slack', 'mail'],
    },
    { name: 'a route without a match takes everything', routes: [route({}, ['hook'])], expected: ['hook'] },
    {
      name: 'every key must hold',
      routes: [route({ severity: 'critical', namespace: 'pay-*' }, ['mail']), route({}, ['slack'])],
      expected: ['slack'],
    },
    {
      name: 'values are globs over any label',
      routes: [route({ workload: 'check*', container: 'a?p' }, ['mail'])],
      expected: ['mail'],
    },
    {
      name: 'a label that is not set is the empty text',
      routes: [route({ team: 'x*' }, ['mail']), route({ team: '' }, ['hook'])],
      expected: ['hook'],
    },
    { name: 'nobody gets what no route takes', routes: [route({ severity: 'info' }, ['mail'])], expected: [] },
    {
      name: "the rule's own receivers replace the routes",
      routes: [route({}, ['slack'])],
      own: ['hook', 'mail'],
      expected: ['mail', 'hook'],
    },
    { name: 'a receiver that is off gets nothing', routes: [route({}, ['off', 'slack'])], expected: ['slack'] },
    {
      name: 'two routes to one receiver are one message',
      routes: [route({}, ['slack'], true), route({}, ['slack'])],
      expected: ['slack'],
    },
  ])
    test(name, () => assert.deepEqual(receiversFor(alert(), own, policy({ receivers, routes })), expected));
});
