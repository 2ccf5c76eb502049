import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../demo/free-port.ts';
import { TocsinProcess } from '../demo/tocsin-process.ts';
import { MINUTE } from '../src/base/duration.ts';
import type { Benchmark, BenchOptions, Report } from './benchmark.ts';
import { serveChild } from './harness/child.ts';
import { cpuTime } from './harness/cpu-time.ts';
import { buildAsImage, imageEnvironment } from './harness/image.ts';
import { median } from './harness/median.ts';
import { peakMemory, residentMemory } from './harness/peak-memory.ts';
import { figure } from './harness/table.ts';

const PODS = 2000;
const NODES = 20;
const BYTES_PER_SECOND = 1000;
const PERIOD_S = 60;
/** Twice what a cycle a minute needs at least: the default is for cycles of ten minutes. */
const REQUESTS_PER_SECOND = 75;

const MOST_PERCENT = 5;
const MOST_MIB = 180;
const MOST_PEAK_MIB = 256;
/** Pages and probes are asked for meanwhile, as a kubelet does. */
const ASK_MS = 1000;
/** How often it is looked how late the benchmark itself is. */
const LOOK_MS = 20;

export const steady: Benchmark = {
  name: 'steady',
  summary: `the daemon with ${PODS} pods that write ${BYTES_PER_SECOND / 1000} kB/s each and a cycle every minute: CPU and memory`,
  async run(options) {
    await using cluster = await serveChild<{ readonly kubeconfig: string }>('demo/cluster/main.ts', [
      ...['--pods', String(PODS), '--nodes', String(NODES)],
      // A minute of log to begin with, and as much in every minute.
      ...['--body', String(BYTES_PER_SECOND * PERIOD_S), '--span', String(PERIOD_S)],
    ]);
    const cycles = options.short ? 2 : 5;
    return await watch(options, cluster.ready.kubeconfig, cycles);
  },
};

interface CycleLine {
  /** Of the process, at the end of the cycle. */
  readonly cpuMs: number;
  readonly at: number;
  readonly lines: number;
  readonly seconds: number;
}

/** Lets the daemon run its first cycle, which comes at once, the next, which comes when the minute is full, and so many after that: a minute apart, all of them. */
async function watch({ folder, say }: BenchOptions, kubeconfig: string, cycles: number): Promise<Report> {
  const config = join(folder, 'tocsin.yaml');
  const port = await freePort(0);
  const settings = {
    cluster: { kubeconfig, requests_per_second: REQUESTS_PER_SECOND },
    schedule: '* * * * *',
    store: { path: join(folder, 'data') },
    rules: fileURLToPath(new URL('../rules', import.meta.url)),
    status_page: { listen: `127.0.0.1:${port}` },
  };
  // YAML takes JSON.
  await writeFile(config, JSON.stringify(settings));
  const done: CycleLine[] = [];
  // The first cycle must be over when the minute is full: what waits for it would be no minute apart from the next.
  await sleep(MINUTE - (Date.now() % MINUTE));
  const tocsin = new TocsinProcess({
    node: await buildAsImage(),
    settingsFile: config,
    env: imageEnvironment(),
    onLine: (line) => {
      const found = /msg="cycle done".* lines=(\d+).* seconds=([\d.]+)/.exec(line);
      if (found === null) return;
      done.push({ at: performance.now(), cpuMs: cpuTime(tocsin.pid), lines: Number(found[1]), seconds: Number(found[2]) });
    },
  });
  const resident: number[] = [];
  const answers: Answer[] = [];
  try {
    while (done.length < cycles + 2) {
      const ended = await Promise.race([tocsin.exited, sleep(ASK_MS)]);
      if (ended !== undefined) throw new Error(`tocsin ${ended}:\n${tocsin.tail.join('\n')}`);
      say(`cycles: ${done.length} of ${cycles + 2}`);
      if (done.length < 2) continue;
      resident.push(residentMemory(tocsin.pid));
      answers.push(await ask(`http://127.0.0.1:${port}/healthz`));
    }
    return report(done.slice(1), { rss: median(resident), peak: peakMemory(tocsin.pid), answers });
  } finally {
    await tocsin.stop(20_000);
  }
}

/** How long an answer took, milliseconds; and how late a timer of the benchmark was meanwhile: so long everything waits on a machine that is busy with other things. */
interface Answer {
  readonly ms: number;
  readonly late: number;
}

async function ask(url: string): Promise<Answer> {
  const loop = monitorEventLoopDelay({ resolution: LOOK_MS });
  loop.enable();
  const started = performance.now();
  await (await fetch(url)).arrayBuffer();
  const ms = performance.now() - started;
  await sleep(LOOK_MS);
  loop.disable();
  return { ms, late: Math.max(0, loop.max / 1e6 - LOOK_MS) };
}

function report(
  done: readonly CycleLine[],
  { rss, peak, answers }: { readonly rss: number; readonly peak: number; readonly answers: readonly Answer[] },
): Report {
  const [first, ...later] = done;
  const last = later.at(-1);
  if (first === undefined || last === undefined) throw new Error('no cycle was measured');
  const cpuMs = last.cpuMs - first.cpuMs;
  const elapsed = last.at - first.at;
  const lines = later.reduce((sum, cycle) => sum + cycle.lines, 0);
  const slowest = answers.toSorted((a, b) => b.ms - a.ms)[0] ?? { ms: Number.NaN, late: Number.NaN };
  const claim = { bound: 'at most' } as const;
  return {
    claims: [
      { ...claim, what: 'of a core', measured: (cpuMs / elapsed) * 100, limit: MOST_PERCENT, unit: '%', must: false },
      { ...claim, what: 'resident', measured: rss, limit: MOST_MIB, unit: 'MiB', must: true },
      { ...claim, what: 'peak', measured: peak, limit: MOST_PEAK_MIB, unit: 'MiB', must: true },
    ],
    tables: [
      {
        title: `tocsin run as the image runs it, ${later.length} cycles a minute apart`,
        columns: ['', ''],
        rows: [
          ['lines a second', figure((lines * 1000) / elapsed)],
          ['CPU per cycle', `${figure(cpuMs / later.length)} ms`],
          ['a cycle', `${figure(median(later.map(({ seconds }) => seconds)))} s at ${REQUESTS_PER_SECOND} requests a second`],
          [
            '/healthz, longest of one a second',
            `${figure(slowest.ms)} ms, while this benchmark's own timers were up to ${figure(slowest.late)} ms late`,
          ],
          ['/healthz, median', `${figure(median(answers.map(({ ms }) => ms)))} ms`],
        ],
      },
    ],
    notes: [],
  };
}
