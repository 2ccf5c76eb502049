import { createHash } from 'node:crypto';
import type { ContainerSpec } from './container.ts';
import { EventLog } from './event-log.ts';
import { type JsonObject, timeText } from './json.ts';
import { LogFile, type LogFileOptions } from './log-file.ts';
import { SimulatedNode } from './node.ts';
import { type Owner, type RestartPolicy, SimulatedPod } from './pod.ts';
import { type PodTemplate, SimulatedWorkload, type WorkloadKind } from './workload.ts';
import type { ObjectChange } from './workload-json.ts';

/** A container as the scenario describes it; everything but the name has a default. */
export interface ContainerOptions extends Partial<Omit<ContainerSpec, 'name'>> {
  readonly name: string;
}

export interface PodOptions {
  readonly namespace: string;
  readonly name: string;
  /** Default: one container `app`. */
  readonly containers?: readonly ContainerOptions[];
  readonly node?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: Owner | null;
  readonly restartPolicy?: RestartPolicy;
  readonly createdAt?: number;
  /** Whether the containers are started at once, at `createdAt`; default true. */
  readonly run?: boolean;
}

export interface WorkloadOptions extends Omit<PodOptions, 'owner' | 'uid'> {
  readonly kind: WorkloadKind;
  /** Default 1; 0 for a workload whose pods come later. */
  readonly replicas?: number;
}

export interface StateOptions {
  readonly now: () => number;
  readonly file: LogFileOptions;
  /** Ids (UIDs, container ids) repeat for the same seed. */
  readonly seed: string;
  /** Something has a new revision. */
  readonly onChange?: () => void;
  readonly onRemoved?: (pod: SimulatedPod, revision: number) => void;
}

/** Objects that only stand in a list: what they say is the scenario's. */
export type FurtherKind = 'HorizontalPodAutoscaler' | 'PersistentVolumeClaim' | 'ResourceQuota';

/** Nodes are older than what runs on them, unless said otherwise. */
const NODE_AGE = 30 * 24 * 3_600_000;

/** Everything that exists in the simulated cluster. */
export class ClusterState {
  readonly events: EventLog;
  readonly #options: StateOptions;
  readonly #namespaces = new Map<string, { readonly uid: string; readonly createdAt: number }>();
  readonly #nodes = new Map<string, SimulatedNode>();
  readonly #pods = new Map<string, SimulatedPod>();
  readonly #further = new Map<string, { readonly kind: FurtherKind; readonly json: JsonObject }>();
  #workloads: readonly SimulatedWorkload[] = [];
  #revision = 1000;
  #ids = 0;
  #scheduled = 0;

