import type { CommandContext } from './command.ts';

/** How far long work is: one line on a terminal that is written over, elsewhere a line now and then. */
export interface ProgressLine extends Disposable {
  show(text: string): void;
  clear(): void;
}

const PLAIN_EVERY_MS = 10_000;

/** Shows at most five texts a second, and takes the last one away in the end; where nothing can be taken away, one in ten seconds. */
export function progressLine({ stderr }: Pick<CommandContext, 'stderr'>): ProgressLine {
  let shownAt = 0;
  let toldAt = performance.now();
  const clear = () => {
    if (shownAt > 0) stderr('\r\x1b[K');
    shownAt = 0;
  };
  return {
    show(text) {
      if (!process.stderr.isTTY) {
        if (performance.now() - toldAt < PLAIN_EVERY_MS) return;
        toldAt = performance.now();
        stderr(`${text}\n`);
        return;
      }
      if (performance.now() - shownAt < 200) return;
      shownAt = performance.now();
      stderr(`\r\x1b[K${text}`);
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
