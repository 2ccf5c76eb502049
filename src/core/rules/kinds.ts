// One line for each kind of condition; `registry.ts` makes the list of them.

export { collector } from './collector.ts';
export { crashLoop } from './crash-loop.ts';
export { errorRatio } from './error-ratio.ts';
export { event } from './event.ts';
export { logAbsent } from './log-absent.ts';
export { logMatch } from './log-match.ts';
export { logSpike } from './log-spike.ts';
export { logValue } from './log-value.ts';
export { newPattern } from './new-pattern.ts';
export { claim } from './objects/claim.ts';
export { hpa } from './objects/hpa.ts';
export { job } from './objects/job.ts';
export { node } from './objects/node.ts';
export { quota } from './objects/quota.ts';
export { workload } from './objects/workload.ts';
export { pod } from './pod.ts';
export { probe } from './probe.ts';
export { restarts } from './restarts.ts';
export { terminated } from './terminated.ts';
export { usage } from './usage.ts';
export { usageTrend } from './usage-trend.ts';
export { waiting } from './waiting.ts';
