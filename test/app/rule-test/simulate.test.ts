import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { simulate } from '../../../src/app/rule-test/simulate.ts';
import { loadTests } from '../../../src/config/rule-tests/test-file.ts';
import { loadRules } from '../../../src/config/rules/rule-file.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** Of the shipped tests: enough of each file to meet every kind of condition. */
const EVERY = 9;

test('what is judged for alerts only begins and ends the same ones as whole judgements do', async () => {
  const loaded = loadRules({ folder: join(ROOT, 'rules'), cwd: ROOT, receivers: null });
  const { tests } = loadTests({ files: loaded.tests, cwd: ROOT, alerts: null });
  let transitions = 0;
  for (const { test: each } of tests.filter((_, index) => index % EVERY === 0)) {
    const whole = await simulate(each, loaded.rules);
    const brief = await simulate(each, loaded.rules, { onlyAlertsOf: loaded.rules });
    assert.deepEqual(brief.transitions, whole.transitions, each.name);
    assert.equal(brief.judgements.size, 0);
    assert.ok(whole.judgements.size > 0);
    transitions += whole.transitions.length;
  }
  assert.ok(transitions > 5, `${transitions} transitions`);
});
