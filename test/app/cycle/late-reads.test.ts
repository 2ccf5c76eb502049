import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chance } from '../../faults/chance.ts';
import { EngineRoom } from '../engine-room.ts';

const SLOW = { on: /pods\/slow\/log/, times: 1, effect: { kind: 'slow', chunkBytes: 20, everyMs: 40 } } as const;

test('whatever is read beside a scheduled cycle, no line is lost silently or stored twice', async (t) => {
  const random = chance(Number(process.env['TOCSIN_TEST_SEED'] ?? 11));
  await using room = await EngineRoom.open();
  const { cluster } = room;
  const slow = cluster.addPod({ namespace: 'shop', name: 'slow' });
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) cluster.addPod({ namespace: 'shop', name });
  await room.scheduled();
  const written = new Map<string, string>();
  let handedOver = 0;
  for (let round = 0; round < 8; round++) {
    slow.container().write(`${round} ${'x'.repeat(150)}`);
    cluster.faults.add(SLOW);
    const cycle = room.scheduled();
    while (room.engine.progress !== null) {
      const name = names[Math.floor(random() * names.length)] ?? 'a';
      const container = cluster.pod('shop', name).container();
      const text = `${name} ${written.size}`;
      container.write(text);
      written.set(text, name);
      const event = random();
      if (event < 0.05) container.restart({ exitCode: 1 });
      if (event < 0.4 && (await room.targeted(name)).length === 0) handedOver++;
      await sleep(3);
    }
    await cycle;
    if (random() < 0.4) await room.reopen();
  }
  await room.scheduled();
  const stored = (await room.lines()).filter((line) => written.has(line));
  assert.equal(new Set(stored).size, stored.length, 'no line was stored twice');
  const missing = [...written].filter(([text]) => !stored.includes(text));
  const gaps = new Set(room.engine.window.cycles.flatMap((cycle) => cycle.gaps.map(({ pod }) => pod)));
  assert.deepEqual(
    missing.filter(([, name]) => !gaps.has(name)),
    [],
  );
  t.diagnostic(`${stored.length} of ${written.size} lines stored, ${handedOver} reads beside scheduled cycles`);
  assert.ok(stored.length > 50 && handedOver > 5);
});
