import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { COLUMNS } from '../src/core/model/minute.ts';
import type { Benchmark, Claim, Report } from './benchmark.ts';
import { runChild, serveChild } from './harness/child.ts';
import { median } from './harness/median.ts';
import { figure } from './harness/table.ts';
import { type Corpus, type CorpusFile, writeCorpus } from './logs/corpus.ts';
import type { LogServer } from './logs/over-https.ts';
import type { PassageInput, PassageResult, Way } from './logs/passage.ts';
import { type Peer, peersOf, runPeer, type Times } from './logs/peers.ts';

const CONTAINERS = 200;
const MIB = 1024 ** 2;

const WAYS: readonly { readonly way: Way; readonly name: string }[] = [
  { way: 'engine', name: 'tocsin, engine: levels, statuses, traces, counts' },
  { way: 'rules', name: 'tocsin, and redaction, patterns and the matchers of 30 rules' },
  { way: 'whole', name: 'tocsin, whole path into the store' },
  { way: 'https', name: 'tocsin, whole path over HTTPS' },
  { way: 'drain', name: '(reading over HTTPS alone)' },
];

export const logs: Benchmark = {
  name: 'logs',
  summary: 'a generated corpus of mixed formats through the analysis, beside wc, grep, mawk, mtail and others on the same files',
  async run({ short, size, folder, say }) {
    say('writing the corpus');
    const bytes = size ?? (short ? 64 : 1024) * MIB;
    const corpus = await writeCorpus(join(folder, 'logs'), { containers: CONTAINERS, bytes });
    const peers = peersOf(folder, corpus.files);
    await using server = await serveChild<LogServer>('bench/logs/log-server.ts', [join(folder, 'logs')]);
    const runs = short ? 2 : 3;
    const times = new Map<string, Times[]>();
    const passages = new Map<Way, PassageResult[]>();
    for (let index = 0; index < runs; index++) {
      for (const { name, files, command } of peers) {
        // What gets a part of the corpus is slow: once is enough.
        if (command === null || (index > 0 && files.length < corpus.files.length)) continue;
        say(`run ${index + 1} of ${runs}: ${name}`);
        times.set(name, [...(times.get(name) ?? []), await runPeer(folder, command)]);
      }
      for (const { way, name } of WAYS) {
        say(`run ${index + 1} of ${runs}: ${name}`);
        const input = { way, files: corpus.files, rules: RULES, folder: join(folder, `${way}-${index}`), server: server.ready };
        const result = await runChild<PassageInput, PassageResult>('bench/logs/passage.ts', {
          ...input,
          files: input.files.map(({ container, path }) => ({ container, path })),
        });
        passages.set(way, [...(passages.get(way) ?? []), result]);
      }
    }
    return report(corpus, { peers: peers.map((peer) => ({ ...peer, ...medians(times.get(peer.name) ?? []) })), passages });
  },
};

const RULES = fileURLToPath(new URL('../rules', import.meta.url));

interface Measured {
  readonly peers: readonly (Times & Peer)[];
  readonly passages: ReadonlyMap<Way, readonly PassageResult[]>;
}

function medians(taken: readonly Times[]): Times {
  return { ms: median(taken.map(({ ms }) => ms)), cpuMs: median(taken.map(({ cpuMs }) => cpuMs)) };
}

/** MB for each second of CPU. */
function speed(files: readonly CorpusFile[], ms: number): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000 / ms;
}

