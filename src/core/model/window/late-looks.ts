import { MINUTE } from '../../../base/duration.ts';
import type { CycleSummary } from '../cycle.ts';
import type { WorkloadKey } from '../workload.ts';
import type { LateMinutes } from './window.ts';

/** Scheduled cycles that are remembered: they are judged soon after they were added. */
const MOST_CYCLES = 3;

/** Which minutes the newest scheduled cycles have made good that none before them could read: nobody has judged them. */
export class LateLooks {
  #cycles: readonly { readonly id: string; readonly late: readonly LateMinutes[] }[] = [];
  /** What has come since the newest scheduled cycle. */
  #open: LateMinutes[] = [];
  /** The minute at which the newest scheduled cycle began: those before it are passed over. */
  #passed: number | null = null;

  /** What was not read from one moment to another has been read now. */
  add(whose: { readonly key: WorkloadKey; readonly container: string }, from: number, to: number): void {
    this.#open.push({ ...whose, from: Math.floor(from / MINUTE), to: Math.ceil(to / MINUTE) });
  }

  /** A scheduled cycle has been added whole. */
  close({ id, startedAt }: Pick<CycleSummary, 'id' | 'startedAt'>): void {
    const passed = this.#passed ?? 0;
    const late = this.#open.map((each) => ({ ...each, to: Math.min(each.to, passed) })).filter(({ from, to }) => from < to);
    this.#open = [];
    this.#cycles = [...this.#cycles.slice(1 - MOST_CYCLES), { id, late }];
    this.#passed = Math.floor(startedAt / MINUTE);
  }

  of(cycle: string): readonly LateMinutes[] {
    return this.#cycles.find(({ id }) => id === cycle)?.late ?? [];
  }
}
