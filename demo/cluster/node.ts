import { type JsonObject, timeText } from './json.ts';
import type { Condition } from './pod.ts';

export interface NodeSpec {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  /** Kubernetes quantities. */
  readonly cpu: string;
  readonly memory: string;
  readonly address: string;
}

/** One node of the simulated cluster, Ready and without pressure at first. */
export class SimulatedNode {
  readonly spec: NodeSpec;
  readonly #nextRevision: () => number;
  readonly #now: () => number;
  readonly #conditions = new Map<string, Condition>();
  #revision: number;
  #unschedulable = false;
  #usage: { readonly cpu: number; readonly memory: number } = { cpu: 1.2, memory: 6 * 1024 ** 3 };

  constructor(spec: NodeSpec, context: { readonly now: () => number; readonly nextRevision: () => number }) {
    this.spec = spec;
    this.#now = context.now;
    this.#nextRevision = context.nextRevision;
    this.#revision = context.nextRevision();
    for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure']) {
      this.setCondition(type, 'False', `KubeletHasNo${type}`, spec.createdAt);
    }
    this.setCondition('Ready', 'True', 'KubeletReady', spec.createdAt);
  }

  get name(): string {
    return this.spec.name;
  }
  get revision(): number {
    return this.#revision;
  }
  /** CPU in cores, memory in bytes. */
  get usage(): { readonly cpu: number; readonly memory: number } {
    return this.#usage;
  }

  setCondition(type: string, status: Condition['status'], reason: string, at: number = this.#now()): this {
    this.#conditions.set(type, { type, status, reason, message: `${reason} as simulated`, since: at });
    this.#revision = this.#nextRevision();
    return this;
  }

  setReady(status: Condition['status'], at: number = this.#now()): this {
    return this.setCondition('Ready', status, status === 'True' ? 'KubeletReady' : 'NodeStatusUnknown', at);
  }

  cordon(unschedulable = true): this {
    this.#unschedulable = unschedulable;
    this.#revision = this.#nextRevision();
    return this;
  }

  setUsage(usage: { readonly cpu: number; readonly memory: number }): this {
    this.#usage = usage;
    return this;
  }

  /** The node as the API serves it. */
  json(): JsonObject {
    const { spec } = this;
    const size = { cpu: spec.cpu, memory: spec.memory, pods: '110', 'ephemeral-storage': '98831908Ki' };
    return {
      metadata: {
        name: spec.name,
        uid: spec.uid,
        resourceVersion: String(this.#revision),
        creationTimestamp: timeText(spec.createdAt),
        labels: { 'kubernetes.io/hostname': spec.name, 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux' },
      },
      spec: { podCIDR: '10.244.0.0/24', ...(this.#unschedulable && { unschedulable: true }) },
      status: {
        capacity: size,
        allocatable: size,
        conditions: [...this.#conditions.values()].map((condition) => ({
          type: condition.type,
          status: condition.status,
          lastHeartbeatTime: timeText(this.#now()),
          lastTransitionTime: timeText(condition.since),
          reason: condition.reason,
          message: condition.message,
        })),
        addresses: [
          { type: 'InternalIP', address: spec.address },
          { type: 'Hostname', address: spec.name },
        ],
        nodeInfo: { kubeletVersion: 'v1.34.1', containerRuntimeVersion: 'containerd://2.1.4', operatingSystem: 'linux' },
        images: Array.from({ length: 12 }, (_, index) => ({
          names: [`registry.example.com/shop/service-${index}:1.4.${index}`],
          sizeBytes: 41_000_000 + index * 731,
        })),
      },
    };
  }
}
