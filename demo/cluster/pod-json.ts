import type { Instance, SimulatedContainer } from './container.ts';
import { type JsonObject, timeOrNull, timeText } from './json.ts';
import type { SimulatedPod } from './pod.ts';

const GRACE_SECONDS = 30;

/** The pod as the API serves it, with the parts that nobody reads (managedFields, volumes, tolerations), so that sizes are true. */
export function podJson(pod: SimulatedPod): JsonObject {
  const { spec } = pod;
  const createdAt = timeText(spec.createdAt);
  return {
    metadata: {
      name: spec.name,
      ...(spec.owner !== null && { generateName: spec.name.replace(/[^-]+$/, '') }),
      namespace: spec.namespace,
      uid: spec.uid,
      resourceVersion: String(pod.revision),
      creationTimestamp: createdAt,
      ...(pod.deletedAt !== null && {
        deletionTimestamp: timeText(pod.deletedAt + GRACE_SECONDS * 1000),
        deletionGracePeriodSeconds: GRACE_SECONDS,
      }),
      labels: spec.labels,
      annotations: spec.annotations,
      ...(spec.owner !== null && { ownerReferences: [{ ...spec.owner, controller: true, blockOwnerDeletion: true }] }),
      managedFields: managedFields(pod, createdAt),
    },
    spec: podSpecJson(pod),
    status: podStatusJson(pod),
  };
}

/** What many charts hand to every container. */
const DOWNWARD_ENV = {
  POD_NAME: 'metadata.name',
  POD_NAMESPACE: 'metadata.namespace',
  POD_IP: 'status.podIP',
  NODE_NAME: 'spec.nodeName',
  HOST_IP: 'status.hostIP',
} as const;

