import type { Cycle } from '../cycle.ts';
import { LEVELS, type Level } from '../log-line.ts';

interface Look {
  readonly cycle: string;
  readonly startedAt: number;
  /** Patterns of this level and worse were looked for; `undefined`: none. */
  from: Level | undefined;
}

/** Of which levels each cycle has looked for patterns: at its collection, or later in its stored lines. */
export class PatternLooks {
  /** Oldest first. */
  #looks: Look[] = [];
  /** What was so before the first of them: see {@link PatternLooks.since}, and when the cycle before it began. */
  #before: readonly (number | null)[] = LEVELS.map(() => null);
  #beforeAt = Number.NEGATIVE_INFINITY;
  #since: readonly (number | null)[] | null = null;

  add({ id, startedAt, patternsFrom }: Pick<Cycle, 'id' | 'startedAt' | 'patternsFrom'>): void {
    this.#looks.push({ cycle: id, startedAt, from: patternsFrom });
    this.#since = null;
  }

  /** A cycle's patterns are known from this level on as well; when it began, `null` for an unknown one. */
  lower(cycle: string, from: Level): number | null {
    const look = this.#looks.find((each) => each.cycle === cycle);
    if (look === undefined) return null;
    if (look.from === undefined || from < look.from) look.from = from;
    this.#since = null;
    return look.startedAt;
  }

  /** Since when cycles without a break have looked for patterns of a level; `null` when the newest did not. */
  since(level: Level): number | null {
    this.#since ??= sinceAfter(this.#before, this.#beforeAt, this.#looks);
    return this.#since[level] ?? null;
  }

  expire(before: number): void {
    const first = this.#looks.findIndex(({ startedAt }) => startedAt >= before);
    const gone = this.#looks.slice(0, first === -1 ? this.#looks.length : first);
    if (gone.length === 0) return;
    this.#before = sinceAfter(this.#before, this.#beforeAt, gone);
    this.#beforeAt = gone.at(-1)?.startedAt ?? this.#beforeAt;
    this.#looks = this.#looks.slice(gone.length);
  }
}

function sinceAfter(before: readonly (number | null)[], beforeAt: number, looks: readonly Look[]): readonly (number | null)[] {
  return before.map((known, level) => {
    let [since, previousAt] = [known, beforeAt];
    for (const { startedAt, from } of looks) {
      since = from !== undefined && from <= level ? (since ?? previousAt) : null;
      previousAt = startedAt;
    }
    return since;
  });
}
