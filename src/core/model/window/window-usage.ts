import type { Usage } from '../cycle.ts';
import type { PodState, Resources } from '../pod.ts';
import type { WorkloadKey } from '../workload.ts';
import { CycleSeries } from './cycle-series.ts';
import { FallenFrom } from './fallen-from.ts';
import type { StateSample, Window } from './window.ts';

type UsagePoint = ReturnType<Window['usageHistory']>[number];

/** By what a container's usage is found in a sample, and its series here. */
interface Names {
  readonly inSample: string;
  readonly series: string;
}

/** A pod of a workload at one moment. */
interface PodUse {
  readonly key: WorkloadKey;
  readonly pod: PodState;
  readonly sample: StateSample;
  readonly worst: WorstUse;
}

/** One usage point per cycle of each workload, which is drawn, and of each container instance, which is judged. */
export class WindowUsage {
  /** CPU, memory, CPU limit, memory limit. */
  readonly #workloads = new CycleSeries(4);
  /** CPU and memory, by `POD UID/CONTAINER`. */
  readonly #containers = new CycleSeries(2);
  /** The instance whose series it is: a restart begins a new one. */
  readonly #instances = new Map<string, string>();
  readonly #fallen = { cpu: new FallenFrom(), memory: new FallenFrom() };
  /** Of a pod's containers: a pod that has not changed is the same object sample after sample. */
  readonly #names = new WeakMap<PodState, readonly Names[]>();

  /** Step by step. */
  *add(sample: StateSample): Generator<void, void, undefined> {
    this.#workloads.begin(sample.at);
    this.#containers.begin(sample.at);
    if (sample.usage.size === 0) return;
    for (const [key, pods] of sample.byWorkload) {
      const worst = new WorstUse();
      for (const pod of pods) yield this.#addContainers({ key, pod, sample, worst });
      if (worst.isKnown) this.#workloads.put(key, worst.point);
    }
  }

  history(key: WorkloadKey): readonly UsagePoint[] {
    return this.#workloads.read(key, (at, value) => ({
      at,
      cpu: value(0),
      memory: value(1),
      cpuLimit: value(2),
      memoryLimit: value(3),
    }));
  }

  /** What one container has used since it was started, oldest first; cycles without a sample are left out. */
  trend(uid: string, container: string, resource: 'cpu' | 'memory'): ReturnType<Window['usageTrend']> {
    return this.#containers.column(`${uid}/${container}`, resource === 'cpu' ? 0 : 1);
  }

  fallenFrom(key: WorkloadKey, container: string, resource: 'cpu' | 'memory'): number | null {
    return this.#fallen[resource].level(key, container);
  }

  #addContainers({ key, pod, sample: { at, usage }, worst }: PodUse): void {
    const names = this.#namesOf(pod);
    for (let index = 0; index < names.length; index++) {
      const [own, state] = [names[index], pod.containers[index]];
      const used = own === undefined ? undefined : usage.get(own.inSample);
      if (own === undefined || state === undefined || used === undefined) continue;
      const { name, containerID: instance, limits } = state;
      worst.add(used, limits);
      const container = own.series;
      if (this.#instances.get(container) !== instance) {
        this.#containers.restart(container);
        this.#instances.set(container, instance);
      }
      this.#containers.put(container, [used.cpu, used.memory]);
      const whose = { container, instance, key, name, at };
      this.#fallen.cpu.add(whose, used.cpu);
      this.#fallen.memory.add(whose, used.memory);
    }
  }

  #namesOf(pod: PodState): readonly Names[] {
    let names = this.#names.get(pod);
    if (names === undefined) {
      names = pod.containers.map(({ name }) => ({
        inSample: `${pod.namespace}/${pod.name}/${name}`,
        series: `${pod.uid}/${name}`,
      }));
      this.#names.set(pod, names);
    }
    return names;
  }

  /** Drops the points of cycles before `before`. */
  expire(before: number): void {
    this.#workloads.expire(before);
    for (const key of this.#containers.expire(before)) this.#instances.delete(key);
    this.#fallen.cpu.expire(before);
    this.#fallen.memory.expire(before);
  }
}

/** Of CPU and memory each the container with the largest share of its limit or, where none has one, the largest use. */
class WorstUse {
  /** CPU, memory, CPU limit, memory limit. */
  readonly point = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  #cpu = -1;
  #memory = -1;

  get isKnown(): boolean {
    return this.#cpu >= 0 || this.#memory >= 0;
  }

  add(used: Usage, limits: Resources): void {
    const [cpu, memory] = [rankOf(used.cpu, limits.cpu), rankOf(used.memory, limits.memory)];
    if (cpu > this.#cpu) {
      this.#cpu = cpu;
      this.point[0] = used.cpu;
      this.point[2] = limits.cpu ?? Number.NaN;
    }
    if (memory > this.#memory) {
      this.#memory = memory;
      this.point[1] = used.memory;
      this.point[3] = limits.memory ?? Number.NaN;
    }
  }
}

/** Any share of a limit stands above any use without one. */
function rankOf(used: number, limit: Resources['cpu']): number {
  return limit !== null && limit > 0 ? 1e18 * (1 + used / limit) : used;
}
