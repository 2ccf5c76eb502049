import type { ContainerSpec } from './container.ts';
import { type JsonObject, timeText } from './json.ts';
import type { Owner, SimulatedPod } from './pod.ts';
import { jobStatus, type ObjectChange, workloadBody } from './workload-json.ts';

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob';

export interface WorkloadSpec {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a workload's pods are made of. */
export interface PodTemplate {
  readonly containers: readonly ContainerSpec[];
  readonly node?: string;
}

/** What a workload needs of the cluster that it lives in. */
export interface WorkloadContext {
  readonly now: () => number;
  readonly nextUid: () => string;
  readonly nextRevision: () => number;
  readonly addPod: (pod: {
    readonly workload: SimulatedWorkload;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly owner: Owner;
    readonly template: PodTemplate;
    readonly at: number;
    readonly run: boolean | null;
  }) => SimulatedPod;
  readonly removePod: (pod: SimulatedPod) => void;
}

/** A ReplicaSet below a Deployment, or a Job below a CronJob. */
export interface Intermediate {
  readonly kind: 'ReplicaSet' | 'Job';
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly hash: string;
}

const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A workload with the pods that it owns. */
export class SimulatedWorkload {
  readonly spec: WorkloadSpec;
  readonly #context: WorkloadContext;
  #template: PodTemplate;
  #intermediates: readonly Intermediate[] = [];
  #pods: readonly SimulatedPod[] = [];
  #ordinal = 0;
  #revision = 0;
  #change: ObjectChange = {};
  readonly #childChanges = new Map<string, ObjectChange>();

  constructor(spec: WorkloadSpec, template: PodTemplate, context: WorkloadContext) {
    this.spec = spec;
    this.#template = template;
    this.#context = context;
    this.#newIntermediate(spec.createdAt);
    this.#revision = context.nextRevision();
  }

