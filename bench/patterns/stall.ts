import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { PatternWorker } from '../../src/app/patterns/pattern-worker.ts';
import { Analyzer } from '../../src/core/analyze/analyzer.ts';
import { compilePattern } from '../../src/core/analyze/pattern.ts';
import { createRedactor } from '../../src/core/analyze/redact.ts';
import type { Matcher } from '../../src/core/model/matcher.ts';
import { Chance } from '../harness/chance.ts';
import { childInput, childResult } from '../harness/child.ts';

export interface StallInput {
  readonly patterns: readonly string[];
  readonly lines: number;
}

export interface StallResult {
  /** The most CPU milliseconds that the main thread spent between two turns of its loop. */
  readonly longest: number;
  /** Milliseconds by the clock: the longest and the 99th percentile. A busy machine adds what its neighbours take. */
  readonly longestByClock: number;
  readonly p99ByClock: number;
  readonly suspended: number;
  readonly ms: number;
}

const LINE_BYTES = 100_000;

const { patterns, lines } = childInput<StallInput>();
const chance = new Chance(5);
const bodies = Array.from({ length: lines }, () =>
  Buffer.from(Array.from({ length: LINE_BYTES }, () => chance.pick([...'abcABC '])).join('')),
);
const redactor = createRedactor(['default']);
await using worker = new PatternWorker({ onSuspend() {} });
// The daemon has read lines before, and compiled the patterns when it read the rules.
for (const pattern of patterns) compilePattern(pattern);
await analyse([], bodies.slice(0, 4), 'warm-up');
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let [longest, spent] = [0, process.threadCpuUsage()];
const ticks = setInterval(() => {
  const { user, system } = process.threadCpuUsage(spent);
  spent = process.threadCpuUsage();
  longest = Math.max(longest, (user + system) / 1000);
}, 1);
const started = performance.now();
await analyse(
  patterns.map((pattern): Matcher => ({ kind: 'pattern', pattern })),
  bodies,
  'app',
);
delay.disable();
clearInterval(ticks);
childResult({
  longest,
  // The histogram has the waits between two ticks of one millisecond.
  longestByClock: delay.max / 1e6 - 1,
  p99ByClock: delay.percentile(99) / 1e6 - 1,
  suspended: worker.suspended.size,
  ms: performance.now() - started,
} satisfies StallResult);

async function analyse(matchers: readonly Matcher[], blocks: readonly Buffer[], container: string): Promise<void> {
  const analyzer = new Analyzer({ matchers, redactor, maxLine: 256 * 1024, segments: null, runner: worker });
  const workload = { namespace: 'shop', kind: 'Deployment', name: container };
  const sink = analyzer.sinkFor({ workload, pod: 'p', uid: 'u', container, containerID: container, node: 'n', image: 'i' });
  for (const [index, block] of blocks.entries()) {
    sink.line({ block, textStart: 0, end: block.length, second: 1_795_269_600 + index, nanos: 0, cut: 0, marks: 0, head: -1 });
    await sink.ready();
    await setImmediate(); // the next piece comes from the network
  }
  await sink.flush();
  await analyzer.settle();
}
