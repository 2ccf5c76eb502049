import { setImmediate as nextTurn } from 'node:timers/promises';

/** After so long whoever else waits has a turn. */
const SLICE_MS = 15;

/** Runs steps to their end, and lets others have their turn between them: a page or a kubelet's probe waits for no more than a step and a slice. */
export async function inSlices<Result>(steps: Iterator<unknown, Result>): Promise<Result> {
  for (;;) {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await nextTurn();
  }
}

/** Runs steps to their end at once: where nobody waits, or nothing may come between. */
export function atOnce<Result>(steps: Iterator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