  /** Of the newest change to it or to one of its pods. */
  get revision(): number {
    return Math.max(this.#revision, ...this.#pods.map((pod) => pod.revision));
  }

  get pods(): readonly SimulatedPod[] {
    return this.#pods;
  }
  get intermediates(): readonly Intermediate[] {
    return this.#intermediates;
  }
  get template(): PodTemplate {
    return this.#template;
  }
  /** The first pod, for workloads that have one. */
  get pod(): SimulatedPod {
    const first = this.#pods[0];
    if (first === undefined) throw new Error(`workload ${this.spec.name} has no pod`);
    return first;
  }

  /** Adds or removes pods until there are `replicas`. */
  scale(replicas: number, at: number = this.#context.now()): this {
    while (this.#pods.length > replicas) this.remove(this.#pods[this.#pods.length - 1] ?? this.pod);
    while (this.#pods.length < replicas) this.addPod({ at });
    return this;
  }

  /** Adds one pod; whether its containers run at once is as for the workload's other pods unless `run` says otherwise. */
  addPod(options: { readonly at?: number; readonly run?: boolean; readonly node?: string } = {}): SimulatedPod {
    const { spec } = this;
    const parent = this.#intermediates[this.#intermediates.length - 1];
    const base = parent?.name ?? spec.name;
    const owner: Owner =
      parent === undefined
        ? { apiVersion: groupVersion(spec.kind), kind: spec.kind, name: spec.name, uid: spec.uid }
        : { apiVersion: groupVersion(parent.kind), kind: parent.kind, name: parent.name, uid: parent.uid };
    const ordinal = this.#ordinal++;
    const pod = this.#context.addPod({
      workload: this,
      name: spec.kind === 'StatefulSet' ? `${base}-${ordinal}` : `${base}-${suffix(`${base}/${ordinal}`, 5)}`,
      labels: {
        ...spec.labels,
        ...(parent?.kind === 'ReplicaSet' && { 'pod-template-hash': parent.hash }),
        ...(owner.kind === 'Job' && { 'batch.kubernetes.io/job-name': owner.name, 'job-name': owner.name }),
        ...(spec.kind === 'StatefulSet' && { 'apps.kubernetes.io/pod-index': String(ordinal) }),
      },
      owner,
      template: options.node === undefined ? this.#template : { ...this.#template, node: options.node },
      at: options.at ?? this.#context.now(),
      run: options.run ?? null,
    });
    this.#pods = [...this.#pods, pod];
    return pod;
  }

  remove(pod: SimulatedPod): this {
    this.#pods = this.#pods.filter((other) => other !== pod);
    this.#context.removePod(pod);
    this.#revision = this.#context.nextRevision();
    return this;
  }

  /** A new ReplicaSet (or the CronJob's next Job) with a changed template: pods that are added from now on belong to it. */
  revise(change: Partial<PodTemplate> = {}, at: number = this.#context.now()): this {
    this.#template = { ...this.#template, ...change };
    this.#newIntermediate(at);
    this.#revision = this.#context.nextRevision();
    return this;
  }

  /** Says of the workload's own object what does not follow from its pods: a schedule, a condition. */
  change({ spec = {}, status = {} }: ObjectChange): this {
    this.#change = { spec: { ...this.#change.spec, ...spec }, status: { ...this.#change.status, ...status } };
    this.#revision = this.#context.nextRevision();
    return this;
  }

  /** The workload's own object. */
  json(): JsonObject {
    const { spec } = this;
    const metadata = { ...this.#metadata(spec.name, spec.uid, spec.createdAt, null), generation: 1 };
    return { metadata, ...changed(workloadBody(this), this.#change) };
  }

  /** A ReplicaSet's or Job's object below this workload. */
  intermediateJson(child: Intermediate): JsonObject {
    const { spec } = this;
    const owner = { apiVersion: groupVersion(spec.kind), kind: spec.kind, name: spec.name, uid: spec.uid };
    const pods = this.#pods.filter((pod) => pod.spec.owner?.uid === child.uid);
    const metadata = this.#metadata(child.name, child.uid, child.createdAt, owner);
    const change = this.#childChanges.get(child.name) ?? {};
    if (child.kind === 'Job') return { metadata, ...changed({ spec: {}, status: jobStatus(child.createdAt, pods) }, change) };
    return { metadata, spec: { replicas: pods.length }, status: { replicas: pods.length, observedGeneration: 1 } };
  }

  /** As {@link SimulatedWorkload.change}, of the newest Job below a CronJob. */
  changeJob(change: ObjectChange): this {
    const name = this.#intermediates.at(-1)?.name;
    if (name !== undefined) this.#childChanges.set(name, change);
    this.#revision = this.#context.nextRevision();
    return this;
  }

  #metadata(name: string, uid: string, createdAt: number, owner: Owner | null): JsonObject {
    return {
      name,
      namespace: this.spec.namespace,
      uid,
      resourceVersion: String(this.revision),
      creationTimestamp: timeText(createdAt),
      labels: this.spec.labels,
      annotations: this.spec.annotations,
      ...(owner !== null && { ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }] }),
    };
  }

  #newIntermediate(at: number): void {
    const { spec } = this;
    if (spec.kind !== 'Deployment' && spec.kind !== 'CronJob') return;
    const kind = spec.kind === 'Deployment' ? 'ReplicaSet' : 'Job';
    const hash =
      kind === 'ReplicaSet' ? suffix(`${spec.name}/${this.#intermediates.length}`, 9) : String(Math.floor(at / 60_000));
    const child: Intermediate = { kind, name: `${spec.name}-${hash}`, uid: this.#context.nextUid(), createdAt: at, hash };
    this.#intermediates = [...this.#intermediates, child].slice(-10);
  }
}

function changed(body: JsonObject, { spec = {}, status = {} }: ObjectChange): JsonObject {
  return { spec: { ...object(body['spec']), ...spec }, status: { ...object(body['status']), ...status } };
}

function object(value: JsonObject[string]): JsonObject {
  // Checked: a JSON object, no list; both bodies are made above as objects.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function groupVersion(kind: string): string {
  return kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
}

/** A repeatable text in the alphabet of generated names. */
function suffix(seed: string, length: number): string {
  let hash = 2_166_136_261;
  for (const char of seed) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  let text = '';
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519) >>> 0;
    text += SUFFIX_ALPHABET[(hash >>> 8) % SUFFIX_ALPHABET.length] ?? 'b';
    hash ^= index + 1;
  }
  return text;
}
