import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeProblem } from '../../src/cli/version.ts';

test('a Node.js that is too old is told in one line that says which one is needed', () => {
  assert.match(nodeProblem('20.20.2') ?? '', /^Tocsin needs Node\.js 24\.\d+ or newer, and this is 20\.20\.2; /);
  assert.match(nodeProblem('24.2.0') ?? '', /this is 24\.2\.0/);
});

test('the one that runs, and newer ones, will do', () => {
  for (const running of [process.versions.node, '24.100.0', '25.0.0', '100.0.1']) assert.equal(nodeProblem(running), null);
});
