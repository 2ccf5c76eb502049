import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SourceLog } from '../../../src/app/cycle/source-log.ts';
import { createLogger } from '../../../src/base/logger.ts';
import type { SourceError } from '../../../src/core/model/cycle.ts';

suite('sources that cannot be read', () => {
  const pods = (namespace: string, message = '403 pods is forbidden'): SourceError => ({
    source: 'pods',
    namespace,
    reason: 'forbidden',
    message,
  });

  function opened() {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line.replace(/^time=\S+ /, '').trimEnd());
    return { lines, log: new SourceLog(createLogger({ level: 'info', write, now: () => 0 })) };
  }

  test('are named once, and once more when they are back', () => {
    const { lines, log } = opened();
    log.cycleEnded([]);
    log.cycleEnded([pods('bank')]);
    log.cycleEnded([pods('bank', '403 pods is forbidden (another request)')]);
    assert.deepEqual(lines, [
      'level=warn msg="source cannot be read" source=pods namespace=bank reason=forbidden error="403 pods is forbidden"',
    ]);
    log.cycleEnded([]);
    log.cycleEnded([]);
    assert.deepEqual(lines.slice(1), ['level=info msg="sources can be read again" sources="pods bank forbidden"']);
    log.cycleEnded([pods('bank')]);
    assert.equal(lines.length, 3);
  });

  test('are named up to a bound, and counted beyond it', () => {
    const { lines, log } = opened();
    log.cycleEnded(Array.from({ length: 25 }, (_, index) => pods(`ns-${index}`)));
    assert.equal(lines.length, 21);
    assert.match(lines.at(-1) ?? '', /more sources cannot be read" count=5/);
  });
});
