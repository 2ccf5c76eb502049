import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { MOST_PODS_TRIED, type RuleTrialParts, ruleTrialPort } from '../../../src/app/replay/rule-trial.ts';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import { loadRules } from '../../../src/config/rules/rule-file.ts';
import { RollingWindow } from '../../../src/core/model/window/rolling-window.ts';
import type { Rule } from '../../../src/core/rules/rule.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { clock, minute, pod, refOf } from '../../build.ts';
import { commit, containerOf, options, segmentOf, temporaryFolder } from '../../store/store-fixture.ts';

const FILE = `defaults:
  labels: { team: shop }
rules:
  - alert: Errors
    error_ratio: { errors: { level: error }, above: 50%, min_count: 10 }
  - alert: Others
    restarts: { above: 5, within: 1h }
`;

/** An hour of cycles in which the errors of one workload rise from 2 to 7 of 20 lines a minute, with the rules of a file. */
async function room() {
  const folder = await temporaryFolder();
  const rulesFolder = join(folder.path, 'rules');
  await mkdir(rulesFolder);
  await writeFile(join(rulesFolder, 'shop.yaml'), FILE);
  const store = await openStore('json', options(join(folder.path, 'data')));
  const states = [pod()];
  const window = new RollingWindow({ span: DAY, staleness: 25 * MINUTE, counters: [] });
  for (let i = 0; i < 6; i++) {
    const at = clock('10:00') + i * 10 * MINUTE;
    const minutes = Array.from({ length: 10 }, (_, m) =>
      minute(at - (10 - m) * MINUTE, { levels: { info: 18 - i, error: 2 + i } }),
    );
    const spoken = segmentOf(containerOf(), [{ at: `09:5${i}:30`, text: 'payment was declined' }]);
    window.add(await commit(store, at, [spoken], { states, minutes: [{ ref: refOf(pod()), minutes }], counted: [] }));
  }
  const { rules } = loadRules({ folder: rulesFolder, cwd: folder.path, receivers: null });
  const parts: RuleTrialParts = {
    settings: { rules: rulesFolder, receivers: [], store: { window: DAY }, logs: { lookback: HOUR } },
    engine: { cluster: 'test', window },
    store,
    schedule: { period: 10 * MINUTE },
  };
  const [errors] = rules;
  assert.ok(errors !== undefined);
  return {
    folder,
    parts,
    errors,
    trials: ruleTrialPort(parts),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const signal = new AbortController().signal;
const edit = (condition: string) => `- alert: Errors\r\n  ${condition}\r\n`;

test('an edited rule is judged over what is stored, beside the one in force', async () => {
  await using it = await room();
  assert.match(it.trials.source(it.errors) ?? '', /^- alert: Errors\n {2}error_ratio/);
  const sharper = edit('error_ratio: { errors: { level: error }, above: 20%, min_count: 10 }');
  const { problems, result } = await it.trials.try(it.errors, sharper, signal);
  assert.deepEqual(problems, []);
  assert.deepEqual([result?.before.length, result?.after.length], [0, 1]);
  const [alert] = result?.after ?? [];
  assert.deepEqual([alert?.labels['workload'], alert?.labels['team'], alert?.state], ['checkout', 'shop', 'firing']);
});

test('what the stored lines were never counted for is counted', async () => {
  await using it = await room();
  const { result } = await it.trials.try(it.errors, edit('log_match: { pattern: declined, above: 0, within: 1h }'), signal);
  assert.equal(result?.after.length, 1);
});

test('problems of the edited text are told with their place in the file', async () => {
  await using it = await room();
  const problemsOf = async (text: string) => (await it.trials.try(it.errors, text, signal)).problems.join('\n');
  assert.match(
    await problemsOf(edit('error_ratio: { errors: { level: error }, abov: 20% }')),
    /^rules\/shop\.yaml:5:\d+: .*abov/m,
  );
  assert.match(
    await problemsOf(edit('restarts: { above: 1, within: 1h }').replace('Errors', 'Others')),
    /duplicate alert "Others"/,
  );
  assert.match(await problemsOf('# nothing'), /expected exactly one rule/);
  assert.match(
    await problemsOf(`${edit('restarts: { above: 1, within: 1h }')}- alert: More\n  restarts: { above: 1, within: 1h }`),
    /exactly one/,
  );
});

test('one rule at a time is tried, and none that is gone or in a cluster that is too large', async () => {
  await using it = await room();
  const text = it.trials.source(it.errors) ?? '';
  const first = it.trials.try(it.errors, text, signal);
  assert.match((await it.trials.try(it.errors, text, signal)).problems.join(), /another rule is being tried/);
  assert.notEqual((await first).result, null);
  const gone: Rule = { ...it.errors, alert: 'Gone' };
  assert.equal(it.trials.source(gone), null);
  assert.match((await it.trials.try(gone, text, signal)).problems.join(), /has no such rule any more/);
  const { newest } = it.parts.engine.window;
  assert.ok(newest !== null);
  const pods = Array.from({ length: MOST_PODS_TRIED + 1 }, () => pod());
  const large = ruleTrialPort({ ...it.parts, engine: { cluster: 'test', window: { newest: { ...newest, pods } } } });
  assert.match((await large.try(it.errors, text, signal)).problems.join(), /at most 2000 pods/);
});

test('a trial ends when its visitor goes away', async () => {
  await using it = await room();
  const { result } = await it.trials.try(it.errors, it.trials.source(it.errors) ?? '', AbortSignal.abort());
  assert.equal(result, null);
});
