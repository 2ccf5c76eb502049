import { MINUTE } from '../../../base/duration.ts';
import type { Cycle } from '../cycle.ts';
import { type Distribution, DistributionBuilder, merged } from '../distribution.ts';
import { type LineValue, type LineValueId, lineValueId } from '../line-value.ts';
import type { ContainerRef } from '../log-line.ts';
import type { Minute } from '../minute.ts';
import type { PodState } from '../pod.ts';
import { type Selection, selectionText, selects } from '../selector.ts';
import { type WorkloadKey, workloadKey } from '../workload.ts';
import type { MinuteValues } from './window.ts';

/** A distribution that some rule asks for. */
export interface ValueCounter {
  readonly value: LineValue;
  readonly selection: Selection;
  /** How far back it is asked for, in milliseconds. */
  readonly reach: number;
}

/** Older minutes than a judgement needs are kept for what an alert shows of the time before. */
const SHOWN = 60 * MINUTE;

/** What is kept of a value; whether it is whole, the window knows. */
export type KeptValues = Pick<MinuteValues, 'between'>;

type PodOf = (ref: ContainerRef) => PodState;

interface Series {
  /** Of value and selection together. */
  readonly id: string;
  readonly valueId: LineValueId;
  readonly value: LineValue;
  readonly selection: Selection;
  readonly keep: number;
  readonly byContainer: Map<WorkloadKey, Map<string, Map<number, Distribution>>>;
}

/** Distributions per minute of the numbers that rules judge, no longer than they need them. */
export class WindowValues {
  readonly #series: readonly Series[];
  /** Answers that were given: the same rule asks at every minute for every container. */
  readonly #answers = new WeakMap<Selection, Map<LineValue, Series | undefined>>();

  constructor(counters: readonly ValueCounter[]) {
    const series = new Map<string, Series>();
    for (const { value, selection, reach } of counters) {
      const id = seriesId(value, selection);
      const keep = Math.max(series.get(id)?.keep ?? 0, (reach + SHOWN) / MINUTE);
      series.set(id, { id, valueId: lineValueId(value), value, selection, keep, byContainer: new Map() });
    }
    this.#series = [...series.values()];
  }

  /** Each once. */
  get counted(): readonly LineValue[] {
    return [...new Map(this.#series.map(({ valueId, value }) => [valueId, value])).values()];
  }

  /** Drops what is older than its rules look at. */
  add(cycle: Cycle): void {
    const now = Math.floor(cycle.startedAt / MINUTE);
    for (const { byContainer, keep } of this.#series)
      for (const containers of byContainer.values())
        for (const table of containers.values()) for (const minute of table.keys()) if (minute < now - keep) table.delete(minute);
  }

  /** Folds in containers' minutes, one by one. `only`: the values that are whole; `null`: all. `podOf` is a container instance's pod as it was. */
  adder(podOf: PodOf, only: ReadonlySet<LineValueId> | null): (ref: ContainerRef, minutes: readonly Minute[]) => void {
    const wanted = this.#series.filter(({ valueId }) => only === null || only.has(valueId));
    return (ref, minutes) => {
      if (wanted.length === 0 || !minutes.some(({ values }) => values !== undefined)) return;
      const pod = podOf(ref);
      for (const series of wanted) {
        if (!selects(series.selection, pod, { name: ref.container, image: ref.image })) continue;
        for (const { minute, values } of minutes) {
          const distribution = values?.[series.valueId];
          if (distribution !== undefined)
            put(series, { key: workloadKey(ref.workload), container: ref.container, minute }, distribution);
        }
      }
    };
  }

  /** `null` when nobody asked for it. */
  values(key: WorkloadKey, container: string, value: LineValue, selection: Selection): KeptValues | null {
    const series = this.#seriesOf(value, selection);
    if (series === undefined) return null;
    const table = series.byContainer.get(key)?.get(container);
    return {
      between(from, to) {
        const all = new DistributionBuilder();
        for (let minute = from; table !== undefined && minute < to; minute++) all.addAll(table.get(minute) ?? []);
        return all;
      },
    };
  }

  #seriesOf(value: LineValue, selection: Selection): Series | undefined {
    let answers = this.#answers.get(selection);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(selection, answers);
    }
    if (!answers.has(value)) {
      const id = seriesId(value, selection);
      answers.set(
        value,
        this.#series.find((each) => each.id === id),
      );
    }
    return answers.get(value);
  }

  forget(key: WorkloadKey): void {
    for (const { byContainer } of this.#series) byContainer.delete(key);
  }
}

function seriesId(value: LineValue, selection: Selection): string {
  return `${lineValueId(value)} ${selectionText(selection)}`;
}

function put(
  { byContainer }: Series,
  { key, container, minute }: { readonly key: WorkloadKey; readonly container: string; readonly minute: number },
  distribution: Distribution,
): void {
  const containers = byContainer.get(key) ?? new Map<string, Map<number, Distribution>>();
  const table = containers.get(container) ?? new Map<number, Distribution>();
  byContainer.set(key, containers.set(container, table));
  const known = table.get(minute);
  table.set(minute, known === undefined ? distribution : merged(known, distribution));
}
