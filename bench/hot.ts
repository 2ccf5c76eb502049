import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, BenchOptions, Claim, Report } from './benchmark.ts';
import { figure } from './harness/table.ts';
import { kubectl } from './hot/kubectl.ts';
import { type Tally, tally } from './hot/tally.ts';
import { Tocsin } from './hot/tocsin.ts';
import { manifestOf, type Writer, writerOf } from './hot/writer.ts';

const NAMESPACE = 'tocsin-bench-hot';
const RATES = [1, 10, 100, 500];
/** What polling is compared with, in seconds, and how often. A short run polls more often than every 10 minutes, and flatters polling. */
const FULL = { every: 600, polls: 2 };
const SHORT = { every: 120, polls: 2 };
/** Issue 4 point 2. */
const MOST_LOST = 0.01;
const UP_TO_KIB = 100;
const SIZE_ERROR = 0.3;
/** A loss below this is too small for its size to matter. */
const SIZEABLE = 1024 * 1024;

interface Result {
  readonly writer: Writer;
  readonly own: Tally;
  readonly polled: Tally;
}

export const hot: Benchmark = {
  name: 'hot',
  summary: 'numbered lines at 1 to 500 KiB/s on a real kubelet: what is lost, twice and recorded, beside polling',
  async run(options) {
    if ((process.env['KUBECONFIG'] ?? '') === '')
      return { claims: [], tables: [], notes: ['not measured: set KUBECONFIG to a cluster with a real kubelet'] };
    const { every, polls } = options.short ? SHORT : FULL;
    const rotation = rotationSize();
    kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=120s']);
    kubectl(['create', 'namespace', NAMESPACE]);
    try {
      kubectl(['-n', NAMESPACE, 'wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
      const results = await measure(options, every, polls);
      const notes = [
        `the kubelet rotates at ${rotation}; polled every ${every} s${options.short ? ' (a short run: in 10 minutes it loses more)' : ''} over ${every * polls} s`,
      ];
      return { claims: results.flatMap(claimsOf), tables: [tableOf(results, every), gapsOf(results)], notes };
    } finally {
      kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false']);
    }
  },
};

async function measure({ folder, say }: BenchOptions, every: number, polls: number): Promise<readonly Result[]> {
  const seconds = every * polls;
  const writers = RATES.map((rate) => writerOf(rate, seconds));
  await using own = new Tocsin(join(folder, 'own'), { namespace: NAMESPACE, port: 18_471 });
  await using polling = new Tocsin(join(folder, 'polling'), { namespace: NAMESPACE, port: 18_472 });
  for (const writer of writers) kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], manifestOf(writer));
  kubectl(['-n', NAMESPACE, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=60s']);
  const started = Date.now();
  await Promise.all([own.start(), polling.once()]);
  for (let poll = 1; poll <= polls; poll++) {
    while (Date.now() < started + poll * every * 1000) {
      say(`${Math.round((Date.now() - started) / 1000)} of ${seconds} s`);
      await sleep(1_000);
    }
    if (poll < polls) await polling.once();
  }
  // A loaded machine may print late.
  await sleep(20_000);
  const gaps = await own.gaps();
  await own.stop();
  await own.once();
  await polling.start();
  const polledGaps = await polling.gaps();
  await polling.stop();
  const results: Result[] = [];
  for (const writer of writers) {
    say(`counting ${writer.pod}`);
    results.push({
      writer,
      own: await tally(own, writer, NAMESPACE, gaps),
      polled: await tally(polling, writer, NAMESPACE, polledGaps),
    });
  }
  return results;
}

function claimsOf({ writer, own, polled }: Result): readonly Claim[] {
  const at = `at ${writer.kibPerSecond} KiB/s`;
  const none = { measured: 0, bound: 'at most', limit: 0, unit: 'lines', must: true } as const;
  const sizes = [
    { whose: '', ...own },
    { whose: ' by polling', ...polled },
  ].filter(({ missing }) => missing >= SIZEABLE);
  return [
    { ...none, what: `lost silently ${at}`, measured: own.silent },
    { ...none, what: `twice ${at}`, measured: own.twice },
    ...(writer.kibPerSecond > UP_TO_KIB
      ? []
      : [{ ...none, what: `lost ${at}`, measured: (100 * own.lost) / own.written, limit: 100 * MOST_LOST, unit: '%' }]),
    ...sizes.map(({ whose, estimated, missing }) => ({
      ...none,
      what: `size of what was lost${whose} ${at}: off by`,
      measured: (100 * Math.abs(estimated - missing)) / missing,
      limit: 100 * SIZE_ERROR,
      unit: '%',
    })),
  ];
}

function tableOf(results: readonly Result[], every: number): Report['tables'][number] {
  const row = (rate: number, who: string, of: Tally) => [
    ...[
      `${rate} KiB/s`,
      who,
      figure(of.written),
      figure(of.recorded),
      figure(of.lost),
      `${figure((100 * of.lost) / of.written)} %`,
    ],
    ...[figure(of.silent), figure(of.twice), figure(of.gaps.length)],
    ...[figure(of.missing / 1024 ** 2), figure(of.estimated / 1024 ** 2)],
  ];
  return {
    title: 'lines by their numbers',
    columns: ['rate', '', 'written', 'recorded', 'lost', '', 'silently', 'twice', 'gaps', 'MiB lost', 'as told'],
    rows: results.flatMap(({ writer, own, polled }) => [
      row(writer.kibPerSecond, 'tocsin', own),
      row(writer.kibPerSecond, `every ${every} s`, polled),
    ]),
  };
}

function gapsOf(results: readonly Result[]): Report['tables'][number] {
  const rows = results.flatMap(({ writer, own }) =>
    own.gaps.map(({ from, to, reason, bytes, missing }) => [
      ...[`${writer.kibPerSecond} KiB/s`, new Date(from).toISOString(), `${figure((to - from) / 1000)} s`, reason],
      ...[figure(missing / 1024 ** 2), bytes === null ? 'unknown' : figure(bytes / 1024 ** 2)],
    ]),
  );
  return { title: "Tocsin's gaps", columns: ['rate', 'from', 'for', 'reason', 'MiB lost', 'as told'], rows };
}

/** As the kubelet of the first node says it. */
function rotationSize(): string {
  const [node] = JSON.parse(kubectl(['get', 'nodes', '-o', 'json'])).items;
  const { kubeletconfig } = JSON.parse(kubectl(['get', '--raw', `/api/v1/nodes/${node.metadata.name}/proxy/configz`]));
  return String(kubeletconfig.containerLogMaxSize);
}
