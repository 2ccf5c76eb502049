import type { Candidate } from './candidate.ts';

/** `undefined`: it depends on a pattern that is not tested yet, or suspended. */
export type Test = (candidate: Candidate) => boolean | undefined;

/** Whether a test holds, as far as that is known. */
export function oneHolds(tests: readonly Test[], candidate: Candidate): boolean | undefined {
  let found: boolean | undefined = false;
  for (const test of tests) {
    const holds = test(candidate);
    if (holds === true) return true;
    if (holds === undefined) found = undefined;
  }
  return found;
}

/** Whether no test holds, as far as that is known. */
export function noneHolds(tests: readonly Test[], candidate: Candidate): boolean | undefined {
  const found = oneHolds(tests, candidate);
  return found === undefined ? undefined : !found;
}

/** Whether all tests hold, as far as that is known. */
export function allHold(tests: readonly Test[], candidate: Candidate): boolean | undefined {
  let found: boolean | undefined = true;
  for (const test of tests) {
    const holds = test(candidate);
    if (holds === false) return false;
    if (holds === undefined) found = undefined;
  }
  return found;
}
