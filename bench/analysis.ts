import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Corpus, writeCorpus } from './analysis/corpus.ts';
import type { PassageInput, PassageResult, Way } from './analysis/passage.ts';
import { peersOf, type Times } from './analysis/peers.ts';
import type { Benchmark, Claim, Report } from './benchmark.ts';
import { runChild } from './harness/child.ts';
import { median } from './harness/median.ts';
import { figure } from './harness/table.ts';

const CONTAINERS = 200;
const MIB = 1024 ** 2;

const WAYS: readonly { readonly way: Way; readonly name: string }[] = [
  { way: 'engine', name: 'tocsin, engine: levels, statuses, traces, counts' },
  { way: 'rules', name: "tocsin, and redaction and the shipped rules' matchers" },
  { way: 'whole', name: 'tocsin, whole path into the store' },
];

export const analysis: Benchmark = {
  name: 'analysis',
  summary: 'a generated corpus of mixed formats through the analysis, beside wc, grep, mawk and mtail on the same files',
  async run({ short, folder, say }) {
    say('writing the corpus');
    const corpus = await writeCorpus(join(folder, 'logs'), { containers: CONTAINERS, bytes: (short ? 64 : 256) * MIB });
    const peers = peersOf(
      folder,
      corpus.files.map(({ path }) => path),
    );
    const runs = short ? 2 : 5;
    const times = new Map<string, Times[]>();
    const passages = new Map<Way, PassageResult[]>();
    for (let index = 0; index < runs; index++) {
      for (const peer of peers) {
        say(`run ${index + 1} of ${runs}: ${peer.name}`);
        // mtail takes a minute for what the others do in a second: once is enough.
        if (index > 0 && peer.name.startsWith('mtail')) continue;
        const taken = await peer.run();
        if (taken !== null) times.set(peer.name, [...(times.get(peer.name) ?? []), taken]);
      }
      for (const { way, name } of WAYS) {
        say(`run ${index + 1} of ${runs}: ${name}`);
        passages.set(way, [...(passages.get(way) ?? []), await passage(way, corpus, join(folder, `${way}-${index}`))]);
      }
    }
    return report(corpus, { peers: peers.map(({ name }) => ({ name, ...medians(times.get(name) ?? []) })), passages });
  },
};

function passage(way: Way, { files }: Corpus, folder: string): Promise<PassageResult> {
  const rules = fileURLToPath(new URL('../rules', import.meta.url));
  return runChild<PassageInput, PassageResult>('bench/analysis/passage.ts', {
    way,
    files: files.map(({ container, path }) => ({ container, path })),
    rules,
    folder,
  });
}

interface Measured {
  readonly peers: readonly (Times & { readonly name: string })[];
  readonly passages: ReadonlyMap<Way, readonly PassageResult[]>;
}

function medians(taken: readonly Times[]): Times {
  return { ms: median(taken.map(({ ms }) => ms)), cpuMs: median(taken.map(({ cpuMs }) => cpuMs)) };
}

function report(corpus: Corpus, { peers, passages }: Measured): Report {
  const mb = corpus.bytes / 1e6;
  const speed = (ms: number) => (mb * 1000) / ms;
  const own = (way: Way) => medians(passages.get(way) ?? []).cpuMs;
  const peer = (start: string) => peers.find(({ name }) => name.startsWith(start))?.cpuMs ?? Number.NaN;
  const all = [...passages.values()].flat();
  const wrong = all.reduce((sum, result) => sum + wrongContainers(corpus, result), 0);
  const lost = all.filter((result) => result.lines !== corpus.lines).length;
  const stored = median((passages.get('whole') ?? []).map(({ storedBytes }) => storedBytes));
  const peak = Math.max(...all.map(({ peakMiB, idleMiB }) => peakMiB - idleMiB));
  const goal = (what: string, measured: number, limit: number, unit = 'x'): Claim => ({
    what,
    measured,
    bound: 'at least',
    limit,
    unit,
    must: false,
  });
  const claims: Claim[] = [
    { what: 'containers with a count that is not exact', measured: wrong, bound: 'at most', limit: 0, unit: '', must: true },
    { what: 'runs that did not see every line', measured: lost, bound: 'at most', limit: 0, unit: '', must: true },
    goal('engine / grep -cE', peer('grep') / own('engine'), 1),
    goal('engine / wc -l', peer('wc') / own('engine'), 0.14),
    goal('engine / mtail', peer('mtail') / own('engine'), 75),
    goal('whole path / mtail', peer('mtail') / own('whole'), 5),
    goal('whole path / mawk', peer('mawk') / own('whole'), 1),
    goal('whole path', speed(own('whole')), 80, 'MB/s'),
    { what: 'peak memory above idle', measured: peak, bound: 'at most', limit: 100, unit: 'MiB', must: false },
    { what: 'stored / raw', measured: stored / corpus.bytes, bound: 'at most', limit: 0.2, unit: 'x', must: false },
  ];
  const row = (name: string, { ms, cpuMs }: Times, rss: string) => [
    ...[name, figure(speed(cpuMs)), figure(corpus.lines / cpuMs), figure(speed(ms)), rss],
  ];
  return {
    // A peer that is not installed gives no ratio.
    claims: claims.filter(({ measured }) => !Number.isNaN(measured)),
    tables: [
      {
        title: `${figure(mb)} MB, ${figure(corpus.lines)} lines of ${CONTAINERS} containers; medians, in turn`,
        columns: ['', 'MB per CPU s', '1,000 lines per CPU s', 'MB/s', 'peak MiB'],
        rows: [
          ...peers.map((each) => (Number.isNaN(each.ms) ? [each.name, 'not installed'] : row(each.name, each, ''))),
          ...WAYS.map(({ way, name }) =>
            row(
              name,
              medians(passages.get(way) ?? []),
              figure(Math.max(...(passages.get(way) ?? []).map(({ peakMiB }) => peakMiB))),
            ),
          ),
        ],
      },
    ],
    notes: ['ratios and promises are of CPU time: the clock of a machine with two shared cores says more about its neighbours'],
  };
}

function wrongContainers({ files }: Corpus, { counts }: PassageResult): number {
  return files.filter(({ container, truth }) => !isDeepStrictEqual(counts[container], truth)).length;
}
