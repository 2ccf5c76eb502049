import { parentPort } from 'node:worker_threads';
import { NO, YES } from '../../core/analyze/matching/pattern-runner.ts';
import { type CompiledPattern, compilePattern } from '../../core/analyze/pattern.ts';
import { type PatternJob, viewsOf } from './pattern-job.ts';

/** So many patterns stay compiled. */
const MOST_PATTERNS = 2_000;

const compiled = new Map<string, CompiledPattern>();

// The thread that `PatternWorker` starts: it tests one job after the other, and says in shared memory how far it is.
parentPort?.on('message', (job: PatternJob) => {
  run(job);
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');

function run({ texts, sources, tests, shared }: PatternJob): void {
  const { position, spent, verdicts } = viewsOf(shared, sources.length, tests.length / 2);
  for (let index = 0; index < verdicts.length; index++) {
    Atomics.store(position, 0, index);
    const source = tests[2 * index + 1] ?? 0;
    const started = process.threadCpuUsage();
    verdicts[index] = patternOf(sources[source] ?? '').test(texts[tests[2 * index] ?? 0] ?? '') ? YES : NO;
    const { user, system } = process.threadCpuUsage(started);
    spent[source] = (spent[source] ?? 0) + (user + system) / 1000;
  }
  Atomics.store(position, 0, verdicts.length);
}

function patternOf(source: string): CompiledPattern {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_PATTERNS) compiled.clear();
  const pattern = compilePattern(source);
  compiled.set(source, pattern);
  return pattern;
}
