import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContainerMinutes, Cursor, Cycle, CycleSummary } from '../../core/model/cycle.ts';
import type { MatcherId } from '../../core/model/matcher.ts';
import { COLUMNS, type Minute } from '../../core/model/minute.ts';
import { type ContainerRow, ContainerTable, refOfRow } from './container-table.ts';
import { type FrameFileEntry, readFrames } from './frame-reader.ts';
import type { FrameFile, FrameWriter } from './frame-writer.ts';
import { type PatternsRow, patternsOf, patternsRow, type TemplateRow, TemplateTable } from './pattern-rows.ts';

/** Items that are turned into JSON at a time: at 5,000 pods a whole section would hold up the event loop for 100 ms. */
const BATCH = 128;
const FRAME_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

type Facts = Omit<Cycle, keyof CycleSummary>;
type CursorRow = readonly [
  container: number,
  since: number | null,
  count: number,
  chain: string,
  first: string,
  lastAt: number | null,
  drained: 0 | 1,
  missing: number,
  restarts?: number | null,
  keyLines?: number,
];
/** Columns that are not 0, as index and count in turns; then the matchers' counts where there are any. */
type MinuteRow = readonly [
  minute: number,
  columns: readonly number[],
  matched?: Readonly<Record<string, number>>,
  values?: Minute['values'],
];
type MinutesRow = readonly [container: number, minutes: readonly MinuteRow[]];

/** One line of the file. `rest` comes first and `containers` before what refers to them. */
interface Sections {
  readonly rest: Pick<Facts, 'namespaces' | 'podsComplete' | 'usageSource' | 'patternsFrom'> & {
    readonly v: 1;
    /** Left out where objects were not listed. */
    readonly unread?: NonNullable<Facts['objects']>['unread'];
    readonly self?: NonNullable<Facts['self']>;
    readonly counted?: readonly MatcherId[] | null;
  };
  readonly containers: ContainerRow;
  readonly states: Facts['states'][number];
  readonly departed: Facts['states'][number];
  readonly nodes: Facts['nodes'][number];
  readonly objects: NonNullable<Facts['objects']>['items'][number];
  readonly usage: Facts['usage'][number];
  readonly events: Facts['events'][number];
  readonly restarts: Facts['restarts'][number];
  readonly terminations: Facts['terminations'][number];
  readonly minutes: MinutesRow;
  readonly templates: TemplateRow;
  readonly patterns: PatternsRow;
  readonly cursors: CursorRow;
  readonly eventCounts: readonly [uid: string, count: number];
}
type Section = keyof Sections;

/** Writes a cycle without its summary and log lines: lines of JSON `[section, items]` in frames. Leaves the event loop room. */
export async function writeFacts(cycle: Cycle, writer: FrameWriter): Promise<FrameFile | null> {
  let parts: Buffer[] = [];
  let length = 0;
  for (const line of encode(cycle)) {
    const bytes = Buffer.from(line, 'utf8');
    parts.push(bytes);
    length += bytes.length;
    if (length < FRAME_BYTES) continue;
    writer.add(Buffer.concat(parts));
    parts = [];
    length = 0;
    await writer.drained(4 * FRAME_BYTES);
    await nextTurn();
  }
  if (length > 0) writer.add(Buffer.concat(parts));
  return writer.finish();
}

/** Reads a cycle. Rejects with an Error that says what is wrong with the file. */
export async function readFacts(path: string, entry: FrameFileEntry, summary: CycleSummary): Promise<Cycle> {
  const decoder = new FactsDecoder();
  for await (const frame of readFrames(path, entry)) {
    for (let start = 0; start < frame.length; ) {
      const end = frame.indexOf(NEWLINE, start);
      if (end === -1) throw new Error('a line of it is cut short');
      decoder.add(frame.toString('utf8', start, end));
      start = end + 1;
    }
    await nextTurn();
  }
  return decoder.finish(summary);
}

function* encode(cycle: Cycle): Generator<string> {
  const { namespaces, podsComplete, usageSource, patternsFrom, objects, self, counted } = cycle;
  const unread = objects === undefined ? {} : { unread: objects.unread };
  const rest = { v: 1, namespaces, podsComplete, usageSource, patternsFrom, ...unread, self, counted: counted ?? null };
  yield line('rest', [rest]);
  const table = new ContainerTable();
  for (const { ref } of cycle.cursors) table.numberOf(ref);
  for (const { ref } of cycle.minutes) table.numberOf(ref);
  for (const { ref } of cycle.patterns) table.numberOf(ref);
  yield* lines('containers', table.rows);
  yield* lines('states', cycle.states);
  yield* lines('departed', cycle.departed ?? []);
  yield* lines('nodes', cycle.nodes);
  yield* lines('objects', objects?.items ?? []);
  yield* lines('usage', cycle.usage);
  yield* lines('events', cycle.events);
  yield* lines('restarts', cycle.restarts);
  yield* lines('terminations', cycle.terminations);
  yield* lines('minutes', cycle.minutes, (each) => [table.numberOf(each.ref), each.minutes.map(minuteRow)]);
  const templates = new TemplateTable();
  const patterns = cycle.patterns.map((each) => patternsRow(each, table.numberOf(each.ref), templates));
  yield* lines('templates', templates.rows);
  yield* lines('patterns', patterns);
  yield* lines('cursors', cycle.cursors, (cursor) => cursorRow(cursor, table.numberOf(cursor.ref)));
  yield* lines('eventCounts', Object.entries(cycle.eventCounts));
}

