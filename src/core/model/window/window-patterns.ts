import { MINUTE } from '../../../base/duration.ts';
import type { Cycle } from '../cycle.ts';
import type { LatePatterns } from '../late-counts.ts';
import { type ContainerPatterns, MOST_PATTERNS, MOST_PATTERNS_PER_CONTAINER, type PatternCounts } from '../pattern.ts';
import { type WorkloadKey, workloadKey } from '../workload.ts';
import { PatternLooks } from './pattern-looks.ts';
import { PatternTable } from './pattern-minutes.ts';
import type { PatternHistory, SeenPattern } from './window.ts';

interface Entry extends SeenPattern {
  template: string;
  firstAt: number;
  lastAt: number;
  readonly counts: PatternTable;
}

interface Known {
  readonly entries: Map<string, Entry>;
  /** The entries as they are asked for, minute after minute; `null` since one came or went. */
  list: readonly Entry[] | null;
  /** Newest moment at which patterns were dropped; what is new can be told only after it. */
  droppedAt: number | null;
}

/** The patterns of each container name of each workload, with their counts per minute. The least recently seen go first where there are too many. */
export class WindowPatterns {
  readonly #known = new Map<WorkloadKey, Map<string, Known>>();
  readonly #looks = new PatternLooks();
  #total = 0;

  /** `takes` tells which containers' patterns count. */
  add(cycle: Cycle, takes: (ref: ContainerPatterns['ref']) => boolean): void {
    this.#looks.add(cycle);
    this.#take(cycle.patterns, cycle.startedAt, takes);
  }

  /** Folds in what was looked for later in the lines of a cycle: the patterns of those levels. */
  addLate(cycle: string, { from, below, found }: LatePatterns, takes: (ref: ContainerPatterns['ref']) => boolean): void {
    const startedAt = this.#looks.lower(cycle, from);
    if (startedAt === null) return;
    const wanted = found.map((each) => ({
      ...each,
      patterns: each.patterns.filter(({ level }) => level >= from && level < below),
    }));
    this.#take(wanted, startedAt, takes);
  }

  #take(found: readonly ContainerPatterns[], startedAt: number, takes: (ref: ContainerPatterns['ref']) => boolean): void {
    for (const { ref, patterns, dropped } of found) {
      if (!takes(ref)) continue;
      const known = this.#of(workloadKey(ref.workload), ref.container);
      for (const each of patterns) this.#see(known, each, startedAt);
      if (dropped > 0) known.droppedAt = Math.max(known.droppedAt ?? startedAt, startedAt);
    }
    if (this.#total > MOST_PATTERNS) this.#makeRoom(startedAt);
  }

  history(key: WorkloadKey, container: string): PatternHistory {
    const known = this.#known.get(key)?.get(container);
    return {
      patterns: known === undefined ? NO_PATTERNS : listOf(known),
      droppedAt: known?.droppedAt ?? null,
      since: (level) => {
        const since = this.#looks.since(level);
        return since === null ? null : Math.max(since, known?.droppedAt ?? since);
      },
    };
  }

  forget(key: WorkloadKey): void {
    for (const { entries } of this.#known.get(key)?.values() ?? []) this.#total -= entries.size;
    this.#known.delete(key);
  }

  expire(before: number): void {
    this.#looks.expire(before);
    for (const containers of this.#known.values()) {
      for (const known of containers.values()) {
        if (known.droppedAt !== null && known.droppedAt < before) known.droppedAt = null;
        for (const [id, entry] of known.entries) {
          entry.counts.expire(Math.floor(before / MINUTE));
          if (entry.lastAt < before) this.#drop(known, id);
        }
      }
    }
  }

  #see(known: Known, { id, level, template, sample, firstAt, lastAt, minutes }: PatternCounts, now: number): void {
    let entry = known.entries.get(id);
    if (entry === undefined) {
      if (known.entries.size >= MOST_PATTERNS_PER_CONTAINER) {
        const [oldest] = [...known.entries.values()].sort((a, b) => a.lastAt - b.lastAt);
        if (oldest !== undefined) this.#drop(known, oldest.id);
        known.droppedAt = Math.max(known.droppedAt ?? now, now);
      }
      entry = { id, level, template, sample, firstAt, lastAt, counts: new PatternTable() };
      known.entries.set(id, entry);
      known.list = null;
      this.#total++;
    }
    entry.template = template;
    entry.firstAt = Math.min(entry.firstAt, firstAt);
    entry.lastAt = Math.max(entry.lastAt, lastAt);
    for (let i = 0; i + 1 < minutes.length; i += 2) entry.counts.add(minutes[i] ?? 0, minutes[i + 1] ?? 0);
  }

  #makeRoom(now: number): void {
    const all = [...this.#known.values()].flatMap((containers) =>
      [...containers.values()].flatMap((known) => [...known.entries.values()].map((entry) => ({ known, entry }))),
    );
    all.sort((a, b) => a.entry.lastAt - b.entry.lastAt);
    for (const { known, entry } of all.slice(0, all.length - MOST_PATTERNS)) {
      this.#drop(known, entry.id);
      known.droppedAt = Math.max(known.droppedAt ?? now, now);
    }
  }

  #drop(known: Known, id: string): void {
    if (known.entries.delete(id)) this.#total--;
    known.list = null;
  }

  #of(key: WorkloadKey, container: string): Known {
    const known = this.#known.get(key)?.get(container);
    if (known !== undefined) return known;
    const containers = this.#known.get(key) ?? new Map<string, Known>();
    const begun: Known = { entries: new Map<string, Entry>(), list: null, droppedAt: null };
    this.#known.set(key, containers.set(container, begun));
    return begun;
  }
}

const NO_PATTERNS: readonly Entry[] = [];

function listOf(known: Known): readonly Entry[] {
  known.list ??= [...known.entries.values()];
  return known.list;
}
