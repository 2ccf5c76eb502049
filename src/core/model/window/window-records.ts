import type { PodState } from '../pod.ts';
import { type Selection, selects } from '../selector.ts';
import { type Workload, type WorkloadKey, workloadKey } from '../workload.ts';

/** Records kept of one workload; the oldest go first. */
const MOST_RECORDS = 2_000;

interface Dated {
  readonly at: number;
}

/** A record with whose it is. */
export interface RecordEntry<T> {
  readonly record: T;
  /** The pod as it was when the record was made; `null` when it was not listed then. */
  readonly pod: PodState | null;
}

/** What happened to workloads, by workload and time: restarts, terminations, events. */
export class WindowRecords<T extends Dated & { readonly container?: string }> {
  readonly #byWorkload = new Map<WorkloadKey, RecordEntry<T>[]>();
  readonly #owners = new Map<WorkloadKey, Workload>();
  /** Of all records, sorted; also of those that went because of their number. */
  readonly #times: number[] = [];

  add(workload: Workload, record: T, pod: PodState | null): void {
    const key = workloadKey(workload);
    this.#times.splice(firstAfter(this.#times, record.at), 0, record.at);
    const entries = this.#byWorkload.get(key);
    if (entries === undefined) {
      this.#byWorkload.set(key, [{ record, pod }]);
      this.#owners.set(key, workload);
      return;
    }
    // Nearly in order: records are dated at their collection or shortly before.
    let index = entries.length;
    while (index > 0 && (entries[index - 1]?.record.at ?? 0) > record.at) index--;
    entries.splice(index, 0, { record, pod });
    if (entries.length > MOST_RECORDS) entries.shift();
  }

  /** Every workload that has records. */
  owners(): readonly Workload[] {
    return [...this.#owners.values()];
  }

  /** Whether any may be dated in (from, to]. */
  happened(from: number, to: number): boolean {
    return (this.#times[firstAfter(this.#times, from)] ?? Number.POSITIVE_INFINITY) <= to;
  }

  /** Dated in (from, to], oldest first. */
  between(key: WorkloadKey, from: number, to: number, selection?: Selection): readonly T[] {
    return this.entries(key, from, to, selection).map(({ record }) => record);
  }

  /** The same, each with its pod. */
  entries(key: WorkloadKey, from: number, to: number, selection?: Selection): readonly RecordEntry<T>[] {
    const entries = this.#byWorkload.get(key);
    if (entries === undefined) return [];
    const found: RecordEntry<T>[] = [];
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index];
      if (entry === undefined || entry.record.at <= from) break;
      if (entry.record.at <= to && (selection === undefined || isSelected(entry, selection))) found.push(entry);
    }
    return found.reverse();
  }

  expire(before: number): void {
    this.#times.splice(0, firstAfter(this.#times, before - 1));
    for (const [key, entries] of this.#byWorkload) {
      const first = entries.findIndex((entry) => entry.record.at >= before);
      if (first === -1) {
        this.#byWorkload.delete(key);
        this.#owners.delete(key);
      }
      if (first > 0) entries.splice(0, first);
    }
  }
}

/** The index of the first time after `time`; nearly always it is asked for at the end. */
function firstAfter(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  if ((times.at(-1) ?? time) <= time) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSelected<T extends { readonly container?: string }>({ record, pod }: RecordEntry<T>, selection: Selection): boolean {
  if (pod === null) return true;
  const name = record.container;
  if (name === undefined) return selects(selection, pod);
  const image = pod.containers.find((container) => container.name === name)?.image ?? '';
  return selects(selection, pod, { name, image });
}
