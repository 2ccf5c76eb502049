import { Worker } from 'node:worker_threads';
import { messageOf, toError } from '../../base/errors.ts';
import { type PatternBatch, type PatternRunner, UNKNOWN } from '../../core/analyze/matching/pattern-runner.ts';
import { type PatternJob, sharedFor, viewsOf } from './pattern-job.ts';

/** How much of a CPU one batch may take, in milliseconds: an ordinary pattern needs a hundredth of it. */
const DEADLINE_MS = 250;
/** Past the deadline by the clock, the thread's CPU time is looked at so often: on a busy machine it is not a pattern's fault. */
const LOOK_MS = 25;
/** A thread that has nothing to do for so long is ended: its memory is worth more than its start. */
const IDLE_MS = 30_000;
/** What patterns may take of memory; one that needs more is suspended like one that needs too long. */
const MOST_HEAP_MIB = 64;

const THREAD = new URL(`./pattern-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export interface PatternWorkerOptions {
  /** Told once for each pattern that is suspended. */
  readonly onSuspend: (source: string, reason: string) => void;
  /** CPU milliseconds for one batch. */
  readonly deadline?: number;
}

/** How an attempt at a job ended: `null` when all of its tests were run; `elapsed` is in milliseconds of CPU. */
type Failure = { readonly reason: string; readonly elapsed: number } | null;

/**
 * Tests users' patterns in a thread of its own, started with the first batch. What exceeds the deadline is suspended:
 * the thread is ended, and the rest of the batch goes on in a new one.
 */
export class PatternWorker implements PatternRunner, AsyncDisposable {
  readonly #options: PatternWorkerOptions;
  readonly #suspended = new Map<string, string>();
  #worker: Promise<Worker> | null = null;
  #idle: NodeJS.Timeout | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PatternWorkerOptions) {
    this.#options = options;
  }

  /** The patterns that took too long, and why each is suspended. */
  get suspended(): ReadonlyMap<string, string> {
    return this.#suspended;
  }

  /** Gives every suspended pattern another chance: the rules have changed. */
  pardon(): void {
    this.#suspended.clear();
  }

  isSuspended(source: string): boolean {
    return this.#suspended.has(source);
  }

  run(batch: PatternBatch): Promise<Uint8Array> {
    const run = this.#last.then(() => this.#run(batch));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  async #run(batch: PatternBatch): Promise<Uint8Array> {
    const verdicts = new Uint8Array(batch.tests.length / 2).fill(UNKNOWN);
    let open = [...verdicts.keys()];
    for (;;) {
      open = open.filter((test) => !this.#suspended.has(sourceOf(batch, test)));
      if (open.length === 0) break;
      const job = jobOf(batch, open);
      const failure = await this.#attempt(job);
      const { position, verdicts: found } = viewsOf(job.shared, job.sources.length, open.length);
      const reached = Atomics.load(position, 0);
      for (let index = 0; index < reached; index++) verdicts[open[index] ?? 0] = found[index] ?? UNKNOWN;
      if (failure === null) break;
      this.#suspend(offenderOf(job, failure.elapsed), failure.reason);
      open = open.slice(reached);
    }
    this.#rest();
    return verdicts;
  }

  #suspend(source: string, reason: string): void {
    this.#suspended.set(source, reason);
    this.#options.onSuspend(source, reason);
  }

  async #attempt(job: PatternJob): Promise<Failure> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#worker ??= start();
    const worker = await this.#worker;
    worker.ref();
    const ended = await settledWithin(worker, job, this.#options.deadline ?? DEADLINE_MS);
    worker.unref();
    if (ended !== null) await this.#end();
    return ended;
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS);
    this.#idle.unref();
  }

  async #end(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await (await worker)?.terminate();
  }
}

/** Resolves when the thread has loaded what it needs. */
function start(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD, { name: 'patterns', resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB } });
    // One that is ended for its memory tells of it when nobody listens any more.
    worker.on('error', reject);
    worker.once('message', () => resolve(worker));
  });
}

async function settledWithin(worker: Worker, job: PatternJob, deadline: number): Promise<Failure> {
  const before = await worker.cpuUsage();
  let elapsed = 0;
  let isSettled = false;
  return new Promise((resolve) => {
    const done = (reason: string | null) => {
      isSettled = true;
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      resolve(reason === null ? null : { reason, elapsed });
    };
    const onMessage = () => done(null);
    const onError = (error: unknown) => done(`failed: ${messageOf(toError(error))}`);
    const look = async () => {
      // One that has just ended has no usage any more, and tells so by itself.
      const { user, system } = await worker.cpuUsage(before).catch(() => ({ user: 0, system: 0 }));
      // The answer may have come while the thread was asked: nothing is to be looked at any more.
      if (isSettled) return;
      elapsed = (user + system) / 1000;
      if (elapsed >= deadline && !isDone(job)) done(`took longer than ${deadline} ms for a batch of lines`);
      else timer = setTimeout(() => void look(), LOOK_MS);
    };
    let timer = setTimeout(() => void look(), deadline);
    worker.once('message', onMessage);
    worker.once('error', onError);
    worker.postMessage(job);
  });
}

/** Whether all tests were run, and that was only not told yet. */
function isDone(job: PatternJob): boolean {
  const tests = job.tests.length / 2;
  return Atomics.load(viewsOf(job.shared, job.sources.length, tests).position, 0) === tests;
}

/** The tests of a batch that are still to be run. */
function jobOf({ texts, sources, tests }: PatternBatch, open: readonly number[]): PatternJob {
  const left = open.flatMap((test) => [tests[2 * test] ?? 0, tests[2 * test + 1] ?? 0]);
  return { texts, sources, tests: Uint32Array.from(left), shared: sharedFor(sources.length, open.length) };
}

function sourceOf({ sources, tests }: PatternBatch, test: number): string {
  return sources[tests[2 * test + 1] ?? 0] ?? '';
}

/** The pattern that took the most of the job; what no test that has ended took, the one took that was running. */
function offenderOf(job: PatternJob, elapsed: number): string {
  const { position, spent } = viewsOf(job.shared, job.sources.length, job.tests.length / 2);
  const running = job.tests[2 * Atomics.load(position, 0) + 1] ?? 0;
  const shares = [...spent];
  const ended = shares.reduce((sum, share) => sum + share, 0);
  shares[running] = (shares[running] ?? 0) + Math.max(elapsed - ended, 0);
  return job.sources[shares.indexOf(Math.max(...shares))] ?? '';
}
