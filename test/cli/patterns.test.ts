import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { logs } from '../../src/cli/commands/logs.ts';
import { openStore } from '../../src/store/open-store.ts';
import { patternOf, pod, refOf } from '../build.ts';
import { commit, options } from '../store/store-fixture.ts';
import { folderOf, runCommand } from './run-command.ts';

/** A store of two cycles with patterns of two workloads. */
async function stage(): Promise<string> {
  const cwd = folderOf({ 'tocsin.yaml': 'timezone: UTC\n' });
  await using store = await openStore('json', options(join(cwd, 'data')));
  const [web, cart] = [pod({ of: 'shop/web' }), pod({ of: 'shop/cart' })];
  const found = (of: typeof web, ...patterns: readonly ReturnType<typeof patternOf>[]) => ({
    ref: refOf(of),
    patterns,
    dropped: 0,
  });
  const slow = { level: 4 as const };
  await commit(store, '10:00', [], {
    states: [web, cart],
    patterns: [
      found(web, patternOf('disk <num> is full', { '09:58': 2 })),
      found(cart, patternOf('slow query', { '09:59': 9 }, slow)),
    ],
  });
  await commit(store, '10:10', [], {
    states: [web, cart],
    patterns: [found(web, patternOf('disk <num> is full', { '10:05': 3 }))],
  });
  return cwd;
}

test('patterns are printed with their counts, the most frequent first', async () => {
  const { status, stdout } = await runCommand(logs, await stage(), [], { patterns: true });
  assert.equal(status, 0);
  const rows = stdout.split('\n').map((row) => row.split(/ {2,}/));
  assert.deepEqual(rows[0], ['COUNT', 'LEVEL', 'FIRST', 'LAST', 'WORKLOAD', 'ID', 'PATTERN']);
  assert.deepEqual(
    rows.slice(1, 3).map(([count, level, first, last, where, , pattern]) => [count, level, first, last, where, pattern]),
    [
      ['9', 'warning', '2026-11-21T09:59Z', '2026-11-21T09:59Z', 'shop/Deployment/cart app', 'slow query'],
      ['5', 'error', '2026-11-21T09:58Z', '2026-11-21T10:05Z', 'shop/Deployment/web app', 'disk <num> is full'],
    ],
  );
});

test('a container with more patterns than are kept is named', async () => {
  const cwd = folderOf({ 'tocsin.yaml': 'timezone: UTC\n' });
  await using store = await openStore('json', options(join(cwd, 'data')));
  const web = pod({ of: 'shop/web' });
  const patterns = [patternOf('disk <num> is full', { '09:58': 2 })];
  await commit(store, '10:00', [], { states: [web], patterns: [{ ref: refOf(web), patterns, dropped: 3 }] });
  const { stdout, stderr } = await runCommand(logs, cwd, [], { patterns: true });
  assert.match(stdout, /disk <num> is full/);
  assert.match(stderr, /^200 patterns of a container are kept.* missing: shop\/web app\n$/);
});

test('as JSON each is one object, with counts by minute since the asked time', async () => {
  const flags = { patterns: true, json: true, level: 'error', since: '2026-11-21T10:00:00Z' };
  const { stdout } = await runCommand(logs, await stage(), ['shop/web'], flags);
  const [one = '', ...others] = stdout.trimEnd().split('\n');
  assert.deepEqual(others, []);
  assert.deepEqual(JSON.parse(one), {
    id: patternOf('disk <num> is full', { '10:05': 1 }).id,
    namespace: 'shop',
    kind: 'Deployment',
    workload: 'web',
    container: 'app',
    level: 'error',
    template: 'disk <num> is full',
    count: 3,
    first_seen_at: '2026-11-21T09:58:00.000Z',
    last_seen_at: '2026-11-21T10:05:00.000Z',
    minutes: [{ at: '2026-11-21T10:05:00.000Z', count: 3 }],
    sample: 'disk <num> is full',
  });
});

test('what narrows lines alone is refused', async () => {
  const cwd = await stage();
  await assert.rejects(runCommand(logs, cwd, [], { patterns: true, grep: 'x' }), /--patterns takes no --grep/);
});

test('without patterns that is said', async () => {
  const { stdout } = await runCommand(logs, await stage(), ['nowhere'], { patterns: true });
  assert.equal(stdout, 'no patterns\n');
});