function report(corpus: Corpus, measured: Measured): Report {
  const { peers, passages } = measured;
  return {
    // A peer that is not installed gives no ratio.
    claims: claimsOf(corpus, measured).filter(({ measured }) => !Number.isNaN(measured)),
    tables: [
      {
        title: `${figure(corpus.bytes / 1e6)} MB, ${figure(corpus.lines)} lines of ${CONTAINERS} containers; medians, in turn`,
        columns: ['', 'MB per CPU s', '1,000 lines per CPU s', 'MB/s', 'peak MiB', 'over idle'],
        rows: [
          ...peers.map((peer) => (peer.command === null ? [peer.name, 'not installed'] : rowOf(peer.name, peer.files, peer))),
          ...WAYS.map(({ way, name }) => {
            const results = passages.get(way) ?? [];
            const peak = Math.max(...results.map(({ peakMiB }) => peakMiB));
            return [...rowOf(name, corpus.files, medians(results)), figure(peak), figure(overIdle(results))];
          }),
        ],
      },
    ],
    notes: [
      'ratios and promises are of CPU time: the clock of a machine with two shared cores says more about its neighbours',
      ...peers
        .filter(({ command, files }) => command !== null && files.length < corpus.files.length)
        .map(({ name, files }) => `${name}: of ${files.length} files`),
    ],
  };
}

function claimsOf(corpus: Corpus, { peers, passages }: Measured): readonly Claim[] {
  const own = (way: Way) => speed(corpus.files, medians(passages.get(way) ?? []).cpuMs);
  const peer = (start: string) => {
    const found = peers.find(({ name }) => name.startsWith(start));
    return found === undefined ? Number.NaN : speed(found.files, found.cpuMs);
  };
  const counting = WAYS.filter(({ way }) => way !== 'drain').flatMap(({ way }) => passages.get(way) ?? []);
  const wrong = counting.reduce((sum, result) => sum + wrongContainers(corpus, result), 0);
  const lost = counting.filter((result) => result.lines !== corpus.lines).length;
  const whole = passages.get('whole') ?? [];
  const wholeMs = medians(whole).cpuMs;
  const stored = median(whole.map(({ storedBytes }) => storedBytes));
  const atMost = (what: string, measured: number, limit: number, unit: string): Claim => {
    return { what, measured, bound: 'at most', limit, unit, must: unit === '' };
  };
  const goal = (what: string, measured: number, limit: number, unit = 'x'): Claim => {
    return { what, measured, bound: 'at least', limit, unit, must: false };
  };
  return [
    atMost('containers with a count that is not exact', wrong, 0, ''),
    atMost('runs that did not see every line', lost, 0, ''),
    goal('engine / grep -cE', own('engine') / peer('grep'), 1),
    goal('engine / wc -l', own('engine') / peer('wc'), 0.14),
    goal('engine / mtail', own('engine') / peer('mtail'), 75),
    goal('engine / fluent-bit', own('engine') / peer('fluent-bit'), 15),
    goal('whole path / mtail', own('whole') / peer('mtail'), 5),
    goal('whole path / fluent-bit', own('whole') / peer('fluent-bit'), 2.5),
    goal('whole path / mawk', own('whole') / peer('mawk'), 1),
    goal('whole path', own('whole'), 80, 'MB/s'),
    goal('whole path, lines', corpus.lines / wholeMs, 400, 'thousand/s'),
    goal('whole path over HTTPS', own('https'), 60, 'MB/s'),
    atMost('peak memory of the whole path over idle', overIdle(whole), 100, 'MiB'),
    atMost('peak memory over HTTPS over idle', overIdle(passages.get('https') ?? []), 100, 'MiB'),
    atMost('stored / raw', stored / corpus.bytes, 0.2, 'x'),
  ];
}

function overIdle(results: readonly PassageResult[]): number {
  return Math.max(...results.map(({ peakMiB, idleMiB }) => peakMiB - idleMiB));
}

function rowOf(name: string, files: readonly CorpusFile[], { ms, cpuMs }: Times): string[] {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  return [name, figure(speed(files, cpuMs)), figure(lines / cpuMs), figure(speed(files, ms))];
}

/** The engine alone counts no sentence. */
function wrongContainers({ files }: Corpus, { counts }: PassageResult): number {
  return files.filter(({ container, truth }) => {
    const found = counts[container] ?? {};
    const columns = Object.values(found)[0]?.length ?? COLUMNS;
    return !isDeepStrictEqual(
      found,
      Object.fromEntries(Object.entries(truth).map(([minute, counted]) => [minute, counted.slice(0, columns)])),
    );
  }).length;
}
