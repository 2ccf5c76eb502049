import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkloadWishes } from '../../../src/core/alerts/suppress/annotations.ts';
import type { PodState } from '../../../src/core/model/pod.ts';
import type { StateSample } from '../../../src/core/model/window/window.ts';
import { clock } from '../../build.ts';
import { alert } from './build-alert.ts';

const KEY = 'shop-1/Deployment/checkout';

function wishes(...templates: readonly Readonly<Record<string, string>>[]): WorkloadWishes {
  const pods = templates.map(
    (annotations, index) => ({ name: `checkout-${index}`, createdAt: index, annotations }) as unknown as PodState, // nothing else is looked at
  );
  return new WorkloadWishes({ byWorkload: new Map(pods.length === 0 ? [] : [[KEY, pods]]) } as unknown as StateSample); // likewise
}

test('a workload that says so is ignored', () => {
  const ignored = wishes({ 'tocsin.dev/ignore': 'true' }).ignored(alert(), clock('10:00'));
  assert.deepEqual(ignored, {
    by: 'ignore',
    text: "ignored by the workload's annotation tocsin.dev/ignore",
    id: null,
    until: null,
  });
  assert.equal(wishes({ 'tocsin.dev/ignore': 'false' }).ignored(alert(), clock('10:00')), null);
  assert.equal(wishes({}).ignored(alert(), clock('10:00')), null);
});

test('one that is ignored until a time is told from then on', () => {
  const until = wishes({ 'tocsin.dev/ignore-until': '2026-11-21T11:00Z' });
  assert.equal(until.ignored(alert(), clock('10:59'))?.until, clock('11:00'));
  assert.equal(until.ignored(alert(), clock('11:00')), null);
});

test('while a template rolls out, the newest pod decides', () => {
  assert.equal(wishes({ 'tocsin.dev/ignore': 'true' }, {}).ignored(alert(), clock('10:00')), null);
  assert.notEqual(wishes({}, { 'tocsin.dev/ignore': 'true' }).ignored(alert(), clock('10:00')), null);
});

test('a workload without pods stays ignored as it was', () => {
  const suppressed = { by: 'ignore', text: 'x', id: null, until: clock('11:00') } as const;
  assert.equal(wishes().ignored(alert({ suppressed }), clock('10:00')), suppressed);
  assert.equal(wishes().ignored(alert({ suppressed }), clock('11:00')), null);
  assert.equal(wishes().ignored(alert(), clock('10:00')), null);
});

test('its receivers stand for those of rule and routes, as far as they are on', () => {
  const named = wishes({ 'tocsin.dev/receivers': 'slack-shop, pager,' });
  assert.deepEqual(named.receiversOf(alert(), ['slack-shop', 'mail']), ['slack-shop']);
  assert.equal(named.receiversOf(alert(), ['mail']), null);
  assert.equal(wishes({}).receiversOf(alert(), ['mail']), null);
});

test('what cannot be read is a problem, and then has no effect', () => {
  const bad = wishes({
    'tocsin.dev/ignore': 'yes',
    'tocsin.dev/ignore-until': 'monday',
    'tocsin.dev/receivers': 'pager',
    'tocsin.dev/ignroe': 'true',
  });
  assert.deepEqual(bad.problems(['slack']), [
    `${KEY}: annotation tocsin.dev/ignore says "yes", expected "true" or "false"`,
    `${KEY}: annotation tocsin.dev/ignore-until says "monday", expected a time such as 2026-11-30T08:00Z`,
    `${KEY}: unknown annotation tocsin.dev/ignroe; known are tocsin.dev/ignore, tocsin.dev/ignore-until, tocsin.dev/receivers`,
    `${KEY}: annotation tocsin.dev/receivers names "pager", which is no receiver that is on`,
  ]);
  assert.equal(bad.ignored(alert(), clock('10:00')), null);
  assert.deepEqual(wishes({}).problems([]), []);
});
