import { eventJson } from './event-log.ts';
import { type JsonObject, timeText } from './json.ts';
import type { ListItem, ListKind } from './listing.ts';
import type { SimulatedPod } from './pod.ts';
import { podJson } from './pod-json.ts';
import type { ClusterState, FurtherKind } from './state.ts';
import type { SimulatedWorkload } from './workload.ts';

/** One resource of the API: how its list is called and what is in it. */
export interface Resource extends ListKind {
  readonly items: (state: ClusterState) => readonly ListItem[];
}

const podTexts = new WeakMap<SimulatedPod, { readonly revision: number; readonly text: string }>();

/** Every resource that can be listed, by `GROUP/NAME`. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  '/namespaces': {
    apiVersion: 'v1',
    kind: 'NamespaceList',
    items: (state) =>
      [...state.namespaces].map(([name, { uid, createdAt }]) =>
        item({
          metadata: {
            name,
            uid,
            resourceVersion: '1',
            creationTimestamp: timeText(createdAt),
            labels: { 'kubernetes.io/metadata.name': name },
          },
          spec: { finalizers: ['kubernetes'] },
          status: { phase: 'Active' },
        }),
      ),
  },
  '/nodes': { apiVersion: 'v1', kind: 'NodeList', items: (state) => state.nodes.map((node) => item(node.json())) },
  '/pods': { apiVersion: 'v1', kind: 'PodList', items: (state) => state.pods().map(podItem) },
  '/events': {
    apiVersion: 'v1',
    kind: 'EventList',
    items: (state) =>
      state.events.list().map((event) => ({
        ...item(eventJson(event)),
        fields: {
          type: event.type,
          reason: event.reason,
          'involvedObject.kind': event.kind,
          'involvedObject.name': event.name,
          'involvedObject.namespace': event.namespace,
          'involvedObject.uid': event.objectUid,
        },
      })),
  },
  'apps/deployments': ownObjects('DeploymentList', 'apps/v1', 'Deployment'),
  'apps/statefulsets': ownObjects('StatefulSetList', 'apps/v1', 'StatefulSet'),
  'apps/daemonsets': ownObjects('DaemonSetList', 'apps/v1', 'DaemonSet'),
  'apps/replicasets': {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSetList',
    items: (state) => state.workloads.flatMap((workload) => intermediates(workload, 'ReplicaSet')),
  },
  'batch/cronjobs': ownObjects('CronJobList', 'batch/v1', 'CronJob'),
  'batch/jobs': {
    apiVersion: 'batch/v1',
    kind: 'JobList',
    items: (state) =>
      state.workloads.flatMap((workload) =>
        workload.spec.kind === 'Job' ? [item(workload.json())] : intermediates(workload, 'Job'),
      ),
  },
  'autoscaling/horizontalpodautoscalers': furtherObjects('autoscaling/v2', 'HorizontalPodAutoscaler'),
  '/persistentvolumeclaims': furtherObjects('v1', 'PersistentVolumeClaim'),
  '/resourcequotas': furtherObjects('v1', 'ResourceQuota'),
};

function podItem(pod: SimulatedPod): ListItem {
  return {
    namespace: pod.namespace,
    name: pod.name,
    labels: pod.spec.labels,
    fields: {
      'metadata.name': pod.name,
      'metadata.namespace': pod.namespace,
      'spec.nodeName': pod.spec.node,
      'status.phase': pod.phase,
    },
    text: () => podText(pod),
  };
}

/** The pod's JSON, kept until it changes: a list of 5,000 pods is 40 MB. */
export function podText(pod: SimulatedPod): string {
  const kept = podTexts.get(pod);
  if (kept?.revision === pod.revision) return kept.text;
  const text = JSON.stringify(podJson(pod));
  podTexts.set(pod, { revision: pod.revision, text });
  return text;
}

function ownObjects(kind: string, apiVersion: string, workloadKind: string): Resource {
  const items = (state: ClusterState) =>
    state.workloads.filter((workload) => workload.spec.kind === workloadKind).map((workload) => item(workload.json()));
  return { apiVersion, kind, items };
}

function furtherObjects(apiVersion: string, kind: FurtherKind): Resource {
  return { apiVersion, kind: `${kind}List`, items: (state) => state.further(kind).map(item) };
}

function intermediates(workload: SimulatedWorkload, kind: string): ListItem[] {
  return workload.intermediates.filter((child) => child.kind === kind).map((child) => item(workload.intermediateJson(child)));
}

function item(object: JsonObject): ListItem {
  const { metadata } = object;
  const text = (key: string) => {
    const value = typeof metadata === 'object' && metadata !== null && key in metadata ? Reflect.get(metadata, key) : undefined;
    return typeof value === 'string' ? value : '';
  };
  const fields = { 'metadata.name': text('name'), 'metadata.namespace': text('namespace') };
  return { namespace: text('namespace'), name: text('name'), labels: {}, fields, text: () => JSON.stringify(object) };
}
