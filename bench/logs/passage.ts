import { closeSync, openSync, readSync } from 'node:fs';
import { withLargerHeap } from '../../src/app/small-heap.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { loadRules } from '../../src/config/rules/rule-file.ts';
import { Analyzer } from '../../src/core/analyze/analyzer.ts';
import { LineFramer } from '../../src/core/analyze/frame.ts';
import { createRedactor } from '../../src/core/analyze/redact.ts';
import type { SegmentSink } from '../../src/core/analyze/segment.ts';
import { PatternMiner } from '../../src/core/analyze/templates/pattern-miner.ts';
import type { ContainerMinutes } from '../../src/core/model/cycle.ts';
import { matcherId } from '../../src/core/model/matcher.ts';
import { COLUMNS, countOf } from '../../src/core/model/minute.ts';
import { countedFor } from '../../src/core/rules/judging/counted.ts';
import { openStore } from '../../src/store/open-store.ts';
import { cycle } from '../../test/build.ts';
import { childInput, childResult } from '../harness/child.ts';
import { peakMemory, residentMemory } from '../harness/peak-memory.ts';
import { COUNTED, USER_MATCHERS } from './matchers.ts';
import { drainLogs, type LogServer, readLogs, refOf } from './over-https.ts';

/**
 * How much of the way a line goes. `engine`: framing, time, level, status, stitching, counts, from files. `rules`: and redaction and the
 * matchers of 30 rules, and patterns of what is a warning and worse. `whole`: and the store. `https`: the whole path, read from an API server. `drain`: read from there and dropped.
 */
export type Way = 'engine' | 'rules' | 'whole' | 'https' | 'drain';

export interface PassageInput {
  readonly way: Way;
  readonly files: readonly { readonly container: string; readonly path: string }[];
  readonly rules: string;
  /** For the store. */
  readonly folder: string;
  /** Of the ways that read over HTTPS. */
  readonly server: LogServer | null;
}

export interface PassageResult {
  readonly ms: number;
  readonly cpuMs: number;
  readonly lines: number;
  readonly peakMiB: number;
  /** Resident before the first byte was read. */
  readonly idleMiB: number;
  readonly storedBytes: number;
  /** By container, then by minute since the epoch: the columns, and the records of the counted sentence. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** What a large read brings. */
const BLOCK_BYTES = 256 * 1024;
const READY_BYTES = 1024 * 1024;
const MAX_LINE = 256 * 1024;
const WARM_UP_FILES = 10;
const AT = Date.UTC(2026, 10, 21, 14, 10);

const { way, files, rules: rulesFolder, folder, server } = childInput<PassageInput>();
const { rules } = loadRules({ folder: rulesFolder, cwd: process.cwd(), receivers: null });
const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
// The daemon is warm: so is what is measured.
if (way !== 'drain') await pass(analyzerInto(nowhere()), files.slice(0, WARM_UP_FILES));
const idleMiB = residentMemory();

const [started, cpu] = [performance.now(), process.cpuUsage()];
// As in a cycle of the daemon.
const { minutes, lines, storedBytes } = await withLargerHeap(take);
const { user, system } = process.cpuUsage(cpu);
const ms = performance.now() - started;
childResult({
  ms,
  cpuMs: (user + system) / 1000,
  lines,
  peakMiB: peakMemory(),
  idleMiB,
  storedBytes,
  counts: countsOf(minutes),
} satisfies PassageResult);

interface Taken {
  readonly minutes: readonly ContainerMinutes[];
  readonly lines: number;
  readonly storedBytes: number;
}

async function take(): Promise<Taken> {
  if (way === 'whole' || way === 'https') return intoStore();
  const analyzer = analyzerInto(nowhere());
  if (way === 'drain')
    await drainLogs(
      serverOf(),
      files.map(({ container }) => container),
    );
  else await pass(analyzer, files);
  return { minutes: analyzer.minutes(), lines: analyzer.linesSeen, storedBytes: 0 };
}

/** The engine only counts; the other ways make records. */
function nowhere(): SegmentSink | null {
  return way === 'engine' ? null : { write: () => undefined };
}

function analyzerInto(segments: SegmentSink | null): Analyzer {
  const { matchers, values, patternsFrom } = countedFor(rules ?? []);
  return new Analyzer({
    matchers: way === 'engine' ? [] : [...matchers, ...USER_MATCHERS],
    ...(way === 'engine' ? {} : { values, patterns: { miner: new PatternMiner(), level: patternsFrom } }),
    redactor: createRedactor(way === 'engine' ? [] : ['default']),
    maxLine: MAX_LINE,
    segments,
  });
}

async function intoStore(): Promise<Taken> {
  const day = 24 * 3_600_000;
  await using store = await openStore('json', {
    path: folder,
    window: day,
    maxSize: 64 * 1024 ** 3,
    access: 'write',
    wait: 0,
    now: () => AT,
    logger: silentLogger,
    command: 'tocsin bench',
  });
  const made = cycle(AT);
  const draft = await store.begin(made.id);
  const analyzer = analyzerInto(draft);
  if (way === 'https')
    await readLogs(serverOf(), {
      containers: files.map(({ container }) => container),
      maxLine: MAX_LINE,
      sinkFor: (ref) => analyzer.sinkFor(ref),
    });
  else await pass(analyzer, files);
  const minutes: readonly ContainerMinutes[] = analyzer.minutes();
  await draft.commit({ ...made, minutes });
  return { minutes, lines: analyzer.linesSeen, storedBytes: store.size() };
}

async function pass(analyzer: Analyzer, files: PassageInput['files']): Promise<void> {
  for (const { container, path } of files) {
    const sink = analyzer.sinkFor(refOf(container));
    const framer = new LineFramer(MAX_LINE, {
      onLine: (frame) => sink.line(frame),
      onOrphan() {},
    });
    const file = openSync(path, 'r');
    let unasked = 0;
    for (;;) {
      const bytes = readSync(file, block, 0, BLOCK_BYTES, null);
      if (bytes === 0) break;
      // A buffer of its own, as far as anybody can tell, over the same memory.
      framer.push(block.subarray(0, bytes));
      unasked += bytes;
      if (unasked < READY_BYTES) continue;
      await sink.ready();
      unasked = 0;
    }
    closeSync(file);
    await sink.flush();
  }
}

function serverOf(): LogServer {
  if (server === null) throw new Error(`the way ${way} needs a server`);
  return server;
}

function countsOf(minutes: readonly ContainerMinutes[]): PassageResult['counts'] {
  const counted = matcherId(COUNTED);
  return Object.fromEntries(
    minutes.map(({ ref, minutes }) => [
      ref.container,
      Object.fromEntries(
        minutes.map((each) => {
          const columns = Array.from({ length: COLUMNS }, (_, column) => countOf(each, column));
          return [each.minute, way === 'engine' ? columns : [...columns, each.matched[counted] ?? 0]];
        }),
      ),
    ]),
  );
}
