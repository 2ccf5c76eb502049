import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tickNow } from '../../src/app/cycle/tick.ts';
import { openRuntime } from '../../src/app/runtime.ts';
import { withLargerHeap } from '../../src/app/small-heap.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { configurationOf, runtimeOptions } from '../../src/cli/settings.ts';
import { childInput, childResult } from '../harness/child.ts';
import { peakMemory } from '../harness/peak-memory.ts';

export interface CycleInput {
  readonly config: string;
  /** How many to run, one after the other. */
  readonly cycles: number;
}

/** The figures of the first cycle; the peak and the longest block are of all. */
export interface CycleResult {
  readonly ms: number;
  readonly cpuMs: number;
  readonly requests: number;
  readonly bytes: number;
  readonly peakMiB: number;
  readonly containers: number;
  readonly lines: number;
  readonly gaps: number;
  readonly errors: number;
  readonly blockMs: number;
  readonly laterMs: readonly number[];
}

/** How often the event loop is looked at. */
const LOOK_MS = 5;

// What the daemon does first, with a clock around it.
const { config, cycles } = childInput<CycleInput>();
const invocation = { args: { positionals: [], flags: { config } }, env: process.env, cwd: process.cwd() };
const { settings, rules, problems } = configurationOf(invocation);
await using runtime = await openRuntime({
  ...runtimeOptions(invocation, silentLogger, 'tocsin bench'),
  settings,
  rules,
  problems,
});
const loop = monitorEventLoopDelay({ resolution: LOOK_MS });
loop.enable();
const [started, cpu] = [performance.now(), process.cpuUsage()];
const runCycle = async () => {
  const { signal } = new AbortController();
  const tick = await tickNow(runtime, signal);
  return withLargerHeap(() => runtime.engine.cycle(tick, signal));
};
const cycle = await runCycle();
const { user, system } = process.cpuUsage(cpu);
const ms = performance.now() - started;
const requests = Number(/^tocsin_api_requests_total\{code="200"\} (\d+)$/m.exec(runtime.metrics.render())?.[1]);
const laterMs: number[] = [];
for (let index = 1; index < cycles; index++) {
  const before = performance.now();
  await runCycle();
  laterMs.push(performance.now() - before);
}
loop.disable();
childResult({
  ms,
  cpuMs: (user + system) / 1000,
  requests,
  bytes: cycle.bytes,
  peakMiB: peakMemory(),
  containers: cycle.containers,
  lines: cycle.lines,
  gaps: cycle.gaps.length,
  errors: cycle.errors.length,
  blockMs: Math.max(0, loop.max / 1e6 - LOOK_MS),
  laterMs,
} satisfies CycleResult);
