import { MINUTE } from '../../base/duration.ts';
import { CollectError } from '../../base/errors.ts';
import { inSlices } from '../../base/slices.ts';
import type { SourceError, Usage } from '../../core/model/cycle.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Api } from '../session/http.ts';
import { itemsOf } from '../session/list-answer.ts';
import { inEachPlace, placePath, type Scope } from './namespaces.ts';
import { parseQuantity } from './quantity.ts';
import { child, list, type RawObject, rawObject, text, time } from './raw-object.ts';

const GROUP = '/apis/metrics.k8s.io/v1beta1';
/** A sample that is older says nothing about now: three times the usual resolution of 15 s, and slack for clocks. */
const STALE_AFTER = 2 * MINUTE;

export interface UsageReading {
  readonly usage: readonly Usage[];
  readonly source: 'ok' | 'absent' | 'unavailable';
  readonly errors: readonly SourceError[];
}

/** One usage sample per container that the metrics API knows. The API has no pages, and no uid: pods are matched by name and age. */
export async function readUsage(
  api: Api,
  options: { readonly scope: Scope; readonly pods: readonly PodState[]; readonly now: number },
  signal: AbortSignal,
): Promise<UsageReading> {
  const pods = new Map(options.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const usage: Usage[] = [];
  let answered = false;
  let absent = false;
  const errors = await inEachPlace(options.scope, 'metrics', async (place) => {
    const path = placePath(GROUP, 'pods', place);
    const { value, status } = await api.json(path, signal, { accepted: [404], isList: true });
    if (status === 404) {
      absent = true;
      throw new CollectError('not_found', 'the metrics API is not installed', { status });
    }
    answered = true;
    await inSlices(take(itemsOf(rawObject(value)) ?? []));
  });
  function* take(items: Iterable<unknown>) {
    for (const each of items) {
      const item = rawObject(each);
      const pod = pods.get(`${text(child(item, 'metadata'), 'namespace')}/${text(child(item, 'metadata'), 'name')}`);
      if (pod !== undefined) yield void usage.push(...samplesOf(pod, item, options.now));
    }
  }
  if (answered || errors.length === 0) return { usage, source: 'ok', errors };
  if (!absent) return { usage, source: 'unavailable', errors };
  const told: SourceError = {
    source: 'metrics',
    namespace: null,
    reason: 'absent',
    message: 'the metrics API (metrics.k8s.io) is not installed',
  };
  return { usage, source: 'absent', errors: [told] };
}

function samplesOf(pod: PodState, item: RawObject, now: number): readonly Usage[] {
  const at = time(item, 'timestamp');
  if (at === null || at < now - STALE_AFTER) return [];
  const samples: Usage[] = [];
  for (const raw of list(item, 'containers')) {
    const container = pod.containers.find((candidate) => candidate.name === raw['name']);
    if (container === undefined) continue;
    // The sample of a namesake that is gone, or of the instance before.
    const since = container.state.kind === 'running' ? (container.state.startedAt ?? 0) : 0;
    if (at < Math.max(pod.createdAt, since)) continue;
    const cpu = parseQuantity(child(raw, 'usage')['cpu']);
    const memory = parseQuantity(child(raw, 'usage')['memory']);
    if (cpu === null || memory === null) continue;
    samples.push({ namespace: pod.namespace, pod: pod.name, container: container.name, at, cpu, memory });
  }
  return samples;
}
