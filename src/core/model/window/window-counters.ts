import type { ContainerRef } from '../log-line.ts';
import { isBuiltIn, type Matcher, matcherId } from '../matcher.ts';
import { COLUMNS, countOf, LEVEL_COLUMN, LINES_COLUMN, type Minute, NO_MATCHES, STATUS_COLUMN } from '../minute.ts';
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
  /** The built-in columns that answer the matcher; `null` where none do. */
  readonly sumOf: readonly number[] | null;
}

/** The further columns that a container's minutes go into. */
export interface ContainerColumns {
  readonly builtIn: readonly Column[];
  readonly matched: readonly Column[];
}

/**
 * Which columns a window's minute tables have: lines, levels and status classes first, then one for each further matcher, and one for each
 * matcher of a selection that looks at single pods, filtered when the minutes are folded in.
 */
export class Counters {
  readonly #columns = new Map<string, Column>();
  readonly #everyPod: ContainerColumns;
  readonly #perPod: readonly Column[];
  /** Chosen for a container of a pod: both are the same objects cycle after cycle while a day of them is read. */
  readonly #chosen = new WeakMap<ContainerRef, { readonly pod: PodState; readonly columns: ContainerColumns }>();
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
        sumOf: isBuiltIn(matcher) ? builtInColumns(matcher) : null,
      });
    }
    const columns = [...this.#columns.values()];
    this.#everyPod = parted(columns.filter((column) => column.selection === null));
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

  /** The further columns that a container's minutes go into, `pod` being what selections see of its pod. */
  columnsOf(pod: PodState, ref: ContainerRef): ContainerColumns {
    if (this.#perPod.length === 0) return this.#everyPod;
    const known = this.#chosen.get(ref);
    if (known?.pod === pod) return known.columns;
    const container = { name: ref.container, image: ref.image };
    const own = parted(this.#perPod.filter(({ selection }) => selection !== null && selects(selection, pod, container)));
    const { builtIn, matched } = this.#everyPod;
    const columns = { builtIn: [...builtIn, ...own.builtIn], matched: [...matched, ...own.matched] };
    this.#chosen.set(ref, { pod, columns });
    return columns;
  }

  /** Which of a container's columns to fill where only these matchers were counted. */
  countedOnly(counted: ReadonlySet<string>): (columns: ContainerColumns) => ContainerColumns {
    if (this.matchers.every((matcher) => counted.has(matcherId(matcher)))) return (columns) => columns;
    return ({ builtIn, matched }) => ({ builtIn, matched: matched.filter(({ id }) => counted.has(id)) });
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
export function addMinutes(table: MinuteTable, minutes: readonly Minute[], { builtIn, matched }: ContainerColumns): void {
  for (const minute of minutes) {
    table.addAll(minute.minute, minute.counts);
    for (const { sumOf, index } of builtIn) {
      let count = 0;
      for (const column of sumOf ?? []) count += countOf(minute, column);
      if (count > 0) table.add(minute.minute, index, count);
    }
    // Nearly no minute has a match.
    if (minute.matched === NO_MATCHES) continue;
    for (const { id, index } of matched) {
      const count = minute.matched[id] ?? 0;
      if (count > 0) table.add(minute.minute, index, count);
    }
  }
}

function parted(columns: readonly Column[]): ContainerColumns {
  return {
    builtIn: columns.filter(({ sumOf }) => sumOf !== null),
    matched: columns.filter(({ sumOf }) => sumOf === null),
  };
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
    case 'not':
      return [];
    default:
      return matcher satisfies never;
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
