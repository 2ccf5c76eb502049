import { MINUTE } from '../../base/duration.ts';
import { EVERYTHING, type Matcher } from '../../core/model/matcher.ts';
import type { Selection } from '../../core/model/selector.ts';
import type { Window } from '../../core/model/window/window.ts';
import type { WorkloadKey } from '../../core/model/workload.ts';
import { spansOf } from '../charts/cycle-axis.ts';
import { columnAt, type DayAxis, dayAxis, spread } from '../charts/day-axis.ts';

/** Columns of one number; `null` where nothing is known. */
export type Column = readonly (number | null)[];

/** How much of one resource the worst container used, cores or bytes. */
export interface UsageColumns {
  readonly used: Column;
  readonly limit: Column;
}

/** A workload's day, column by column. */
export interface DayFacts {
  readonly axis: DayAxis;
  /** Records of these levels and worse: error, warning, info, trace; the last counts all, also those without a level. */
  readonly lines: readonly (readonly number[])[];
  /** Whether some of the log was not read, or not looked at. */
  readonly linesUnseen: readonly boolean[];
  /** Errors among the records; `null` where there are none. */
  readonly errorRatio: Column;
  readonly cpu: UsageColumns;
  readonly memory: UsageColumns;
  readonly restarts: readonly number[];
  /** Whether the workload's pods were not listed. */
  readonly podsUnseen: readonly boolean[];
}

interface DayInput {
  readonly window: Window;
  readonly key: WorkloadKey;
  readonly containers: readonly string[];
  /** One cell for each scheduled cycle: what the strip of the status page shows. */
  readonly cells: readonly ('ok' | 'failing' | 'unknown')[];
  readonly now: number;
}

export function dayFacts(input: DayInput): DayFacts {
  const { window, key, containers, cells, now } = input;
  const times = window.scheduled.map(({ at }) => at);
  const looks = containers.flatMap((name) => window.firstLook(key, name) ?? []).map((minute) => minute * MINUTE);
  const axis = dayAxis(Math.min(times[0] ?? now, ...looks), now);
  const lines = COUNTED.map((matcher) => countColumns(input, axis, matcher));
  const [errors = [], all = []] = [lines[0], lines.at(-1)];
  const spans = spansOf(times, now).map(([from, to], i) => ({ from, to, value: cells[i] ?? 'unknown' }));
  return {
    axis,
    lines,
    linesUnseen: all.map((_, column) => isUnseen(input, minutesOf(axis, column))),
    errorRatio: all.map((count, column) => (count === 0 ? null : (errors[column] ?? 0) / count)),
    cpu: usageColumns(input, axis, 'cpu'),
    memory: usageColumns(input, axis, 'memory'),
    restarts: restartColumns(input, axis),
    podsUnseen: spread(axis, spans).map((cell) => cell === null || cell === 'unknown'),
  };
}

const COUNTED: readonly Matcher[] = [
  { kind: 'level', atLeast: 5 },
  { kind: 'level', atLeast: 4 },
  { kind: 'level', atLeast: 3 },
  { kind: 'level', atLeast: 1 },
  EVERYTHING,
];
const EVERY_POD: Selection = { match: [], except: [] };

/** Minutes since the epoch. */
interface Minutes {
  readonly from: number;
  readonly to: number;
}

function minutesOf({ from, to, step }: DayAxis, column: number): Minutes {
  const start = from + column * step;
  return { from: start / MINUTE, to: Math.min(start + step, Math.ceil(to / MINUTE) * MINUTE) / MINUTE };
}

function countColumns({ window, key, containers }: DayInput, axis: DayAxis, matcher: Matcher): readonly number[] {
  const counts = containers.flatMap((name) => window.counts(key, name, matcher, EVERY_POD) ?? []);
  return Array.from({ length: axis.columns }, (_, column) => {
    const { from, to } = minutesOf(axis, column);
    return counts.reduce((sum, each) => sum + each.between(from, to), 0);
  });
}

/** A container that came later was not there to be looked at: then the others decide. */
function isUnseen({ window, key, containers }: DayInput, minutes: Minutes): boolean {
  let isSeen = false;
  for (const name of containers) {
    if (window.isSeen(key, name, minutes)) isSeen = true;
    else if (hasGap(window, key, { name, minutes })) return true;
  }
  return !isSeen;
}

function hasGap(
  window: Window,
  key: WorkloadKey,
  { name, minutes }: { readonly name: string; readonly minutes: Minutes },
): boolean {
  for (let minute = minutes.from; minute < minutes.to; minute++) if (window.coverage(key, name, minute) === 'gap') return true;
  return false;
}

function usageColumns({ window, key, now }: DayInput, axis: DayAxis, resource: 'cpu' | 'memory'): UsageColumns {
  const points = window.usageHistory(key);
  const spans = spansOf(
    points.map(({ at }) => at),
    now,
  );
  const column = (value: (point: (typeof points)[number]) => number | null) =>
    spread(
      axis,
      points.map((point, i) => ({ from: spans[i]?.[0] ?? 0, to: spans[i]?.[1] ?? 0, value: value(point) })),
    );
  return { used: column((point) => point[resource]), limit: column((point) => point[`${resource}Limit`]) };
}

function restartColumns({ window, key }: DayInput, axis: DayAxis): readonly number[] {
  const found = new Array<number>(axis.columns).fill(0);
  for (const { at, count, podCreatedAt } of window.restarts(key, axis.from, axis.to)) {
    if (podCreatedAt !== null && podCreatedAt < axis.from) continue;
    const column = Math.min(axis.columns - 1, Math.floor(columnAt(axis, at)));
    found[column] = (found[column] ?? 0) + count;
  }
  return found;
}
