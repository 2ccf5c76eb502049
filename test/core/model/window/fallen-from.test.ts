import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FallenFrom } from '../../../../src/core/model/window/fallen-from.ts';

function after(values: readonly number[], instanceOf: (index: number) => string = () => 'one'): FallenFrom {
  const fallen = new FallenFrom();
  for (const [index, value] of values.entries())
    fallen.add({ container: 'uid/app', instance: instanceOf(index), key: 'shop/Deployment/web', name: 'app', at: index }, value);
  return fallen;
}

test('a container that gave back a good part of what it used has fallen from its highest level', () => {
  assert.equal(after([100, 200, 300, 250]).level('shop/Deployment/web', 'app'), null);
  assert.equal(after([100, 200, 300, 230]).level('shop/Deployment/web', 'app'), 300);
  assert.equal(after([100, 300, 150, 250, 150]).level('shop/Deployment/web', 'app'), 300);
  assert.equal(after([100, 300, 150, 400, 150]).level('shop/Deployment/web', 'app'), 400);
  assert.equal(after([100, 300, 150]).level('shop/Deployment/api', 'app'), null);
});

test('a restart is no fall', () => {
  assert.equal(after([100, 200, 300, 100], (index) => (index < 3 ? 'one' : 'two')).level('shop/Deployment/web', 'app'), null);
});

test('a level is forgotten with the window', () => {
  const fallen = after([100, 300, 100]);
  fallen.expire(2);
  assert.equal(fallen.level('shop/Deployment/web', 'app'), 300);
  fallen.expire(3);
  assert.equal(fallen.level('shop/Deployment/web', 'app'), null);
});
