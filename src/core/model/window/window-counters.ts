import { isBuiltIn, type Matcher, matcherId } from '../matcher.ts';
import { COLUMNS, countOf, LEVEL_COLUMN, LINES_COLUMN, type Minute, STATUS_COLUMN } from '../minute.ts';
import type { PodState } from '../pod.ts';
import { needsPods, type Selection, selectionText, selects } from '../selector.ts';
import type { MinuteTable } from './window-minutes.ts';

/** A count that some rule asks for. */
export interface Counter {
  readonly matcher: Matcher;
  readonly selection: Selection;
}

interface Column {
  readonly index: number;
  readonly matcher: Matcher;
  readonly id: string;
  /** `null` when it counts every pod's lines. */
  readonly selection: Selection | null;
}

/**
 * Which columns a window's minute tables have: lines, levels and status classes first, then one for each further matcher, and one for each
 * matcher of a selection that looks at single pods, filtered when the minutes are folded in.
 */
export class Counters {
  readonly #columns = new Map<string, Column>();
  readonly #everyPod: readonly Column[];
  readonly #perPod: readonly Column[];
  readonly #ids = new WeakMap<Selection, string>();
  /** Answers that were given: the same rule asks at every minute for every container. */
  readonly #answers = new WeakMap<Selection, Map<Matcher, readonly number[] | null>>();

  constructor(counters: readonly Counter[]) {
    for (const { matcher, selection } of counters) {
      const key = this.#key(matcher, selection);
      if (key === null || this.#columns.has(key)) continue;
      this.#columns.set(key, {
        index: COLUMNS + this.#columns.size,
        matcher,
        id: matcherId(matcher),
        selection: needsPods(selection) ? selection : null,
      });
    }
    const columns = [...this.#columns.values()];
    this.#everyPod = columns.filter((column) => column.selection === null);
    this.#perPod = columns.filter((column) => column.selection !== null);
  }

  /** The columns whose sum answers the matcher; `null` when nothing counts it. */
  columnsFor(matcher: Matcher, selection: Selection): readonly number[] | null {
    let answers = this.#answers.get(selection);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(selection, answers);
    }
    let columns = answers.get(matcher);
    if (columns === undefined) {
      columns = this.#find(matcher, selection);
      answers.set(matcher, columns);
    }
    return columns;
  }

  #find(matcher: Matcher, selection: Selection): readonly number[] | null {
    const key = this.#key(matcher, selection);
    if (key === null) return builtInColumns(matcher);
    const column = this.#columns.get(key);
    return column === undefined ? null : [column.index];
  }

  /** The matchers that collecting has to count: those without a column of their own. */
  get matchers(): readonly Matcher[] {
    const counted = [...this.#columns.values()].filter(({ matcher }) => !isBuiltIn(matcher));
    return [...new Map(counted.map(({ id, matcher }) => [id, matcher])).values()];
  }

  /** Whether any column is of a selection that looks at single pods. */
  get looksAtPods(): boolean {
    return this.#perPod.length > 0;
  }

  /** The further columns that a container's minutes go into. */
  columnsOf(pod: PodState, container: { readonly name: string; readonly image: string }): readonly Column[] {
    if (this.#perPod.length === 0) return this.#everyPod;
    return [
      ...this.#everyPod,
      ...this.#perPod.filter((column) => column.selection !== null && selects(column.selection, pod, container)),
    ];
  }

  #key(matcher: Matcher, selection: Selection): string | null {
    if (needsPods(selection)) return `${matcherId(matcher)} in ${this.#selectionId(selection)}`;
    return isBuiltIn(matcher) ? null : matcherId(matcher);
  }

  #selectionId(selection: Selection): string {
    let id = this.#ids.get(selection);
    if (id === undefined) {
      id = selectionText(selection);
      this.#ids.set(selection, id);
    }
    return id;
  }
}

/** Adds minutes to a table: the built-in columns, and those of further matchers. */
export function addMinutes(table: MinuteTable, minutes: readonly Minute[], columns: readonly Column[]): void {
  for (const minute of minutes) {
    table.addAll(minute.minute, minute.counts);
    for (const column of columns) {
      const count = countIn(minute, column);
      if (count > 0) table.add(minute.minute, column.index, count);
    }
  }
}

/** One minute's count of a column's matcher. */
function countIn(minute: Minute, column: Pick<Column, 'matcher' | 'id'>): number {
  if (!isBuiltIn(column.matcher)) return minute.matched[column.id] ?? 0;
  let count = 0;
  for (const index of builtInColumns(column.matcher)) count += countOf(minute, index);
  return count;
}

function builtInColumns(matcher: Matcher): readonly number[] {
  switch (matcher.kind) {
    case 'everything':
      return [LINES_COLUMN];
    case 'level':
      return range(LEVEL_COLUMN + matcher.atLeast, STATUS_COLUMN);
    case 'status_class':
      return [STATUS_COLUMN + matcher.class - 1];
    case 'any_status':
      return range(STATUS_COLUMN, COLUMNS);
    case 'status':
    case 'pattern':
    case 'field':
    case 'value':
    case 'any':
    case 'all':
      return [];
    default:
      return matcher satisfies never;
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
