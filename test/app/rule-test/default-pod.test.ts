import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPods } from '../../../src/app/rule-test/default-pod.ts';
import { Findings } from '../../../src/base/node.ts';
import { parseYaml } from '../../../src/config/decode/yaml.ts';
import { testFileType } from '../../../src/config/rule-tests/test-type.ts';

/** The pods that the lines of a scene are about. */
function podsOfLogs(pods: string, logs: string): readonly (string | null)[] {
  const findings = new Findings('scene');
  const text = `tests: [{ name: x, expect: [{ at: "10:00", alert: "*", state: inactive }], pods: [${pods}], logs: [${logs}] }]`;
  const node = parseYaml(Buffer.from(text), findings);
  const decoded = node === null ? undefined : testFileType.decode(node, findings);
  assert.deepEqual(findings.problems, []);
  const found = decoded?.tests[0]?.value;
  assert.ok(found !== undefined);
  return withPods(found).logs.map(({ pod }) => pod);
}

test('lines that name no pod are of NAME-1, or of one that the scene has', () => {
  const log = (at: string, pod = '') => `{ workload: shop/web, at: "${at}", line: a${pod === '' ? '' : `, pod: ${pod}`} }`;
  const entry = (pod: string, at: string, more = '') => `{ workload: shop/web, pod: ${pod}, at: "${at}"${more} }`;
  assert.deepEqual(podsOfLogs('', log('10:00')), ['web-1']);
  assert.deepEqual(podsOfLogs(entry('web-1', '10:00'), [log('09:00'), log('10:00', 'web-9')].join()), ['web-1', 'web-9']);
  const rollout = [entry('old', '10:00'), entry('new', '10:10'), entry('old', '10:11', ', gone: true')].join();
  assert.deepEqual(podsOfLogs(rollout, ['09:00', '10:00', '10:10', '10:11'].map((at) => log(at)).join()), [
    'old',
    'old',
    'old',
    'new',
  ]);
  const back = [entry('web-a', '10:00'), entry('web-a', '10:05', ', gone: true'), entry('web-a', '10:06')].join();
  assert.deepEqual(podsOfLogs(back, [log('10:05'), log('10:07')].join()), ['web-a', 'web-a']);
  assert.deepEqual(podsOfLogs('{ workload: pay/web, pod: other, at: "10:00" }', log('10:00')), ['web-1']);
});