function podSpecJson(pod: SimulatedPod): JsonObject {
  const { spec } = pod;
  const mount = { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const containerJson = ({ spec: container }: SimulatedContainer): JsonObject => ({
    name: container.name,
    image: container.image,
    ...(container.role === 'sidecar' && { restartPolicy: 'Always' }),
    ports: container.ports.map((port) => ({ name: `port-${port}`, containerPort: port, protocol: 'TCP' })),
    env: [
      ...Object.entries(container.env).map(([name, value]) => ({ name, value })),
      ...Object.entries(DOWNWARD_ENV).map(([name, fieldPath]) => ({
        name,
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
      })),
    ],
    resources: { limits: container.limits, requests: container.requests },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, mount],
    ...(container.role === 'app' && { livenessProbe: probe('/healthz', 20), readinessProbe: probe('/ready', 5) }),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  });
  const init = pod.containers.filter((container) => container.spec.role !== 'app');
  return {
    volumes: [
      { name: 'tmp', emptyDir: {} },
      {
        name: mount.name,
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
          defaultMode: 420,
        },
      },
    ],
    ...(init.length > 0 && { initContainers: init.map(containerJson) }),
    containers: pod.containers.filter((container) => container.spec.role === 'app').map(containerJson),
    restartPolicy: spec.restartPolicy,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    ...(spec.node !== '' && { nodeName: spec.node }),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    schedulerName: 'default-scheduler',
    tolerations: ['not-ready', 'unreachable'].map((name) => ({
      key: `node.kubernetes.io/${name}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function podStatusJson(pod: SimulatedPod): JsonObject {
  const scheduled = pod.spec.node !== '';
  const statuses = (init: boolean) =>
    pod.containers.filter((container) => (container.spec.role !== 'app') === init).map(containerStatusJson);
  return {
    phase: pod.phase,
    ...(pod.ended !== null && { reason: pod.ended.reason, message: pod.ended.message }),
    conditions: pod.conditions.map((condition) => ({
      type: condition.type,
      status: condition.status,
      lastProbeTime: null,
      lastTransitionTime: timeText(condition.since),
      ...(condition.reason !== '' && { reason: condition.reason }),
      ...(condition.message !== '' && { message: condition.message }),
    })),
    ...(scheduled && {
      hostIP: '10.0.0.1',
      podIP: podIp(pod.spec.uid),
      podIPs: [{ ip: podIp(pod.spec.uid) }],
      startTime: timeText(pod.spec.createdAt),
      ...(pod.containers.some((container) => container.spec.role !== 'app') && { initContainerStatuses: statuses(true) }),
      containerStatuses: statuses(false),
    }),
    qosClass: 'Burstable',
  };
}

function containerStatusJson(container: SimulatedContainer): JsonObject {
  const { spec } = container;
  const shown = container.current ?? container.last;
  const finishedInit = spec.role === 'init' && container.current?.ended?.exitCode === 0;
  return {
    name: spec.name,
    state: stateJson(container),
    lastState: container.last === null ? {} : { terminated: terminatedJson(container.last) },
    ready: spec.role === 'init' ? finishedInit : container.ready,
    restartCount: container.restarts,
    image: spec.image,
    imageID: shown === null ? '' : `${spec.image.split(':')[0]}@sha256:${'0123456789abcdef'.repeat(4)}`,
    ...(shown !== null && { containerID: shown.id }),
    started: container.phase === 'running',
    ...(shown !== null && { resources: { limits: spec.limits, requests: spec.requests } }),
  };
}

function stateJson(container: SimulatedContainer): JsonObject {
  switch (container.phase) {
    case 'waiting': {
      const { reason, message } = container.waiting;
      return { waiting: { ...(reason !== '' && { reason }), ...(message !== '' && { message }) } };
    }
    case 'running':
      return { running: { startedAt: timeOrNull(container.current?.startedAt ?? null) } };
    case 'terminated':
      return container.current === null ? {} : { terminated: terminatedJson(container.current) };
    default:
      return container.phase satisfies never;
  }
}

function terminatedJson(instance: Instance): JsonObject {
  const end = instance.ended;
  return {
    exitCode: end?.exitCode ?? 0,
    ...(end !== null && end.signal !== null && { signal: end.signal }),
    reason: end?.reason ?? '',
    ...(end !== null && end.message !== '' && { message: end.message }),
    startedAt: timeText(instance.startedAt),
    finishedAt: timeOrNull(end?.at ?? null),
    containerID: instance.id,
  };
}

function probe(path: string, period: number): JsonObject {
  return {
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: period,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

function podIp(uid: string): string {
  return `10.244.${Number.parseInt(uid.slice(0, 2), 16)}.${Number.parseInt(uid.slice(2, 4), 16)}`;
}

/** What the API server keeps about who set which field: a third of a real pod's bytes. */
function managedFields(pod: SimulatedPod, time: string): JsonObject[] {
  const fields = (names: readonly string[]) => Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  const entry = (manager: string, fieldsV1: JsonObject, subresource?: string): JsonObject => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource !== undefined && { subresource }),
  });
  const perContainer = Object.fromEntries(
    pod.containers.map((container) => [
      `k:{"name":"${container.name}"}`,
      {
        '.': {},
        ...fields(['image', 'imagePullPolicy', 'name', 'terminationMessagePath', 'terminationMessagePolicy']),
        'f:env': Object.fromEntries(
          [...Object.keys(container.spec.env), ...Object.keys(DOWNWARD_ENV)].map((name) => [
            `k:{"name":"${name}"}`,
            { '.': {}, 'f:name': {}, 'f:valueFrom': { '.': {}, 'f:fieldRef': {} } },
          ]),
        ),
        'f:ports': {
          '.': {},
          'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, ...fields(['containerPort', 'name', 'protocol']) },
        },
        'f:resources': { '.': {}, 'f:limits': fields(['cpu', 'memory']), 'f:requests': fields(['cpu', 'memory']) },
        'f:livenessProbe': { '.': {}, ...fields(['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds']) },
        'f:readinessProbe': { '.': {}, ...fields(['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds']) },
        'f:securityContext': { '.': {}, ...fields(['allowPrivilegeEscalation', 'readOnlyRootFilesystem']) },
        'f:volumeMounts': { '.': {}, 'k:{"mountPath":"/tmp"}': { '.': {}, ...fields(['mountPath', 'name']) } },
      },
    ]),
  );
  const condition = (type: string) => [
    `k:{"type":"${type}"}`,
    { '.': {}, ...fields(['lastProbeTime', 'lastTransitionTime', 'message', 'reason', 'status', 'type']) },
  ];
  return [
    entry('kube-controller-manager', {
      'f:metadata': {
        'f:generateName': {},
        'f:labels': { '.': {}, ...fields(Object.keys(pod.spec.labels)) },
        'f:annotations': { '.': {}, ...fields(Object.keys(pod.spec.annotations)) },
        'f:ownerReferences': { '.': {}, [`k:{"uid":"${pod.spec.owner?.uid ?? ''}"}`]: {} },
      },
      'f:spec': {
        'f:containers': perContainer,
        ...fields(['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'terminationGracePeriodSeconds']),
        'f:volumes': { '.': {}, 'k:{"name":"tmp"}': { '.': {}, ...fields(['emptyDir', 'name']) } },
      },
    }),
    entry(
      'kubelet',
      {
        'f:status': {
          'f:conditions': Object.fromEntries(['ContainersReady', 'Initialized', 'Ready'].map(condition)),
          ...fields(['containerStatuses', 'hostIP', 'phase', 'podIP', 'startTime']),
          'f:podIPs': { '.': {}, [`k:{"ip":"${podIp(pod.spec.uid)}"}`]: { '.': {}, 'f:ip': {} } },
        },
      },
      'status',
    ),
  ];
}
