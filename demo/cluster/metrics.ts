import { type Answer, jsonAnswer, textAnswer } from './answer.ts';
import { type JsonObject, timeText } from './json.ts';
import type { SimulatedNode } from './node.ts';
import type { SimulatedPod } from './pod.ts';

export type MetricsState = 'ok' | 'absent' | 'unavailable';

/** What the API server says when metrics.k8s.io is not there, or its service is down; `null` when it works. Both are plain text. */
export function metricsFault(state: MetricsState): Answer | null {
  switch (state) {
    case 'absent':
      return textAnswer(404, '404 page not found\n');
    case 'unavailable':
      return textAnswer(503, 'service unavailable\n');
    case 'ok':
      return null;
    default:
      return state satisfies never;
  }
}

/** Pods of which every container has been measured: metrics-server leaves the others out as a whole. */
export function podMetrics(pods: readonly SimulatedPod[], now: number): Answer {
  const items = pods.flatMap((pod) => {
    const running = pod.containers.filter((container) => container.spec.role !== 'init');
    if (running.length === 0 || running.some((container) => container.usage === null)) return [];
    const containers = running.map((container) => ({ name: container.name, usage: usageJson(container.usage) }));
    const metadata = { name: pod.name, namespace: pod.namespace, creationTimestamp: timeText(now), labels: pod.spec.labels };
    return [{ metadata, timestamp: timeText(now - 8_000), window: '15.2s', containers }];
  });
  return jsonAnswer({ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items });
}

export function nodeMetrics(nodes: readonly SimulatedNode[], now: number): Answer {
  const items = nodes.map((node) => ({
    metadata: { name: node.name, creationTimestamp: timeText(now) },
    timestamp: timeText(now - 8_000),
    window: '10.1s',
    usage: usageJson(node.usage),
  }));
  return jsonAnswer({ kind: 'NodeMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items });
}

function usageJson(usage: { readonly cpu: number; readonly memory: number } | null): JsonObject {
  return { cpu: `${Math.round((usage?.cpu ?? 0) * 1e9)}n`, memory: `${Math.round((usage?.memory ?? 0) / 1024)}Ki` };
}
