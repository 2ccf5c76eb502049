import type { Cycle } from '../cycle.ts';
import type { LatePatterns } from '../late-counts.ts';
import type { LineValue } from '../line-value.ts';
import type { ContainerRef, Level } from '../log-line.ts';
import type { PodState } from '../pod.ts';
import { needsPods, type Selection, selectionText, selects } from '../selector.ts';
import type { WorkloadKey } from '../workload.ts';
import type { PatternHistory } from './window.ts';
import { WindowPatterns } from './window-patterns.ts';
import { type KeptValues, type ValueCounter, WindowValues } from './window-values.ts';

export interface FindingsOptions {
  /** Every number whose distribution a rule judges. */
  readonly values?: readonly ValueCounter[];
  /** Selections of rules that judge patterns. */
  readonly patterns?: readonly Selection[];
  /** The level from which on they judge patterns: those of earlier cycles are then looked for in what is stored. */
  readonly patternsFrom?: Level;
}

/** What cycles found in lines beside their counts: numbers and patterns. */
export class WindowFindings {
  readonly #values: WindowValues;
  readonly #patterns = new WindowPatterns();
  /** Those of selections that look at single pods. */
  readonly #podPatterns: ReadonlyMap<string, { readonly selection: Selection; readonly patterns: WindowPatterns }>;
  readonly #ids = new WeakMap<Selection, string>();

  constructor({ values, patterns }: FindingsOptions) {
    this.#values = new WindowValues(values ?? []);
    const perPod = patterns?.filter(needsPods) ?? [];
    this.#podPatterns = new Map(
      perPod.map((selection) => [this.#idOf(selection), { selection, patterns: new WindowPatterns() }]),
    );
  }

  /** The values that collecting has to count. */
  get counted(): readonly LineValue[] {
    return this.#values.counted;
  }

  /** All but the values. `podOf` is a container instance's pod as it was. */
  add(cycle: Cycle, podOf: (ref: ContainerRef) => PodState): void {
    this.#values.add(cycle);
    this.#patterns.add(cycle, () => true);
    for (const { selection, patterns } of this.#podPatterns.values())
      patterns.add(cycle, (ref) => selects(selection, podOf(ref), { name: ref.container, image: ref.image }));
  }

  /** Folds in the values of containers' minutes, one by one: those of `only`, or all. */
  valuesAdder(...args: Parameters<WindowValues['adder']>): ReturnType<WindowValues['adder']> {
    return this.#values.adder(...args);
  }

  /** Folds in a cycle's patterns that were looked for later. */
  addLatePatterns(cycle: string, late: LatePatterns, podOf: (ref: ContainerRef) => PodState): void {
    this.#patterns.addLate(cycle, late, () => true);
    for (const { selection, patterns } of this.#podPatterns.values())
      patterns.addLate(cycle, late, (ref) => selects(selection, podOf(ref), { name: ref.container, image: ref.image }));
  }

  /** Whether patterns of a selection that looks at single pods are kept apart. */
  get looksAtPods(): boolean {
    return this.#podPatterns.size > 0;
  }

  values(key: WorkloadKey, container: string, value: LineValue, selection: Selection): KeptValues | null {
    return this.#values.values(key, container, value, selection);
  }

  patterns(key: WorkloadKey, container: string, selection: Selection): PatternHistory | null {
    const patterns = needsPods(selection) ? this.#podPatterns.get(this.#idOf(selection))?.patterns : this.#patterns;
    return patterns?.history(key, container) ?? null;
  }

  forget(key: WorkloadKey): void {
    this.#values.forget(key);
    for (const patterns of this.#every()) patterns.forget(key);
  }

  expire(before: number): void {
    for (const patterns of this.#every()) patterns.expire(before);
  }

  #idOf(selection: Selection): string {
    const id = this.#ids.get(selection) ?? selectionText(selection);
    this.#ids.set(selection, id);
    return id;
  }

  #every(): readonly WindowPatterns[] {
    return [this.#patterns, ...[...this.#podPatterns.values()].map(({ patterns }) => patterns)];
  }
}
