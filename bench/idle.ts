import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../demo/free-port.ts';
import { TocsinProcess } from '../demo/tocsin-process.ts';
import type { Benchmark } from './benchmark.ts';
import { serveChild } from './harness/child.ts';
import { cpuTime } from './harness/cpu-time.ts';
import { buildAsImage, imageEnvironment } from './harness/image.ts';
import { median } from './harness/median.ts';
import { peakMemory, residentMemory } from './harness/peak-memory.ts';
import { figure } from './harness/table.ts';

const PODS = 200;
const MOST_MIB = 120;
const MOST_PERCENT = 0.5;
const PERIOD_S = 600;
/** Cycles are as short beside their rests as the default rate makes them beside ten minutes. */
const REQUESTS_PER_SECOND = 400;
/** Cycles before those that are watched. */
const WARM = 2;
const MOST_S = 300;

export const idle: Benchmark = {
  name: 'idle',
  summary: `the daemon with ${PODS} pods: memory, and CPU over a cycle of ten minutes`,
  async run({ short, folder, say }) {
    await using cluster = await serveChild<{ readonly kubeconfig: string }>('demo/cluster/main.ts', [
      ...['--pods', String(PODS), '--nodes', '5', '--body', '4096'],
    ]);
    const seconds = short ? 20 : 60;
    const config = join(folder, 'tocsin.yaml');
    const settings = {
      cluster: { kubeconfig: cluster.ready.kubeconfig, requests_per_second: REQUESTS_PER_SECOND },
      // Cycles follow each other quickly, but leave time to rest, in which V8 gives back what it does not need.
      schedule: '*/20 * * * * *',
      store: { path: join(folder, 'data') },
      rules: fileURLToPath(new URL('../rules', import.meta.url)),
      status_page: { listen: `127.0.0.1:${await freePort(0)}` },
    };
    await writeFile(config, JSON.stringify(settings));
    const cpuAt: number[] = [];
    const tocsin = new TocsinProcess({
      node: await buildAsImage(),
      settingsFile: config,
      env: imageEnvironment(),
      onLine: (line) => {
        if (line.includes('msg="cycle done"')) cpuAt.push(cpuTime(tocsin.pid));
      },
    });
    const { pid } = tocsin;
    try {
      // On a busy machine cycles take their time: without some of them there is nothing to tell.
      const resident: number[] = [];
      for (let second = 0; resident.length < seconds || cpuAt.length < WARM + 3; second++) {
        if (second > MOST_S) throw new Error(`${cpuAt.length} cycles in ${MOST_S} s:\n${tocsin.tail.join('\n')}`);
        say(`${cpuAt.length} cycles`);
        await sleep(1000);
        if (cpuAt.length >= WARM) resident.push(residentMemory(pid));
      }
      const watched = cpuAt.slice(WARM - 1);
      const perCycle = median(watched.slice(1).map((cpu, index) => cpu - (watched[index] ?? 0)));
      const [rss, percent] = [median(resident), (perCycle / (PERIOD_S * 1000)) * 100];
      return {
        claims: [
          { what: 'resident', measured: rss, bound: 'at most', limit: MOST_MIB, unit: 'MiB', must: false },
          {
            what: 'of a core, a cycle every ten minutes',
            measured: percent,
            bound: 'at most',
            limit: MOST_PERCENT,
            unit: '%',
            must: false,
          },
        ],
        tables: [
          {
            title: `tocsin run as the image runs it, ${watched.length - 1} cycles in ${resident.length} s`,
            columns: ['', ''],
            rows: [
              ['resident, median', `${figure(rss)} MiB`],
              ['peak since the start', `${figure(peakMemory(pid))} MiB`],
              ['CPU per cycle', `${figure(perCycle)} ms`],
            ],
          },
        ],
        notes: [],
      };
    } finally {
      await tocsin.stop(10_000);
    }
  },
};
