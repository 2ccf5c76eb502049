import type { PodState, Resources } from './pod.ts';
import type { StateSample, Window } from './window.ts';
import type { WorkloadKey } from './workload.ts';

type UsagePoint = ReturnType<Window['usageHistory']>[number];

/** Numbers of one point: cpu, memory, cpu limit, memory limit. */
const WIDTH = 4;

interface Series {
  /** Ordinal of the first point's cycle. */
  start: number;
  /** NaN stands for "not known". Single precision: the points are drawn, not judged. */
  values: Float32Array;
  length: number;
}

/** One usage point per workload and cycle, in typed arrays aligned with the cycles. */
export class WindowUsage {
  readonly #series = new Map<WorkloadKey, Series>();
  #times: number[] = [];
  /** Ordinal of `#times[0]`. */
  #first = 0;

  add(sample: StateSample): void {
    const ordinal = this.#first + this.#times.length;
    this.#times.push(sample.at);
    if (sample.usage.size === 0) return;
    for (const [key, pods] of sample.byWorkload) {
      const point = worstPoint(pods, sample);
      if (point !== null) this.#put(key, ordinal, point);
    }
  }

  history(key: WorkloadKey): readonly UsagePoint[] {
    const series = this.#series.get(key);
    if (series === undefined) return [];
    return this.#times.map((at, index) => {
      const offset = (this.#first + index - series.start) * WIDTH;
      const value = (column: number) => {
        const found = offset < 0 || offset >= series.length * WIDTH ? Number.NaN : (series.values[offset + column] ?? Number.NaN);
        return Number.isNaN(found) ? null : found;
      };
      return { at, cpu: value(0), memory: value(1), cpuLimit: value(2), memoryLimit: value(3) };
    });
  }

  /** Drops the points of cycles before `before`. */
  expire(before: number): void {
    const gone = this.#times.findIndex((at) => at >= before);
    const drop = gone === -1 ? this.#times.length : gone;
    if (drop === 0) return;
    this.#times = this.#times.slice(drop);
    this.#first += drop;
    for (const [key, series] of this.#series) {
      const stale = this.#first - series.start;
      if (stale >= series.length) this.#series.delete(key);
      else if (stale > series.length / 2) {
        series.values = series.values.slice(stale * WIDTH, series.length * WIDTH);
        series.length -= stale;
        series.start = this.#first;
      }
    }
  }

  #put(key: WorkloadKey, ordinal: number, point: readonly number[]): void {
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { start: ordinal, values: new Float32Array(8 * WIDTH).fill(Number.NaN), length: 0 };
      this.#series.set(key, series);
    }
    const index = ordinal - series.start;
    if ((index + 1) * WIDTH > series.values.length) {
      const grown = new Float32Array(Math.max(series.values.length * 2, (index + 1) * WIDTH)).fill(Number.NaN);
      grown.set(series.values);
      series.values = grown;
    }
    series.values.set(point, index * WIDTH);
    series.length = index + 1;
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
