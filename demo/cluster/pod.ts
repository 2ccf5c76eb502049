import { type ContainerContext, type ContainerSpec, SimulatedContainer } from './container.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';
export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodSpec {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Empty while the pod is not scheduled. */
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owner: Owner | null;
  readonly restartPolicy: RestartPolicy;
  readonly createdAt: number;
  readonly containers: readonly ContainerSpec[];
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly since: number;
}

/** One pod of the simulated cluster. */
export class SimulatedPod {
  readonly spec: PodSpec;
  readonly containers: readonly SimulatedContainer[];
  readonly #now: () => number;
  readonly #nextRevision: () => number;
  readonly #conditions = new Map<string, Condition>();
  #revision: number;
  #ended: { readonly phase: PodPhase; readonly reason: string; readonly message: string } | null = null;
  #deletedAt: number | null = null;

  constructor(spec: PodSpec, context: Omit<ContainerContext, 'changed'> & { readonly nextRevision: () => number }) {
    this.spec = spec;
    this.#now = context.now;
    this.#nextRevision = context.nextRevision;
    this.#revision = context.nextRevision();
    this.containers = spec.containers.map(
      (container) => new SimulatedContainer(container, { ...context, changed: (at) => this.#changed(at) }),
    );
    this.#changed(spec.createdAt);
  }

  get namespace(): string {
    return this.spec.namespace;
  }
  get name(): string {
    return this.spec.name;
  }
  /** Rises with every change; the object's `resourceVersion`. */
  get revision(): number {
    return this.#revision;
  }
  get deletedAt(): number | null {
    return this.#deletedAt;
  }
  get conditions(): readonly Condition[] {
    return [...this.#conditions.values()];
  }
  /** The pod's own `status.reason` and `status.message`, such as `Evicted`. */
  get ended(): { readonly phase: PodPhase; readonly reason: string; readonly message: string } | null {
    return this.#ended;
  }

  /** The kubelet's `getPhase`: a pod whose containers crash in turns stays Running. */
  get phase(): PodPhase {
    if (this.#ended !== null) return this.#ended.phase;
    const init = this.containers.filter((container) => container.spec.role === 'init');
    if (init.some((container) => container.current?.ended?.exitCode !== 0)) {
      const failed = init.some((container) => (container.current?.ended?.exitCode ?? 0) !== 0);
      return failed && this.spec.restartPolicy === 'Never' ? 'Failed' : 'Pending';
    }
    const app = this.containers.filter((container) => container.spec.role === 'app');
    if (app.some((container) => container.phase === 'waiting' && container.last === null)) return 'Pending';
    if (this.spec.restartPolicy === 'Always' || app.some((container) => container.phase !== 'terminated')) return 'Running';
    const failed = app.some((container) => (container.current?.ended?.exitCode ?? 0) !== 0);
    if (!failed) return 'Succeeded';
    return this.spec.restartPolicy === 'Never' ? 'Failed' : 'Running';
  }

  /** The container of that name; the only one when no name is given. */
  container(name?: string): SimulatedContainer {
    const found = name === undefined ? this.containers[0] : this.containers.find((container) => container.name === name);
    if (found === undefined) throw new Error(`pod ${this.name} has no container ${name}`);
    return found;
  }

  /** Starts every container, init containers first and at once completed. */
  run(at: number = this.#now()): this {
    for (const container of this.containers) {
      container.start({ at });
      if (container.spec.role === 'init') container.exit({ exitCode: 0, at });
    }
    return this;
  }

  /** The kubelet evicts the pod: containers end with 137, the pod stays as Failed/Evicted. */
  evict(message = 'The node was low on resource: memory.', at: number = this.#now()): this {
    for (const container of this.containers) if (container.phase === 'running') container.exit({ exitCode: 137, at });
    this.#ended = { phase: 'Failed', reason: 'Evicted', message };
    this.#changed(at);
    return this;
  }

  /** The scheduler finds no node. */
  unschedulable(message: string, at: number = this.#now()): this {
    this.setCondition('PodScheduled', 'False', { reason: 'Unschedulable', message, at });
    return this;
  }

  /** Sets the deletion timestamp, as for a pod that is still shutting down. */
  markDeleted(at: number = this.#now()): this {
    this.#deletedAt = at;
    this.#changed(at);
    return this;
  }

  setCondition(
    type: string,
    status: Condition['status'],
    options: { readonly reason?: string; readonly message?: string; readonly at?: number } = {},
  ): this {
    const old = this.#conditions.get(type);
    const since = old?.status === status ? old.since : (options.at ?? this.#now());
    this.#conditions.set(type, { type, status, reason: options.reason ?? '', message: options.message ?? '', since });
    this.#revision = this.#nextRevision();
    return this;
  }

  #changed(at: number): void {
    const app = this.containers.filter((container) => container.spec.role !== 'init');
    const init = this.containers.filter((container) => container.spec.role === 'init');
    const unready = app.filter((container) => !container.ready).map((container) => container.name);
    const initialized = init.every((container) => container.current?.ended?.exitCode === 0);
    const finished = this.phase === 'Succeeded';
    const ready = unready.length === 0 && initialized && this.#ended === null;
    const why = finished ? 'PodCompleted' : ready ? '' : 'ContainersNotReady';
    const message = ready || finished ? '' : `containers with unready status: [${unready.join(' ')}]`;
    if (this.spec.node !== '') this.setCondition('PodScheduled', 'True', { at: this.spec.createdAt });
    this.setCondition('Initialized', initialized ? 'True' : 'False', {
      reason: initialized ? '' : 'ContainersNotInitialized',
      at,
    });
    this.setCondition('Ready', ready ? 'True' : 'False', { reason: why, message, at });
    this.setCondition('ContainersReady', ready ? 'True' : 'False', { reason: why, message, at });
  }
}
