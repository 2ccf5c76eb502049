// One line for each kind of condition; `registry.ts` makes the list of them.
export { crashLoop } from './crash-loop.ts';
export { errorRatio } from './error-ratio.ts';
export { logAbsent } from './log-absent.ts';
export { logMatch } from './log-match.ts';
export { logSpike } from './log-spike.ts';
export { logValue } from './log-value.ts';
export { newPattern } from './new-pattern.ts';
export { pod } from './pod.ts';
export { restarts } from './restarts.ts';
export { terminated } from './terminated.ts';
export { usage } from './usage.ts';
export { waiting } from './waiting.ts';
