import { setFlagsFromString } from 'node:v8';
import { PatternWorker } from '../app/patterns/pattern-worker.ts';
import { CountedCycles, MOST_KEPT_BYTES } from '../app/replay/counted-cycles.ts';
import type { Workload } from '../core/model/workload.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { Store } from '../store/store.ts';
import type { CommandContext } from './command.ts';
import type { ProgressLine } from './progress-line.ts';

/** What replaying reads of a store. */
export interface CountedStore extends Pick<Store, 'cycles' | 'summaries' | 'lines'>, AsyncDisposable {}

export interface CountedStoreOptions {
  readonly context: CommandContext;
  readonly progress: ProgressLine;
  /** Whether its cycles will be read more than once. */
  readonly isReread: boolean;
  /** The workloads that are asked for; left out: all. */
  readonly only?: ((workload: Workload) => boolean) | undefined;
}

/** A store whose cycles have been counted for these rules, also where the rules are newer. What cannot be counted is told. */
export function countedStore(
  store: Store,
  rules: readonly Rule[],
  { context: { stderr, signal }, progress, isReread, only }: CountedStoreOptions,
): CountedStore {
  const tell = (text: string) => {
    progress.clear();
    stderr(`warning: ${text}\n`);
  };
  const runner = new PatternWorker({
    onSuspend: (source, reason) => tell(`pattern ${JSON.stringify(source)} ${reason}; its rules are unknown from there on`),
  });
  // Judging a day makes much garbage and keeps little of it: V8 would look for it after every cycle, and take longer than the judging.
  setFlagsFromString('--heap-growing-percent=200');
  const numbers = new Map(store.summaries().map(({ id }, index) => [id, index + 1]));
  const counted = new CountedCycles(
    store,
    {
      rules,
      only,
      runner,
      keep: isReread ? MOST_KEPT_BYTES : 0,
      onCount: (id) => progress.show(`counting stored lines: cycle ${numbers.get(id)} of ${numbers.size}`),
      onDamage: (id, reason) => tell(`lines of cycle ${id} cannot be counted and are passed over: ${reason}`),
    },
    signal,
  );
  return {
    cycles: () => counted.cycles(),
    summaries: () => store.summaries(),
    lines: (query, ended) => store.lines(query, ended),
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}
