import type { Runtime } from '../app/runtime.ts';
import { humanDuration } from '../base/duration.ts';
import type { CommandContext } from './command.ts';
import { progressLine } from './progress-line.ts';

const EVERY_MS = 200;

/** On a terminal, a line that says how far the running cycle is; elsewhere nothing (the log says when it is done). */
export function showProgress(runtime: Runtime, { stderr }: Pick<CommandContext, 'stderr'>): Disposable {
  if (!process.stderr.isTTY) return { [Symbol.dispose]() {} };
  const line = progressLine({ stderr });
  const timer = setInterval(() => {
    const progress = runtime.engine.progress;
    if (progress === null) return line.clear();
    const { done, total, lines, startedAt } = progress;
    line.show(`reading: ${done} of ${total} containers, ${lines} lines, ${humanDuration(runtime.clock.now() - startedAt)}`);
  }, EVERY_MS);
  timer.unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      line.clear();
    },
  };
}
