import { randomUUID } from 'node:crypto';
import { runOnce } from '../../src/app/once.ts';
import { openRuntime, type Runtime } from '../../src/app/runtime.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/logger.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import type { Stage } from './stage.ts';

/** One life of the program in this process, whose wall clock the test sets: `cycle(at)` is what `once` does at that time. */
export interface ToldLife extends AsyncDisposable {
  readonly runtime: Runtime;
  log(): string;
  /** Every stored line, oldest first. */
  texts(): Promise<readonly string[]>;
  /** `shift` is how far the wall clock is off by then. */
  cycle(at: number, shift?: number): Promise<Cycle>;
}

export async function openToldLife(stage: Stage, at: number): Promise<ToldLife> {
  const { settings, rules, problems } = loadConfiguration({
    file: stage.settingsFile,
    required: true,
    cwd: stage.folder,
    env: {},
    overrides: {},
  });
  if (settings === null || rules === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  let now = at;
  let monotonic = at;
  let log = '';
  const runtime = await openRuntime({
    settings,
    rules,
    problems,
    env: {},
    home: '/nonexistent',
    version: 'test',
    clock: { ...systemClock, now: () => now, monotonic: () => monotonic + systemClock.monotonic() },
    logger: createLogger({ level: 'info', write: (line) => (log += line), now: () => now }),
    random: Math.random,
    newId: randomUUID,
    command: 'tocsin test',
  });
  return {
    runtime,
    log: () => log,
    texts: () => textsOf(runtime),
    async cycle(time, shift = 0) {
      now = time + shift;
      monotonic = time;
      const { cycle } = await runOnce(runtime, AbortSignal.timeout(60_000));
      runtime.health.cycleEnded(null, cycle);
      return cycle;
    },
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  };
}

async function textsOf({ store }: Runtime): Promise<readonly string[]> {
  const texts: string[] = [];
  const all = {
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    minLevel: 0,
    containerID: null,
    text: null,
    order: 'oldest_first',
  } as const;
  const any = { namespace: null, kind: null, workload: null, pod: null, container: null };
  for await (const line of store.lines({ ...all, ...any }, AbortSignal.timeout(10_000))) texts.push(line.text);
  return texts;
}
