import type { Workload } from './workload.ts';

/** One end of a container instance. */
export interface Termination {
  /** `containerd://<id>`; empty when the kubelet did not say. */
  readonly containerID: string;
  readonly reason: string;
  readonly exitCode: number;
  readonly signal: number | null;
  /** The container's termination message (at most 4 KiB, redacted), empty when none. */
  readonly message: string;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export type RunState =
  | { readonly kind: 'running'; readonly startedAt: number | null }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | ({ readonly kind: 'terminated' } & Termination);

/** CPU in cores and memory in bytes; `null` where none is set. */
export interface Resources {
  readonly cpu: number | null;
  readonly memory: number | null;
}

export interface ContainerState {
  readonly name: string;
  /** A sidecar is an init container with `restartPolicy: Always`. */
  readonly role: 'app' | 'init' | 'sidecar';
  readonly image: string;
  /** The current instance's id, empty before the first start. */
  readonly containerID: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: RunState;
  /** How the previous instance ended. */
  readonly last: Termination | null;
  readonly limits: Resources;
  readonly requests: Resources;
}

export interface PodCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly since: number | null;
}

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

/** What rules and messages need of a pod, projected while it is listed. Times are epoch milliseconds. */
export interface PodState {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly workload: Workload;
  /** Empty before scheduling. */
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only those below `tocsin.dev/`. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** When its deletion was asked for; it has a grace period from then on. */
  readonly deletedAt: number | null;
  readonly phase: PodPhase;
  /** The pod's own `status.reason`, such as `Evicted`; empty when none. */
  readonly reason: string;
  readonly message: string;
  readonly conditions: readonly PodCondition[];
  /** Names of the volume claims that it uses; left out when it uses none. */
  readonly claims?: readonly string[];
  /** Init containers and sidecars first, as the API lists them. */
  readonly containers: readonly ContainerState[];
}

/** Whether the pod has ended for good. */
export function isFinished(pod: PodState): boolean {
  return pod.phase === 'Succeeded' || pod.phase === 'Failed';
}

/** The ends that a container's status tells, the older first. */
export function endsOf(container: ContainerState | undefined): readonly Termination[] {
  if (container === undefined) return [];
  const ends: Termination[] = [];
  if (container.last !== null) ends.push(container.last);
  if (container.state.kind === 'terminated') ends.push(container.state);
  return ends;
}

/** Tells one end of a container from its others. */
export function endIdentity(end: Termination): string {
  return end.containerID === '' ? `${end.finishedAt} ${end.exitCode} ${end.reason}` : end.containerID;
}

export function conditionOf(pod: PodState, type: string): PodCondition | undefined {
  return pod.conditions.find((condition) => condition.type === type);
}

/** What rules and messages need of a node. */
export interface NodeState {
  readonly name: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly conditions: readonly PodCondition[];
  readonly unschedulable: boolean;
  readonly allocatable: Resources;
}
