import type { LogLine } from '../../../core/model/log-line.ts';
import type { SegmentPart } from './search-plan.ts';

/** What one found line costs in memory beside its text, roughly. */
const LINE_OVERHEAD = 200;

/** A line that matches, waiting until no earlier one can come. */
export interface FoundLine {
  readonly line: LogLine;
  readonly part: SegmentPart;
  /** The record's place in its segment. */
  readonly start: number;
  readonly end: number;
  /**
   * Where the line sorts: its time, or that of an earlier line of its container if that is later. So a clock that goes back
   * leaves a container's lines in file order.
   */
  readonly second: number;
  readonly nanos: number;
}

/** Found lines by second, so that only few have to be sorted at a time. `direction` is 1 for oldest first, -1 for newest first. */
export class FoundLines {
  readonly #direction: 1 | -1;
  readonly #seconds = new Map<number, FoundLine[]>();
  #bytes = 0;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  /** About how much memory they take. */
  get bytes(): number {
    return this.#bytes;
  }

  add(found: FoundLine): void {
    const lines = this.#seconds.get(found.second);
    if (lines === undefined) this.#seconds.set(found.second, [found]);
    else lines.push(found);
    this.#bytes += LINE_OVERHEAD + found.line.text.length;
  }

  /** Takes out the lines of the seconds that come before `second` in the order of the search, sorted. */
  *takeBefore(second: number): Generator<LogLine> {
    for (const each of this.#inOrder()) {
      if ((each - second) * this.#direction >= 0) return;
      for (const found of sorted(this.#take(each), this.#direction)) yield found.line;
    }
  }

  /** Takes out the lines that would come last, whole seconds of them, until the rest takes at most `most` bytes; the next second always stays. */
  evict(most: number): FoundLine[] {
    const evicted: FoundLine[] = [];
    const [, ...later] = this.#inOrder();
    for (const second of later.reverse()) {
      if (this.#bytes <= most) break;
      for (const found of this.#take(second)) evicted.push(found);
    }
    return evicted;
  }

  #inOrder(): number[] {
    return [...this.#seconds.keys()].sort((a, b) => (a - b) * this.#direction);
  }

  #take(second: number): FoundLine[] {
    const lines = this.#seconds.get(second) ?? [];
    this.#seconds.delete(second);
    for (const { line } of lines) this.#bytes -= LINE_OVERHEAD + line.text.length;
    return lines;
  }
}

function sorted(lines: FoundLine[], direction: 1 | -1): FoundLine[] {
  lines.sort((a, b) => direction * (a.nanos - b.nanos || fileOrder(a, b)));
  keepFileOrder(lines, direction);
  return lines;
}

/** Gives each container's lines, on the places that they have together, the order in which they were written. */
function keepFileOrder(lines: FoundLine[], direction: 1 | -1): void {
  const places = new Map<string, number[]>();
  const disordered = new Set<string>();
  for (const [place, found] of lines.entries()) {
    const own = places.get(found.part.container);
    if (own === undefined) {
      places.set(found.part.container, [place]);
      continue;
    }
    const before = lines[own.at(-1) ?? place];
    if (before !== undefined && fileOrder(before, found) * direction > 0) disordered.add(found.part.container);
    own.push(place);
  }
  for (const container of disordered) {
    const own = places.get(container) ?? [];
    const inOrder = own.flatMap((place) => lines[place] ?? []).sort((a, b) => direction * fileOrder(a, b));
    for (const [index, place] of own.entries()) {
      const found = inOrder[index];
      if (found !== undefined) lines[place] = found;
    }
  }
}

/** By the order of writing. Lines of different containers in one cycle are ordered by their segments. */
function fileOrder(a: FoundLine, b: FoundLine): number {
  if (a.part.cycle !== b.part.cycle) return a.part.cycle < b.part.cycle ? -1 : 1;
  return a.part.segment - b.part.segment || a.start - b.start;
}
