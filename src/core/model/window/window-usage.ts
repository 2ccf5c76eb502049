import type { PodState, Resources } from '../pod.ts';
import type { WorkloadKey } from '../workload.ts';
import { CycleSeries } from './cycle-series.ts';
import { FallenFrom } from './fallen-from.ts';
import type { StateSample, Window } from './window.ts';

type UsagePoint = ReturnType<Window['usageHistory']>[number];

/** One usage point per cycle of each workload, which is drawn, and of each container instance, which is judged. */
export class WindowUsage {
  /** CPU, memory, CPU limit, memory limit. */
  readonly #workloads = new CycleSeries(4);
  /** CPU and memory, by `POD UID/CONTAINER`. */
  readonly #containers = new CycleSeries(2);
  /** The instance whose series it is: a restart begins a new one. */
  readonly #instances = new Map<string, string>();
  readonly #fallen = { cpu: new FallenFrom(), memory: new FallenFrom() };

  /** Step by step. */
  *add(sample: StateSample): Generator<void, void, undefined> {
    this.#workloads.begin(sample.at);
    this.#containers.begin(sample.at);
    if (sample.usage.size === 0) return;
    for (const [key, pods] of sample.byWorkload) {
      const point = worstPoint(pods, sample);
      if (point !== null) this.#workloads.put(key, point);
      for (const pod of pods) yield this.#addContainers(key, pod, sample);
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

  #addContainers(key: WorkloadKey, pod: PodState, { at, usage }: StateSample): void {
    for (const { name, containerID: instance } of pod.containers) {
      const used = usage.get(`${pod.namespace}/${pod.name}/${name}`);
      if (used === undefined) continue;
      const container = `${pod.uid}/${name}`;
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

  /** Drops the points of cycles before `before`. */
  expire(before: number): void {
    this.#workloads.expire(before);
    for (const key of this.#containers.expire(before)) this.#instances.delete(key);
    this.#fallen.cpu.expire(before);
    this.#fallen.memory.expire(before);
  }
}

/** Of CPU and memory each the container with the largest share of its limit or, where none has one, the largest use. */
function worstPoint(pods: readonly PodState[], sample: StateSample): readonly number[] | null {
  const point = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  const worst = { cpu: -1, memory: -1 };
  for (const pod of pods) {
    for (const container of pod.containers) {
      const usage = sample.usage.get(`${pod.namespace}/${pod.name}/${container.name}`);
      if (usage === undefined) continue;
      for (const [column, resource] of (['cpu', 'memory'] as const).entries()) {
        const rank = rankOf(usage[resource], container.limits[resource]);
        if (rank <= worst[resource]) continue;
        worst[resource] = rank;
        point[column] = usage[resource];
        point[column + 2] = container.limits[resource] ?? Number.NaN;
      }
    }
  }
  return worst.cpu < 0 && worst.memory < 0 ? null : point;
}

/** Any share of a limit stands above any use without one. */
function rankOf(used: number, limit: Resources['cpu']): number {
  return limit !== null && limit > 0 ? 1e18 * (1 + used / limit) : used;
}
