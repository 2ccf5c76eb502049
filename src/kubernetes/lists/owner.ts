import type { Workload } from '../../core/model/workload.ts';
import { child, list, type RawObject, text } from './raw-object.ts';

/** Far above the jobs of one cluster; only keeps a session that lives for months from growing. */
export const MAX_KNOWN_JOBS = 20_000;

/** Which workload each Job belongs to, by the Job's uid: a Job never changes its owner. */
export class OwnerCache {
  readonly #jobs = new Map<string, Workload>();

  /** `undefined` for a Job that was not looked up yet. */
  ofJob(uid: string): Workload | undefined {
    return this.#jobs.get(uid);
  }

  learn(uid: string, workload: Workload): void {
    if (this.#jobs.size >= MAX_KNOWN_JOBS) this.#jobs.clear();
    this.#jobs.set(uid, workload);
  }

  get size(): number {
    return this.#jobs.size;
  }
}

/** A pod's workload, and the uid of the Job that must be looked up to be sure of it. */
export interface Owner {
  readonly workload: Workload;
  readonly unsureJob: string | null;
}

/** The workload that owns a pod, read from the pod's own metadata as far as that goes (kubernetes.md section 4.6). */
export function ownerOf(pod: RawObject, cache: OwnerCache): Owner {
  const metadata = child(pod, 'metadata');
  const namespace = text(metadata, 'namespace');
  const sure = (kind: string, name: string): Owner => ({ workload: { namespace, kind, name }, unsureJob: null });
  const controller = controllerOf(metadata);
  // A static pod's mirror is owned by its node, which is not what people call its workload.
  if (controller === null || controller.kind === 'Node') return sure('Pod', text(metadata, 'name'));
  const { kind, name, uid } = controller;
  if (kind === 'ReplicaSet') {
    const labels = child(metadata, 'labels');
    const rollout = withoutSuffix(name, text(labels, 'rollouts-pod-template-hash'));
    if (rollout !== null) return sure('Rollout', rollout);
    const deployment = withoutSuffix(name, text(labels, 'pod-template-hash'));
    return deployment === null ? sure(kind, name) : sure('Deployment', deployment);
  }
  if (kind === 'Job') {
    const known = cache.ofJob(uid);
    return known === undefined
      ? { workload: guessJobOwner(namespace, name), unsureJob: uid }
      : { workload: known, unsureJob: null };
  }
  return sure(kind, name);
}

/** A Job's workload from its own metadata: the CronJob that made it, else itself. */
export function workloadOfJob(job: RawObject): Workload {
  const metadata = child(job, 'metadata');
  const namespace = text(metadata, 'namespace');
  const controller = controllerOf(metadata);
  return controller === null
    ? { namespace, kind: 'Job', name: text(metadata, 'name') }
    : { namespace, kind: controller.kind, name: controller.name };
}

/** A CronJob names its Jobs after itself and the scheduled minute; used where Jobs cannot be read. */
export function guessJobOwner(namespace: string, job: string): Workload {
  const match = /^(.+)-\d{8,}$/.exec(job);
  return match?.[1] === undefined ? { namespace, kind: 'Job', name: job } : { namespace, kind: 'CronJob', name: match[1] };
}

/** A ReplicaSet's Deployment by its name alone, for objects (events) that do not carry the pod's labels. */
export function guessReplicaSetOwner(namespace: string, replicaSet: string): Workload {
  // The characters of which Kubernetes makes template hashes.
  const match = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{5,10}$/.exec(replicaSet);
  return match?.[1] === undefined
    ? { namespace, kind: 'ReplicaSet', name: replicaSet }
    : { namespace, kind: 'Deployment', name: match[1] };
}

function controllerOf(metadata: RawObject): { readonly kind: string; readonly name: string; readonly uid: string } | null {
  for (const owner of list(metadata, 'ownerReferences'))
    if (owner['controller'] === true) return { kind: text(owner, 'kind'), name: text(owner, 'name'), uid: text(owner, 'uid') };
  return null;
}

function withoutSuffix(name: string, hash: string): string | null {
  return hash !== '' && name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : null;
}
