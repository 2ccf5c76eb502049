import type { ContainerState, PodState } from '../model/pod.ts';
import { type Selection, selects } from '../model/selector.ts';
import type { StateSample } from '../model/window/window.ts';
import type { Workload, WorkloadKey } from '../model/workload.ts';
import type { Subject } from './condition.ts';

/** A workload with what a selection takes of it. */
export interface WorkloadGroup {
  readonly key: WorkloadKey;
  readonly workload: Workload;
  readonly subject: Subject;
  readonly pods: readonly PodState[];
  /** One group for each container name, over all pods. */
  readonly containers: readonly ContainerGroup[];
}

/** The containers of one name in a workload's pods. */
export interface ContainerGroup {
  readonly key: WorkloadKey;
  readonly name: string;
  readonly subject: Subject;
  readonly members: readonly { readonly pod: PodState; readonly container: ContainerState }[];
}

/** What a selection takes of a state, by workload and container name. */
export function groupSubjects(sample: StateSample, selection: Selection): readonly WorkloadGroup[] {
  const takesAll = selection.match.length === 0 && selection.except.length === 0;
  const groups: WorkloadGroup[] = [];
  for (const [key, pods] of sample.byWorkload) {
    const [first] = pods;
    if (first === undefined) continue;
    const { namespace, kind, name: workload } = first.workload;
    const subject: Subject = { namespace, kind, workload };
    const chosen = takesAll ? pods : pods.filter((pod) => selects(selection, pod));
    const members = new Map<string, { pod: PodState; container: ContainerState }[]>();
    for (const pod of pods) {
      for (const container of pod.containers) {
        if (!takesAll && !selects(selection, pod, container)) continue;
        const list = members.get(container.name);
        if (list === undefined) members.set(container.name, [{ pod, container }]);
        else list.push({ pod, container });
      }
    }
    if (chosen.length === 0 && members.size === 0) continue;
    const containers = [...members].map(([name, list]) => ({
      key,
      name,
      subject: { ...subject, container: name },
      members: list,
    }));
    groups.push({ key, workload: first.workload, subject, pods: chosen, containers });
  }
  return groups;
}
