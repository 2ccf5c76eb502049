import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { conditionOf, type PodState } from '../../core/model/pod.ts';
import { endedContainers } from '../../core/model/window/ended-containers.ts';
import { subjectOfObject } from '../../core/model/window/touched.ts';
import { type Workload, workloadKey } from '../../core/model/workload.ts';
import { type ReadOne, readNode, readObject, readPod } from '../../kubernetes/objects/read-one.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetBatch } from '../cycle/targeted-cycle.ts';

/** Pods or Jobs of one workload that are looked at anew; those that are not ready, or run, come first. */
export const MOST_READ = 20;

/** Whom a look is about: a workload by its pods, or an object. */
export interface LookSubject {
  readonly workload: Workload;
  readonly about: 'pods' | 'objects';
  /** One that no cycle may have seen. */
  readonly object?: ClusterObject;
}

/** Looks at what an alert is about as it is now, with one request for each pod or object. */
export async function readSubject(
  { workload, about, object }: LookSubject,
  { engine, now, ...read }: ReadOne & { readonly engine: Pick<Engine, 'window'>; readonly now: () => number },
): Promise<TargetBatch> {
  if (about === 'pods') return podsOf(workload, { engine, now, ...read });
  if (workload.kind === 'Node') {
    const node = await readNode(workload.name, read);
    return { reads: [], observed: [], nodes: node === null ? [] : [node] };
  }
  const key = workloadKey(workload);
  const own = engine.window.objects.filter((each) => workloadKey(subjectOfObject(each)) === key);
  const known = [...(object === undefined ? [] : [object]), ...own.filter(({ uid }) => uid !== object?.uid)];
  const looked = known.toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.createdAt - a.createdAt).slice(0, MOST_READ);
  const found = await Promise.all(looked.map((each) => readObject(each, read)));
  return { reads: [], observed: [], objects: found.filter((each) => each !== null) };
}

async function podsOf(workload: Workload, { engine, now, ...read }: Parameters<typeof readSubject>[1]): Promise<TargetBatch> {
  const pods = engine.window.newest?.byWorkload.get(workloadKey(workload)) ?? [];
  const known = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b))).slice(0, MOST_READ);
  const looks = await Promise.all(known.map(async (pod) => ({ pod, found: await readPod(pod, read) })));
  const seenAt = now();
  return {
    reads: looks.flatMap(({ pod, found }) => {
      const containers = found === null || found.uid !== pod.uid ? new Set<string>() : endedContainers(pod, found);
      return found === null || containers.size === 0 ? [] : [{ pod: found, containers }];
    }),
    observed: looks.flatMap(({ pod, found }) => [
      ...(found?.uid === pod.uid ? [] : [{ pod: { ...pod, deletedAt: pod.deletedAt ?? seenAt }, seenAt, isGone: true }]),
      ...(found === null ? [] : [{ pod: found, seenAt, isGone: false }]),
    ]),
  };
}

function isOver(object: ClusterObject): boolean {
  return object.kind === 'Job' && object.state !== 'running';
}

function isReady(pod: PodState): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}
