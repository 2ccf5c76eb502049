import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;

/** Asks again and again until the answer is neither `undefined` nor `false`, and resolves to it. What the question throws counts as no answer. */
export async function eventually<T>(what: string, ms: number, ask: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  let why = '';
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
    } catch (error) {
      why = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await sleep(EVERY_MS);
  } while (Date.now() < end);
  throw new Error(`not within ${ms} ms: ${what}${why}`);
}
