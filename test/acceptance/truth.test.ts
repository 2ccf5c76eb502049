import assert from 'node:assert/strict';
import { test } from 'node:test';
import { precisionOf, recallOf, scoreFolder } from '../../bench/truth.ts';

test('the labelled timelines are told as they are true: recall and precision at least 0.98, no false or late resolve', async () => {
  const scores = (await scoreFolder('test/acceptance', () => undefined)).flatMap(({ timelines }) => timelines);
  const wrong = scores.flatMap(({ name, missed, falseAlerts, falseResolves, lateResolves }) =>
    [...missed, ...falseAlerts, ...falseResolves, ...lateResolves].map((text) => `${name}: ${text}`),
  );
  assert.ok(scores.length >= 330, `${scores.length} timelines`);
  assert.ok(recallOf(scores) >= 0.98 && precisionOf(scores) >= 0.98, wrong.join('\n'));
  assert.deepEqual(
    scores.flatMap(({ falseResolves, lateResolves }) => [...falseResolves, ...lateResolves]),
    [],
  );
});
