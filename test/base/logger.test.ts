import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, redacting } from '../../src/base/logger.ts';

test('a logger that redacts says no secret in any field, and still says a fault once', () => {
  let said = '';
  const plain = createLogger({ level: 'debug', write: (line) => (said += line), now: () => 0 });
  const logger = redacting(plain, (text) => text.replaceAll('hunter2', '***'));
  logger.debug('one', { error: 'password=hunter2', count: 3, none: null });
  logger.info('two', { list: ['hunter2', 'b'] });
  logger.warn('three');
  logger.error('four', { error: 'hunter2' });
  for (let i = 0; i < 2; i++) logger.once('key', 'five', { error: 'hunter2' });
  logger.clear('key', 'six', { error: 'hunter2' });
  assert.doesNotMatch(said, /hunter2/);
  assert.equal(said.split('\n').length - 1, 6);
  assert.match(said, /msg=one error="password=\*\*\*" count=3 none=null/);
});
