import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silencePort } from '../../../src/app/alerts/silences.ts';
import { nothing } from '../../core/alerts/build-alert.ts';

test('what people write of a silence is redacted before it is kept', async () => {
  let document = nothing;
  const port = silencePort({
    read: () => document,
    change: async (change) => {
      document = change(document);
    },
    now: () => 1_800_000_000_000,
    newId: () => 'abcdefghij',
    redact: (text) => text.replaceAll('hunter2', '***'),
  });
  const { silence } = await port.add({ match: { namespace: 'shop' }, for: '2h', comment: 'new password=hunter2' }, 'ann hunter2');
  assert.deepEqual([silence?.comment, silence?.author], ['new password=***', 'ann ***']);
  assert.doesNotMatch(JSON.stringify(document), /hunter2/);
});
