import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gap } from '../../src/core/model/cycle.ts';
import { chance } from './chance.ts';
import { NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';
import { openToldLife } from './told-life.ts';

const CYCLES = 100;
const PRINT_MS = 60;

test('what is rotated away between two reads lies in a gap, also when a file is found empty and rotated again', async (context) => {
  const seed = Number(process.env['TOCSIN_TEST_SEED'] ?? 1);
  context.diagnostic(`seed ${seed}`);
  const random = chance(seed);
  let time = Date.UTC(2026, 10, 21, 12);
  await using stage = await Stage.open({ cluster: { now: () => time } });
  const lines = new NumberedLines('rotating', stage.cluster.addPod({ namespace: 'lines', name: 'rotating' }).container());
  lines.print(1, time);
  await using life = await openToldLife(stage, time);
  const gaps: Gap[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    gaps.push(...(await life.cycle(time)).gaps);
    for (let left = Math.floor(random() * 80); left > 0; left--) {
      time += PRINT_MS;
      lines.print(3, time);
      if (random() < 0.03) lines.container.rotateLog();
    }
    time += Math.floor(random() * PRINT_MS);
  }
  gaps.push(...(await life.cycle(time)).gaps);
  const stored = (await life.texts()).map((text) => Number(/^line (\d+) /.exec(text)?.[1]));
  const known = new Set(stored);
  assert.equal(known.size, stored.length, 'none is stored twice');
  const lost = lines.printed.filter((at, i) => !known.has(i + 1) && !gaps.some((gap) => at >= (gap.from ?? 0) && at <= gap.to));
  assert.deepEqual(lost, []);
  assert.ok(known.size < lines.printed.length, 'something was rotated away');
});