  constructor(options: StateOptions) {
    this.#options = options;
    this.events = new EventLog(this.#context);
  }

  get revision(): number {
    return this.#revision;
  }
  get namespaces(): ReadonlyMap<string, { readonly uid: string; readonly createdAt: number }> {
    return this.#namespaces;
  }
  get nodes(): readonly SimulatedNode[] {
    return [...this.#nodes.values()];
  }
  get workloads(): readonly SimulatedWorkload[] {
    return this.#workloads;
  }

  pods(namespace: string | null = null): readonly SimulatedPod[] {
    const all = [...this.#pods.values()];
    return namespace === null ? all : all.filter((pod) => pod.namespace === namespace);
  }

  findPod(namespace: string, name: string): SimulatedPod | undefined {
    return this.#pods.get(`${namespace}/${name}`);
  }

  addNamespace(name: string, createdAt: number = this.#options.now()): void {
    if (!this.#namespaces.has(name)) this.#namespaces.set(name, { uid: this.#nextUid(), createdAt });
    this.#revision++;
  }

  removeNamespace(name: string): void {
    this.#namespaces.delete(name);
    for (const pod of this.pods(name)) this.removePod(pod);
  }

  addNode(
    name: string,
    size: { readonly cpu?: string; readonly memory?: string; readonly createdAt?: number } = {},
  ): SimulatedNode {
    const index = this.#nodes.size + 1;
    const createdAt = size.createdAt ?? this.#options.now() - NODE_AGE;
    const node = new SimulatedNode(
      {
        name,
        uid: this.#nextUid(),
        createdAt,
        cpu: size.cpu ?? '8',
        memory: size.memory ?? '32Gi',
        address: `10.0.0.${index % 255}`,
      },
      this.#context,
    );
    this.#nodes.set(name, node);
    return node;
  }

  /** Adds a bare pod. Without `node` it goes to the nodes in turn; `node: ''` leaves it unscheduled. */
  addPod(options: PodOptions): SimulatedPod {
    this.addNamespace(options.namespace);
    const names = [...this.#nodes.keys()];
    const pod = new SimulatedPod(
      {
        namespace: options.namespace,
        name: options.name,
        uid: options.uid ?? this.#nextUid(),
        node: options.node ?? names[this.#scheduled++ % Math.max(1, names.length)] ?? '',
        labels: options.labels ?? {},
        annotations: options.annotations ?? {},
        owner: options.owner ?? null,
        restartPolicy: options.restartPolicy ?? 'Always',
        createdAt: options.createdAt ?? this.#options.now(),
        containers: (options.containers ?? [{ name: 'app' }]).map(containerSpec),
      },
      { ...this.#context, nextId: () => this.#nextContainerId(), file: this.#options.file },
    );
    this.#pods.set(`${pod.namespace}/${pod.name}`, pod);
    if (options.run !== false && pod.spec.node !== '') pod.run(pod.spec.createdAt);
    return pod;
  }

  removePod(pod: SimulatedPod): void {
    // By identity: a pod of the same name may have taken its place.
    if (this.#pods.get(`${pod.namespace}/${pod.name}`) === pod) this.#pods.delete(`${pod.namespace}/${pod.name}`);
    for (const { current } of pod.containers) if (current?.log instanceof LogFile) current.log.end();
    this.#revision++;
    this.#options.onRemoved?.(pod, this.#revision);
  }

  /** Adds a workload with its pods. */
  addWorkload(options: WorkloadOptions): SimulatedWorkload {
    this.addNamespace(options.namespace);
    const createdAt = options.createdAt ?? this.#options.now();
    const labels = { 'app.kubernetes.io/name': options.name, ...options.labels };
    const annotations = options.annotations ?? {};
    const spec = {
      namespace: options.namespace,
      kind: options.kind,
      name: options.name,
      uid: this.#nextUid(),
      createdAt,
      labels,
      annotations,
    };
    const finite = options.kind === 'Job' || options.kind === 'CronJob';
    const template: PodTemplate = {
      containers: (options.containers ?? [{ name: 'app' }]).map(containerSpec),
      ...(options.node !== undefined && { node: options.node }),
    };
    const workload = new SimulatedWorkload(spec, template, {
      ...this.#context,
      addPod: (pod) =>
        this.addPod({
          namespace: options.namespace,
          name: pod.name,
          labels: pod.labels,
          annotations,
          owner: pod.owner,
          containers: pod.template.containers,
          ...(pod.template.node !== undefined && { node: pod.template.node }),
          restartPolicy: options.restartPolicy ?? (finite ? 'Never' : 'Always'),
          createdAt: pod.at,
          run: pod.run ?? options.run ?? true,
        }),
      removePod: (pod) => this.removePod(pod),
    });
    this.#workloads = [...this.#workloads, workload];
    return workload.scale(options.replicas ?? 1, createdAt);
  }

  /** The autoscalers, claims or quotas. */
  further(kind: FurtherKind): readonly JsonObject[] {
    return [...this.#further.values()].filter((each) => each.kind === kind).map(({ json }) => json);
  }

  /** Adds an autoscaler, a claim or a quota, or replaces the one of that name; `null` removes it. */
  setFurther(kind: FurtherKind, place: { readonly namespace: string; readonly name: string }, body: ObjectChange | null): void {
    const key = `${kind}/${place.namespace}/${place.name}`;
    this.addNamespace(place.namespace);
    if (body === null) this.#further.delete(key);
    else {
      const creationTimestamp = timeText(this.#options.now());
      this.#further.set(key, { kind, json: { metadata: { ...place, uid: key, creationTimestamp }, ...body } });
    }
  }

  removeWorkload(workload: SimulatedWorkload): void {
    workload.scale(0);
    this.#workloads = this.#workloads.filter((other) => other !== workload);
  }

  readonly #context = {
    now: (): number => this.#options.now(),
    nextUid: (): string => this.#nextUid(),
    nextRevision: (): number => {
      this.#options.onChange?.();
      return ++this.#revision;
    },
  };

  #nextUid(): string {
    const hex = this.#hash('uid');
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
  }

  #nextContainerId(): string {
    return `containerd://${this.#hash('container')}`;
  }

  #hash(kind: string): string {
    return createHash('sha256')
      .update(`${this.#options.seed}/${kind}/${this.#ids++}`)
      .digest('hex');
  }
}

function containerSpec(options: ContainerOptions): ContainerSpec {
  return {
    image: `registry.example.com/${options.name}:1.0.0`,
    role: 'app',
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '500m', memory: '256Mi' },
    env: { LOG_LEVEL: 'info', TZ: 'UTC' },
    ports: [8080],
    ...options,
  };
}
