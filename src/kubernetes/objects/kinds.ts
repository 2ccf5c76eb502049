// One line for each kind of object that is listed beside pods and nodes.
export { autoscalers } from './autoscaler-object.ts';
export { claims } from './claim-object.ts';
export { cronJobs, jobs } from './job-object.ts';
export { quotas } from './quota-object.ts';
export { daemonSets, deployments, statefulSets } from './workload-object.ts';
