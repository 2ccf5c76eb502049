import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serveChild } from '../../bench/harness/child.ts';
import { imageEnvironment } from '../../bench/harness/image.ts';
import { median } from '../../bench/harness/median.ts';
import { eventually } from './eventually.ts';
import { Stage } from './stage.ts';

const LIMIT = 256 * 1024 * 1024;
const CYCLES = 24;
/** Memory in the last third of the cycles, of that in the third before. */
const MOST_GROWTH = 1.1;
const RULES = fileURLToPath(new URL('../../rules', import.meta.url));

test('24 cycles over 1,000 busy pods in a control group of 256 MiB: nothing is killed for lack of memory, and memory does not grow', async (t) => {
  await using group = openGroup();
  if (group instanceof Error) return t.skip(`a control group cannot be made: ${group.message}`);
  await using stage = await Stage.open({
    settings: { cluster: { requests_per_second: 400 }, schedule: '*/10 * * * * *', rules: RULES },
  });
  const pods = ['--pods', '1000', '--nodes', '20', '--body', '10000', '--span', '10'];
  await using cluster = await serveChild<{ readonly kubeconfig: string }>('demo/cluster/main.ts', pods);
  copyFileSync(cluster.ready.kubeconfig, join(stage.folder, 'kubeconfig'));
  const daemon = stage.start(imageEnvironment(), group.under);
  const resident: number[] = [];
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    await daemon.cycles(1, 60_000);
    assert.equal((await daemon.get('/')).status, 200);
    resident.push(daemon.memory());
  }
  assert.deepEqual(await daemon.stop(), { status: 0, signal: null });
  t.diagnostic(`resident: ${resident.map((bytes) => Math.round(bytes / 1024 ** 2)).join(' ')} MiB`);
  assert.equal(group.killed(), 0);
  const [before, last] = [median(resident.slice(CYCLES / 3, (2 * CYCLES) / 3)), median(resident.slice((2 * CYCLES) / 3))];
  assert.ok(last <= before * MOST_GROWTH, `${before} bytes and then ${last}`);
});

/** A control group, of either version, with a limit of memory without swap; an error where it takes root or another system. */
function openGroup() {
  const one = ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes', 'memory.memsw.limit_in_bytes', 'memory.oom_control'] as const;
  const two = ['/sys/fs/cgroup', 'memory.max', 'memory.swap.max', 'memory.events'] as const;
  const isFirst = existsSync(join(one[0], one[1]));
  const [root, limit, swap, kills] = isFirst ? one : two;
  const folder = join(root, `tocsin-soak-${process.pid}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, limit), String(LIMIT));
    // Version 1 limits memory and swap together. A kernel that does not count swap has no such file.
    if (existsSync(join(folder, swap))) writeFileSync(join(folder, swap), isFirst ? String(LIMIT) : '0');
  } catch (error) {
    return Object.assign(error instanceof Error ? error : new Error(String(error)), { [Symbol.asyncDispose]: async () => {} });
  }
  return {
    /** What runs a program in the group. */
    under: ['/bin/sh', '-c', `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`, 'sh'],
    /** Processes that the kernel killed. */
    killed: () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(folder, kills), 'utf8'))?.[1]),
    [Symbol.asyncDispose]: async () => void (await eventually('the group is empty', 30_000, () => isRemoved(folder))),
  };
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false; // a process of it has not gone yet
  }
}
