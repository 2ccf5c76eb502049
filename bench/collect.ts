import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, BenchOptions, Report } from './benchmark.ts';
import type { BareLoopInput, BareLoopResult } from './collect/bare-loop.ts';
import type { CycleInput, CycleResult } from './collect/one-cycle.ts';
import { runChild, serveChild } from './harness/child.ts';
import { median } from './harness/median.ts';
import { figure } from './harness/table.ts';

const PODS = 5000;
const NODES = 50;
const BODY_BYTES = 4096;
/** Requests at the same time, of both: enough that neither waits for the server's answers one by one. */
const IN_FLIGHT = 50;

/** Issue 3: what a cycle may cost above reading alone. */
const MOST_TIMES = 2;
/** The two processes and the server share the machine's cores with whatever else runs: medians of the same code differ by this share. */
const NOISE = 0.1;
const MOST_MIB = 256;
const MOST_BLOCK_MS = 100;

export const collect: Benchmark = {
  name: 'collect',
  summary: `one cycle over ${PODS} pods on ${NODES} nodes, beside a bare loop over the same agent, lists and logs`,
  async run(options) {
    await using cluster = await serveChild<{ readonly kubeconfig: string }>('demo/cluster/main.ts', [
      ...['--pods', String(PODS), '--nodes', String(NODES), '--body', String(BODY_BYTES), '--port', '0'],
    ]);
    const bare: BareLoopResult[] = [];
    const own: CycleResult[] = [];
    const runs = options.short ? 3 : 9;
    for (let index = 0; index < runs; index++) {
      options.say(`pair ${index + 1} of ${runs}`);
      const { kubeconfig } = cluster.ready;
      bare.push(await runChild<BareLoopInput, BareLoopResult>('bench/collect/bare-loop.ts', { kubeconfig, inFlight: IN_FLIGHT }));
      own.push(await oneCycle(options, kubeconfig, index));
    }
    return report(bare, own);
  },
};

async function oneCycle({ folder }: BenchOptions, kubeconfig: string, index: number): Promise<CycleResult> {
  const home = join(folder, String(index));
  await mkdir(home);
  const settings = {
    cluster: { kubeconfig, requests_per_second: 100_000, max_in_flight: IN_FLIGHT },
    store: { path: join(home, 'data') },
    rules: fileURLToPath(new URL('../rules', import.meta.url)),
  };
  const config = join(home, 'tocsin.yaml');
  // YAML takes JSON.
  await writeFile(config, JSON.stringify(settings));
  return runChild<CycleInput, CycleResult>('bench/collect/one-cycle.ts', { config, cycles: 2 });
}

function report(bare: readonly BareLoopResult[], own: readonly CycleResult[]): Report {
  const of = <T>(results: readonly T[], field: (result: T) => number) => median(results.map(field));
  const [bareMs, ownMs] = [of(bare, ({ ms }) => ms), of(own, ({ ms }) => ms)];
  const [bareCpu, ownCpu] = [of(bare, ({ cpuMs }) => cpuMs), of(own, ({ cpuMs }) => cpuMs)];
  const peak = of(own, ({ peakMiB }) => peakMiB);
  const block = of(own, ({ blockMs }) => blockMs);
  const missing = own.filter(({ containers, gaps, errors }) => containers !== PODS || gaps + errors > 0).length;
  const row = (name: string, result: BareLoopResult | undefined, ms: number, cpuMs: number, rss: number) => {
    const mib = (result?.bytes ?? 0) / 1024 ** 2;
    return [name, figure(ms), figure(cpuMs), figure(result?.requests ?? 0), figure(mib), figure((mib * 1000) / ms), figure(rss)];
  };
  return {
    claims: [
      {
        what: 'time of a cycle / bare loop',
        measured: ownMs / bareMs,
        bound: 'at most',
        limit: MOST_TIMES,
        unit: 'x',
        must: true,
        margin: NOISE,
      },
      { what: 'peak memory', measured: peak, bound: 'at most', limit: MOST_MIB, unit: 'MiB', must: true },
      { what: 'cycles that missed a container', measured: missing, bound: 'at most', limit: 0, unit: '', must: true },
      {
        what: 'CPU of a cycle / bare loop',
        measured: ownCpu / bareCpu,
        bound: 'at most',
        limit: MOST_TIMES,
        unit: 'x',
        must: false,
      },
      {
        what: 'longest block of the event loop',
        measured: block,
        bound: 'at most',
        limit: MOST_BLOCK_MS,
        unit: 'ms',
        must: false,
      },
    ],
    tables: [
      {
        title: `medians of ${own.length} runs each, in turn; a cycle lists, reads, analyses, stores and judges by the shipped rules`,
        columns: ['', 'ms', 'CPU ms', 'requests', 'MiB read', 'MiB/s', 'peak MiB'],
        rows: [
          row(
            'bare loop',
            bare[0],
            bareMs,
            bareCpu,
            of(bare, ({ peakMiB }) => peakMiB),
          ),
          row('tocsin, first cycle', own[0], ownMs, ownCpu, peak),
        ],
      },
    ],
    notes: [
      `later cycles of the same process, with little new: ${figure(of(own, ({ laterMs }) => median(laterMs)))} ms`,
      `the highest peak of all runs: ${figure(Math.max(...own.map(({ peakMiB }) => peakMiB)))} MiB`,
    ],
  };
}
