import { open } from 'node:fs/promises';
import { silentLogger } from '../../src/base/logger.ts';
import { loadRules } from '../../src/config/rule-file.ts';
import { Analyzer } from '../../src/core/analyze/analyzer.ts';
import { LineFramer } from '../../src/core/analyze/frame.ts';
import { createRedactor } from '../../src/core/analyze/redact.ts';
import type { SegmentSink } from '../../src/core/analyze/segment.ts';
import type { ContainerMinutes } from '../../src/core/model/cycle.ts';
import type { ContainerRef } from '../../src/core/model/log-line.ts';
import { openStore } from '../../src/store/open-store.ts';
import { cycle } from '../../test/build.ts';
import { childInput, childResult } from '../harness/child.ts';
import { peakMemory, residentMemory } from '../harness/peak-memory.ts';

/** How much of the way a line goes. `engine`: framing, time, level, status, stitching, counts. `rules`: and redaction and the shipped rules' matchers. `whole`: and the store. */
export type Way = 'engine' | 'rules' | 'whole';

export interface PassageInput {
  readonly way: Way;
  readonly files: readonly { readonly container: string; readonly path: string }[];
  readonly rules: string;
  /** For the store. */
  readonly folder: string;
}

export interface PassageResult {
  readonly ms: number;
  readonly cpuMs: number;
  readonly lines: number;
  readonly peakMiB: number;
  /** Resident before the first byte was read. */
  readonly idleMiB: number;
  readonly storedBytes: number;
  /** By container, then by minute since the epoch. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** What one read(2) of a response's body brings, at most. */
const BLOCK_BYTES = 64 * 1024;
const FLUSH_BYTES = 1024 * 1024;
const MAX_LINE = 256 * 1024;
const WARM_UP_FILES = 10;
const AT = Date.UTC(2026, 10, 21, 14, 10);

const { way, files, rules: rulesFolder, folder } = childInput<PassageInput>();
const { rules } = loadRules({ folder: rulesFolder, cwd: process.cwd(), receivers: null });
const dropped: SegmentSink = { write: () => undefined };
// The daemon is warm: so is what is measured.
await pass(analyzerInto(dropped), files.slice(0, WARM_UP_FILES));
const idleMiB = residentMemory();

const [started, cpu] = [performance.now(), process.cpuUsage()];
const { minutes, lines, storedBytes } = way === 'whole' ? await intoStore() : await past();
const { user, system } = process.cpuUsage(cpu);
const ms = performance.now() - started;
const counts = Object.fromEntries(
  minutes.map((each) => [each.ref.container, Object.fromEntries(each.minutes.map(({ minute, columns }) => [minute, columns]))]),
);
childResult({
  ms,
  cpuMs: (user + system) / 1000,
  lines,
  peakMiB: peakMemory(),
  idleMiB,
  storedBytes,
  counts,
} satisfies PassageResult);

function analyzerInto(segments: SegmentSink): Analyzer {
  return new Analyzer({
    matchers: way === 'engine' ? [] : (rules ?? []).flatMap((rule) => rule.condition.matchers),
    redactor: createRedactor(way === 'engine' ? [] : ['default']),
    maxLine: MAX_LINE,
    segments,
  });
}

async function past() {
  const analyzer = analyzerInto(dropped);
  await pass(analyzer, files);
  return { minutes: analyzer.minutes(), lines: analyzer.linesSeen, storedBytes: 0 };
}

async function intoStore() {
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
  await pass(analyzer, files);
  const minutes: readonly ContainerMinutes[] = analyzer.minutes();
  await draft.commit({ ...made, minutes });
  return { minutes, lines: analyzer.linesSeen, storedBytes: store.size() };
}

async function pass(analyzer: Analyzer, files: PassageInput['files']): Promise<void> {
  for (const { container, path } of files) {
    const sink = analyzer.sinkFor(refOf(container));
    const framer = new LineFramer(MAX_LINE, {
      onLine: (frame) => sink.line(frame.block, frame.textStart, frame.end, frame.second, frame.nanos, frame.cut),
      onOrphan() {},
    });
    await using file = await open(path);
    let unflushed = 0;
    for (;;) {
      // A new buffer for every block, as a socket gives them: the framer keeps what it was given.
      const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES);
      if (bytesRead === 0) break;
      framer.push(block.subarray(0, bytesRead));
      unflushed += bytesRead;
      if (unflushed < FLUSH_BYTES) continue;
      await sink.flush();
      unflushed = 0;
    }
    await sink.flush();
  }
}

function refOf(container: string): ContainerRef {
  const workload = { namespace: 'shop', kind: 'Deployment', name: container };
  return {
    workload,
    pod: `${container}-1`,
    uid: container,
    container,
    containerID: `containerd://${container}`,
    node: 'n1',
    image: 'i',
  };
}
