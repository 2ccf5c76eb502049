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

export const idle: Benchmark = {
  name: 'idle',
  summary: `the daemon with ${PODS} pods: memory, and CPU over a cycle of ten minutes`,
  async run({ short, folder, say }) {
    await using cluster = await serveChild<{ readonly kubeconfig: string }>('demo/cluster/main.ts', [
      ...['--pods', String(PODS), '--nodes', '5', '--body', '4096'],
    ]);
    const [quiet, busy] = short ? [5, 20] : [30, 60];
    const config = join(folder, 'tocsin.yaml');
    const settings = {
      cluster: { kubeconfig: cluster.ready.kubeconfig },
      // Cycles follow each other quickly, so that a minute sees many; what ten minutes of waiting cost is added.
      schedule: '*/10 * * * * *',
      store: { path: join(folder, 'data') },
      rules: fileURLToPath(new URL('../rules', import.meta.url)),
      status_page: { listen: `127.0.0.1:${await freePort(0)}` },
    };
    await writeFile(config, JSON.stringify(settings));
    let [cycles, pid] = [0, 0];
    const tocsin = new TocsinProcess({
      node: await buildAsImage(),
      settingsFile: config,
      env: imageEnvironment(),
      onLine: (line) => {
        if (line.includes('msg="cycle done"')) cycles++;
      },
    });
    pid = tocsin.pid;
    try {
      say(`starting: ${quiet} s`);
      await sleep(quiet * 1000);
      const [begun, cpu] = [cycles, cpuTime(pid)];
      const resident: number[] = [];
      for (let second = 0; second < busy; second++) {
        say(`watching: ${busy - second} s`);
        await sleep(1000);
        resident.push(residentMemory(pid));
      }
      const perCycle = (cpuTime(pid) - cpu) / Math.max(1, cycles - begun);
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
            title: `tocsin run as the image runs it, ${cycles - begun} cycles in ${busy} s`,
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
