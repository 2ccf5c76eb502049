import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from './benchmark.ts';
import { runChild } from './harness/child.ts';
import { CycleSource, commitCycle, DAY_OF_CYCLES, openHistory, PERIOD } from './harness/history.ts';
import { figure } from './harness/table.ts';
import type { ServedInput, ServedResult } from './page/served.ts';

const WORKLOADS = 1000;
const MOST_MS = 50;
const MOST_KB = 300;
const PATHS = ['/', '/workloads/team-0/Deployment/service-0', '/alerts', '/rules', '/rules/HighErrorRatio', '/deliveries'];

export const page: Benchmark = {
  name: 'page',
  summary: `the status page of ${WORKLOADS} workloads with a day of cycles in the window`,
  async run({ short, folder, say }) {
    const end = Math.floor(Date.now() / PERIOD) * PERIOD;
    const start = end - DAY_OF_CYCLES * PERIOD;
    const source = new CycleSource({ workloads: WORKLOADS, lines: 10 }, start);
    const data = join(folder, 'data');
    {
      await using store = await openHistory(data, () => end);
      for (let at = start + PERIOD; at <= end; at += PERIOD) {
        say(`history until ${new Date(at).toISOString()}`);
        await commitCycle(store, source.cycleAt(at), []);
      }
    }
    say('serving');
    const config = join(folder, 'tocsin.yaml');
    const kubeconfig = join(folder, 'kubeconfig');
    await mkdir(folder, { recursive: true });
    await writeFile(kubeconfig, NOBODY);
    const rules = fileURLToPath(new URL('../rules', import.meta.url));
    // YAML takes JSON.
    await writeFile(config, JSON.stringify({ cluster: { kubeconfig }, store: { path: data }, rules }));
    const { pages, rssMiB, openMs } = await runChild<ServedInput, ServedResult>('bench/page/served.ts', {
      config,
      paths: PATHS,
      requests: short ? 40 : 150,
    });
    const [status, ...others] = pages;
    if (status === undefined) throw new Error('the status page was not measured');
    const slowest = Math.max(...others.map(({ ms }) => ms));
    return {
      claims: [
        { what: 'server time, warm', measured: status.ms, bound: 'at most', limit: MOST_MS, unit: 'ms', must: false },
        { what: 'slowest other page, warm', measured: slowest, bound: 'at most', limit: MOST_MS, unit: 'ms', must: false },
        { what: 'size', measured: status.bytes / 1000, bound: 'at most', limit: MOST_KB, unit: 'KB', must: false },
      ],
      tables: [
        {
          title: `Pages over loopback, ${WORKLOADS} workloads, ${DAY_OF_CYCLES} cycles`,
          columns: ['page', 'median', 'first', 'size'],
          rows: pages.map(({ path, ms, coldMs, bytes }) => [
            path,
            `${figure(ms)} ms`,
            `${figure(coldMs)} ms`,
            `${figure(bytes / 1000)} KB`,
          ]),
        },
        {
          title: 'The daemon',
          columns: ['', ''],
          rows: [
            ['start: the window read from the store', `${figure(openMs)} ms`],
            ['resident with the window in memory', `${figure(rssMiB)} MiB`],
          ],
        },
      ],
      notes: [],
    };
  },
};

/** A cluster that is never asked: the page shows what is stored. */
const NOBODY = `apiVersion: v1
kind: Config
current-context: nobody
clusters: [{ name: nobody, cluster: { server: "https://127.0.0.1:9" } }]
contexts: [{ name: nobody, context: { cluster: nobody, user: nobody } }]
users: [{ name: nobody, user: { token: none } }]
`;
