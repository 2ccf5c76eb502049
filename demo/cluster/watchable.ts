import { eventJson } from './event-log.ts';
import type { JsonObject } from './json.ts';
import { podText } from './resources.ts';
import type { ClusterState } from './state.ts';
import type { SimulatedWorkload, WorkloadKind } from './workload.ts';

/** An object whose changes a watch tells. */
export interface Watchable {
  readonly uid: string;
  /** Empty for what is in none. */
  readonly namespace: string;
  readonly revision: number;
  /** Of events: what field selectors ask for. */
  readonly type?: string;
  readonly reason?: string;
  readonly text: () => string;
}

const OWN_KINDS: Readonly<Record<string, WorkloadKind>> = {
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  cronjobs: 'CronJob',
};

/** The objects of a resource that can be watched; `null` for one that cannot. */
export function watchables(resource: string, state: ClusterState): readonly Watchable[] | null {
  const ownKind = OWN_KINDS[resource];
  if (ownKind !== undefined) return state.workloads.filter(({ spec }) => spec.kind === ownKind).map(ownObject);
  switch (resource) {
    case 'pods':
      return state.pods().map((pod) => {
        const { namespace, revision } = pod;
        return { uid: pod.spec.uid, namespace, revision, text: () => podText(pod) };
      });
    case 'nodes':
      return state.nodes.map((node) => {
        return { uid: node.spec.uid, namespace: '', revision: node.revision, text: () => textOf(node.json()) };
      });
    case 'events':
      return state.events.list().map((event) => {
        const { uid, namespace, revision, type, reason } = event;
        return { uid, namespace, revision, type, reason, text: () => textOf(eventJson(event)) };
      });
    case 'jobs':
      return state.workloads.flatMap((workload) => (workload.spec.kind === 'Job' ? [ownObject(workload)] : jobsBelow(workload)));
    default:
      return null;
  }
}

function ownObject(workload: SimulatedWorkload): Watchable {
  const { uid, namespace } = workload.spec;
  return { uid, namespace, revision: workload.revision, text: () => textOf(workload.json()) };
}

function jobsBelow(workload: SimulatedWorkload): readonly Watchable[] {
  const { namespace } = workload.spec;
  return workload.intermediates
    .filter(({ kind }) => kind === 'Job')
    .map((child) => {
      return { uid: child.uid, namespace, revision: workload.revision, text: () => textOf(workload.intermediateJson(child)) };
    });
}

function textOf(object: JsonObject): string {
  return JSON.stringify(object);
}
