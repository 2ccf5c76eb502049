import type { CommandContext } from './command.ts';

/** One line on a terminal that says how far long work is; elsewhere nothing. */
export interface ProgressLine extends Disposable {
  show(text: string): void;
  clear(): void;
}

/** Shows at most five texts a second, and takes the last one away in the end. */
export function progressLine({ stderr }: Pick<CommandContext, 'stderr'>): ProgressLine {
  let shownAt = 0;
  const clear = () => {
    if (shownAt > 0) stderr('\r\x1b[K');
    shownAt = 0;
  };
  return {
    show(text) {
      if (!process.stderr.isTTY || performance.now() - shownAt < 200) return;
      shownAt = performance.now();
      stderr(`\r\x1b[K${text}`);
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
