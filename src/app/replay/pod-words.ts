import type { PodState } from '../../core/model/pod.ts';

/** What is said of each container of a pod, in the words of rule tests' `pods`, without the time: `{ workload: shop/Deployment/web, pod: web-1, …}`. */
export function podWords(pod: PodState): readonly string[] {
  const { namespace, kind, name } = pod.workload;
  const own = [
    ['phase', pod.phase === 'Running' ? null : pod.phase],
    ['reason', pod.reason === '' ? null : pod.reason],
    ['deleting', pod.deletedAt === null ? null : 'true'],
    ['unschedulable', isUnschedulable(pod) ? 'true' : null],
  ] as const;
  const where = [
    ['workload', `${namespace}/${kind}/${name}`],
    ['pod', pod.name],
  ] as const;
  if (pod.containers.length === 0) return [flow([...where, ...own])];
  return pod.containers.map(({ name: container, role, state, ready, restarts }) =>
    flow([
      ...where,
      ['container', container],
      ['role', role === 'app' ? null : role],
      ['running', state.kind === 'running' ? 'true' : null],
      ['waiting', state.kind === 'waiting' ? state.reason : null],
      ['terminated', state.kind === 'terminated' ? state.reason : null],
      ['exit_code', state.kind === 'terminated' ? String(state.exitCode) : null],
      ['restarts', restarts === 0 ? null : String(restarts)],
      ['ready', state.kind === 'running' && !ready ? 'false' : null],
      ...own,
    ]),
  );
}

function isUnschedulable(pod: PodState): boolean {
  return pod.conditions.some(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
}

function flow(pairs: readonly (readonly [key: string, value: string | null])[]): string {
  const shown = pairs.filter(([, value]) => value !== null && value !== '').map(([key, value]) => `${key}: ${value}`);
  return `{ ${shown.join(', ')} }`;
}
