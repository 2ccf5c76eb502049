import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cursor, Cycle, CycleSummary } from '../../../core/model/cycle.ts';
import type { MatcherId } from '../../../core/model/matcher.ts';
import type { Minute } from '../../../core/model/minute.ts';
import type { FrameFile, FrameWriter } from '../frames/frame-writer.ts';
import { type ContainerRow, ContainerTable } from './container-table.ts';
import { type MatchedRow, matchedRow, numbersOf } from './matched-row.ts';
import { type PatternsRow, patternsRow, type TemplateRow, TemplateTable } from './pattern-rows.ts';

/** Items that are turned into JSON at a time, at most: at 5,000 pods a whole section would hold up the event loop for 100 ms. */
const BATCH = 128;
/** Where items decide themselves where a line ends, so many stand in one on average. */
const ANCHORED_BATCH = 16;
const FRAME_BYTES = 256 * 1024;

type Facts = Omit<Cycle, keyof CycleSummary>;
export type CursorRow = readonly [
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
  rate?: number,
  paceAt?: number,
  tailHash?: string,
  tailCount?: number,
];
/** The matchers' counts only where there are any: by id where `rest` does not name them all, as cycles of before had them. */
type MinuteRow = readonly [
  minute: number,
  counts: readonly number[],
  matched?: MatchedRow | Minute['matched'],
  values?: Minute['values'],
];
type MinutesRow = readonly [container: number, minutes: readonly MinuteRow[]];

/** One line of the file. `rest` comes first and `containers` before what refers to them. */
export interface Sections {
  readonly rest: Pick<Facts, 'namespaces' | 'podsComplete' | 'usageSource' | 'patternsFrom'> & {
    readonly v: 1;
    /** Left out where objects were not listed. */
    readonly unread?: NonNullable<Facts['objects']>['unread'];
    readonly self?: NonNullable<Facts['self']>;
    readonly counted?: readonly MatcherId[] | null;
    /** Left out where no probe is set up. */
    readonly targets?: NonNullable<Facts['probes']>['targets'];
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
  readonly probes: NonNullable<Facts['probes']>['minutes'][number];
  readonly eventCounts: readonly [uid: string, count: number];
}
export type Section = keyof Sections;

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

function* encode(cycle: Cycle): Generator<string> {
  const { namespaces, podsComplete, usageSource, patternsFrom, objects, self, counted, probes } = cycle;
  const unread = objects === undefined ? {} : { unread: objects.unread };
  const targets = probes === undefined ? {} : { targets: probes.targets };
  const rest = {
    v: 1,
    namespaces,
    podsComplete,
    usageSource,
    patternsFrom,
    ...unread,
    self,
    counted: counted ?? null,
    ...targets,
  };
  yield line('rest', [rest]);
  const table = new ContainerTable();
  for (const { ref } of cycle.cursors) table.numberOf(ref);
  for (const { ref } of cycle.minutes) table.numberOf(ref);
  for (const { ref } of cycle.patterns) table.numberOf(ref);
  yield* anchored('containers', table.rows, ([, , , , uid]) => uid);
  yield* anchored('states', cycle.states, ({ uid }) => uid);
  yield* lines('departed', cycle.departed ?? []);
  yield* lines('nodes', cycle.nodes);
  yield* lines('objects', objects?.items ?? []);
  yield* lines('usage', cycle.usage);
  yield* lines('events', cycle.events);
  yield* lines('restarts', cycle.restarts);
  yield* lines('terminations', cycle.terminations);
  const numbers = numbersOf(counted ?? []);
  yield* lines('minutes', cycle.minutes, (each) => [
    table.numberOf(each.ref),
    each.minutes.map((minute) => minuteRow(minute, numbers)),
  ]);
  const templates = new TemplateTable();
  const patterns = cycle.patterns.map((each) => patternsRow(each, table.numberOf(each.ref), templates));
  yield* lines('templates', templates.rows);
  yield* lines('patterns', patterns);
  yield* lines('cursors', cycle.cursors, (cursor) => cursorRow(cursor, table.numberOf(cursor.ref)));
  yield* lines('probes', probes?.minutes ?? []);
  yield* lines('eventCounts', Object.entries(cycle.eventCounts));
}

function* lines<S extends Section, T = Sections[S]>(
  section: S,
  items: Iterable<T>,
  row?: (item: T) => Sections[S],
): Generator<string> {
  let batch: (T | Sections[S])[] = [];
  for (const item of items) {
    batch.push(row === undefined ? item : row(item));
    if (batch.length < BATCH) continue;
    yield line(section, batch);
    batch = [];
  }
  if (batch.length > 0) yield line(section, batch);
}

/** Lines that end where their items say: what comes or goes leaves the other lines as they were in the cycle before, and a reader knows them. */
function* anchored<S extends Section>(
  section: S,
  items: readonly Sections[S][],
  nameOf: (item: Sections[S]) => string,
): Generator<string> {
  let batch: Sections[S][] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH && !isAnchor(nameOf(item))) continue;
    yield line(section, batch);
    batch = [];
  }
  if (batch.length > 0) yield line(section, batch);
}

function isAnchor(name: string): boolean {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
  return ((hash ^ (hash >>> 15)) & (ANCHORED_BATCH - 1)) === 0;
}

function line(section: Section, items: readonly unknown[]): string {
  return `${JSON.stringify([section, items])}\n`;
}

function minuteRow({ minute, counts, matched, values }: Minute, numbers: ReadonlyMap<MatcherId, number>): MinuteRow {
  const row = matchedRow(matched, numbers) ?? matched;
  if (values !== undefined) return [minute, counts, row, values];
  for (const _ in matched) return [minute, counts, row];
  return [minute, counts];
}

function cursorRow(cursor: Cursor, container: number): CursorRow {
  const { since, count, chain, first, lastAt, drained, missing, restarts, keyLines, pace, tail } = cursor;
  const row = [container, since, count, chain, first, lastAt, drained ? 1 : 0, missing, restarts ?? null, keyLines ?? 0] as const;
  if (tail !== undefined) return [...row, pace?.rate ?? 0, pace?.at ?? 0, tail.hash, tail.count];
  return pace === undefined ? row : [...row, pace.rate, pace.at];
}

/** The last columns of a cursor. */
function paceOf(row: CursorRow): Pick<Cursor, 'pace' | 'tail'> {
  const [, , , , , , , , , , rate = 0, at = 0, hash, count = 0] = row;
  return { ...(rate === 0 ? {} : { pace: { rate, at } }), ...(hash === undefined ? {} : { tail: { hash, count } }) };
}

/** What `cursorRow` wrote. */
export function cursorOf(row: CursorRow, ref: Cursor['ref']): Cursor {
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
    ...paceOf(row),
  };
}