function* lines<S extends Section, T = Sections[S]>(
  section: S,
  items: readonly T[],
  row?: (item: T) => Sections[S],
): Generator<string> {
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = items.slice(start, start + BATCH);
    yield line(section, row === undefined ? batch : batch.map(row));
  }
}

function line(section: Section, items: readonly unknown[]): string {
  return `${JSON.stringify([section, items])}\n`;
}

function minuteRow(minute: Minute): MinuteRow {
  const columns: number[] = [];
  // By index: 5,000 containers have 700,000 of these numbers, and an iterator would make an array of each.
  for (let index = 0; index < minute.columns.length; index++) {
    const count = minute.columns[index] ?? 0;
    if (count !== 0) columns.push(index, count);
  }
  if (minute.values !== undefined) return [minute.minute, columns, minute.matched, minute.values];
  for (const _ in minute.matched) return [minute.minute, columns, minute.matched];
  return [minute.minute, columns];
}

function cursorRow(cursor: Cursor, container: number): CursorRow {
  const { since, count, chain, first, lastAt, drained, missing, restarts, keyLines } = cursor;
  return [container, since, count, chain, first, lastAt, drained ? 1 : 0, missing, restarts ?? null, keyLines ?? 0];
}

class FactsDecoder {
  readonly #sections: { readonly [S in Section]: Sections[S][] } = {
    rest: [],
    containers: [],
    states: [],
    departed: [],
    nodes: [],
    objects: [],
    usage: [],
    events: [],
    restarts: [],
    terminations: [],
    minutes: [],
    templates: [],
    patterns: [],
    cursors: [],
    eventCounts: [],
  };

  add(text: string): void {
    // What `encode` wrote: the file's checksum is right, and `finish` looks at its version.
    const [section, items] = JSON.parse(text) as [Section, never[]];
    if (!Object.hasOwn(this.#sections, section)) throw new Error('it is not a file of this version of the store');
    this.#sections[section].push(...items);
  }

  finish(summary: CycleSummary): Cycle {
    const { rest, containers, minutes, templates, patterns, cursors, eventCounts, objects, departed, ...plain } = this.#sections;
    const [head] = rest;
    if (head?.v !== 1) throw new Error('it is not a file of this version of the store');
    const refs = containers.map(refOfRow);
    const refAt = (number: number) => {
      const ref = refs[number];
      if (ref === undefined) throw new Error(`it refers to container ${number}, which it does not name`);
      return ref;
    };
    return {
      ...summary,
      namespaces: head.namespaces,
      podsComplete: head.podsComplete,
      usageSource: head.usageSource,
      ...(head.patternsFrom === undefined ? {} : { patternsFrom: head.patternsFrom }),
      ...(head.self === undefined ? {} : { self: head.self }),
      ...(head.unread === undefined ? {} : { objects: { items: objects, unread: head.unread } }),
      // The first version did not write it down: what it found it has counted.
      ...(head.counted === null ? {} : { counted: head.counted ?? foundIn(minutes) }),
      ...plain,
      ...(departed.length === 0 ? {} : { departed }),
      minutes: minutes.map(([container, rows]): ContainerMinutes => ({ ref: refAt(container), minutes: rows.map(minuteOf) })),
      patterns: patterns.map((row) => patternsOf(row, refAt(row[0]), templates)),
      cursors: cursors.map((row) => cursorOf(row, refAt(row[0]))),
      eventCounts: Object.fromEntries(eventCounts),
    };
  }
}

function foundIn(minutes: readonly MinutesRow[]): readonly MatcherId[] {
  return [...new Set(minutes.flatMap(([, rows]) => rows.flatMap(([, , matched]) => Object.keys(matched ?? {}))))];
}

function minuteOf([minute, sparse, matched, values]: MinuteRow): Minute {
  const columns = new Array<number>(COLUMNS).fill(0);
  for (let i = 0; i + 1 < sparse.length; i += 2) columns[sparse[i] ?? 0] = sparse[i + 1] ?? 0;
  return { minute, columns, matched: matched ?? {}, ...(values === undefined ? {} : { values }) };
}

function cursorOf(row: CursorRow, ref: Cursor['ref']): Cursor {
  const [, since, count, chain, first, lastAt, drained, missing, restarts, keyLines = 0] = row;
  return {
    ref,
    since,
    count,
    chain,
    first,
    lastAt,
    drained: drained === 1,
    missing,
    ...(restarts == null ? {} : { restarts }),
    ...(keyLines === 0 ? {} : { keyLines }),
  };
}
