import type { ContainerState, PodState } from '../../model/pod.ts';
import { type Selection, selects } from '../../model/selector.ts';
import type { StateSample } from '../../model/window/window.ts';
import type { Workload, WorkloadKey } from '../../model/workload.ts';
import type { Subject } from '../condition.ts';

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
  readonly members: readonly Member[];
}

interface Member {
  readonly pod: PodState;
  readonly container: ContainerState;
}

/** What is there in a state, by workload and container name. */
export function groupSubjects({ byWorkload }: Pick<StateSample, 'byWorkload'>): readonly WorkloadGroup[] {
  const groups: WorkloadGroup[] = [];
  for (const [key, pods] of byWorkload) {
    const [first] = pods;
    if (first === undefined) continue;
    const { namespace, kind, name: workload } = first.workload;
    const subject: Subject = { namespace, kind, workload };
    const containers: {
      readonly key: WorkloadKey;
      readonly name: string;
      readonly subject: Subject;
      readonly members: Member[];
    }[] = [];
    for (const pod of pods) {
      for (const container of pod.containers) {
        const { name } = container;
        const known = containers.find((each) => each.name === name);
        if (known === undefined)
          containers.push({ key, name, subject: { ...subject, container: name }, members: [{ pod, container }] });
        else known.members.push({ pod, container });
      }
    }
    groups.push({ key, workload: first.workload, subject, pods, containers });
  }
  return groups;
}

/** What a selection takes of them; what it takes as a whole is the same group. */
export function selectSubjects(groups: readonly WorkloadGroup[], selection: Selection): readonly WorkloadGroup[] {
  const selected: WorkloadGroup[] = [];
  for (const group of groups) {
    if (isWhole(group, selection)) {
      selected.push(group);
      continue;
    }
    const pods = group.pods.filter((pod) => selects(selection, pod));
    const containers = group.containers.flatMap((each) => {
      const members = each.members.filter(({ pod, container }) => selects(selection, pod, container));
      return members.length === 0 ? [] : [{ ...each, members }];
    });
    if (pods.length > 0 || containers.length > 0) selected.push({ ...group, pods, containers });
  }
  return selected;
}

function isWhole({ pods }: WorkloadGroup, selection: Selection): boolean {
  for (const pod of pods) {
    if (!selects(selection, pod)) return false;
    for (const container of pod.containers) if (!selects(selection, pod, container)) return false;
  }
  return true;
}
