import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { messageOf } from '../../../base/errors.ts';
import type { ContainerMinutes } from '../../../core/model/cycle.ts';
import type { LateCounts } from '../../../core/model/late-counts.ts';
import type { Level } from '../../../core/model/log-line.ts';
import type { Minute } from '../../../core/model/minute.ts';
import { writeDurably } from '../documents/durable-file.ts';
import { seal, unseal } from '../documents/envelope.ts';
import { isMissing } from '../failure.ts';
import { type ContainerRow, ContainerTable, refOfRow } from './container-table.ts';
import { matchedOf, matchedRow, numbersOf } from './matched-row.ts';
import { type PatternsRow, patternsOf, patternsRow, type TemplateRow, TemplateTable } from './pattern-rows.ts';

/** Beside a cycle's facts: counts of rules that came later. */
export const LATE_FILE = 'late.json.zst';
/** Matchers and values kept of one cycle; those that were counted longest ago go first. */
export const MOST_LATE_MATCHERS = 200;
/** What such a file may hold, decompressed. */
const MOST_BYTES = 256 * 1024 * 1024;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Indexes into `counted` and counts, in turns. */
type MinuteRow = readonly [minute: number, ...counts: number[]];

type ValuesRow = readonly [minute: number, values: NonNullable<Minute['values']>];

interface LateFile {
  readonly v: 1;
  readonly counted: readonly string[];
  readonly containers: readonly ContainerRow[];
  readonly minutes: readonly (readonly [container: number, minutes: readonly MinuteRow[]])[];
  /** Left out when there are none. */
  readonly values?: readonly (readonly [container: number, minutes: readonly ValuesRow[]])[];
  /** Left out when none were looked for. */
  readonly patterns?: {
    readonly from: Level;
    readonly below: number;
    readonly templates: readonly TemplateRow[];
    readonly rows: readonly PatternsRow[];
  };
}

/** The late counts of all cycles, each in a file in its cycle's folder, so that it goes with it. */
export class LateFiles {
  readonly #onDamage: (path: string, reason: string) => Promise<void>;
  readonly #sizes = new Map<string, number>();
  #writing: Promise<unknown> = Promise.resolve();

  /** `onDamage` sets a file aside. */
  constructor(onDamage: (path: string, reason: string) => Promise<void>) {
    this.#onDamage = onDamage;
  }

  /** Bytes on disk, as far as they were read or written. */
  get bytes(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** `null` when there are none; a file that cannot be read is set aside, and what it held is counted again. */
  async read(folder: string): Promise<LateCounts | null> {
    const path = join(folder, LATE_FILE);
    try {
      const bytes = await readFile(path);
      // Its envelope proves that `write` wrote it; its version is looked at.
      const file = unseal(await decompress(bytes, { maxOutputLength: MOST_BYTES })) as LateFile;
      if (file.v !== 1) throw new Error('it is not a file of this version of the store');
      this.#sizes.set(folder, bytes.length);
      return decode(file);
    } catch (error) {
      if (!isMissing(error)) await this.#onDamage(path, messageOf(error));
      return null;
    }
  }

  /** Adds to what is kept of a cycle. Rejects when that cannot be written. */
  async add(folder: string, late: LateCounts): Promise<void> {
    const written = this.#write(folder, late);
    this.#writing = written.catch(() => undefined);
    await written;
  }

  /** Resolves when nothing is being written: then folders can be removed. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Forgets the size of a file that was removed with its folder. */
  forget(folder: string): void {
    this.#sizes.delete(folder);
  }

  async #write(folder: string, late: LateCounts): Promise<void> {
    const before = await this.read(folder);
    const bytes = await compress(seal(encode(before === null ? late : joined(before, late))));
    await writeDurably(join(folder, LATE_FILE), bytes);
    this.#sizes.set(folder, bytes.length);
  }
}

/** Counted again replaces what was counted before. */
function joined(before: LateCounts, late: LateCounts): LateCounts {
  const again = new Set(late.counted);
  const counted = [...before.counted.filter((id) => !again.has(id)), ...late.counted].slice(-MOST_LATE_MATCHERS);
  const kept = new Set(counted);
  const patterns = joinedPatterns(before.patterns, late.patterns);
  return {
    counted,
    minutes: [...only(before.minutes, (id) => kept.has(id) && !again.has(id)), ...only(late.minutes, (id) => kept.has(id))],
    ...(patterns === undefined ? {} : { patterns }),
  };
}

/** Levels that were looked for again replace what was found before. */
function joinedPatterns(before: LateCounts['patterns'], late: LateCounts['patterns']): LateCounts['patterns'] {
  if (before === undefined || late === undefined) return late ?? before;
  const kept = before.found.map((each) => ({
    ...each,
    patterns: each.patterns.filter(({ level }) => level < late.from || level >= late.below),
  }));
  const from = Math.min(before.from, late.from) as Level; // one of the two
  return { from, below: Math.max(before.below, late.below), found: [...kept, ...late.found] };
}

function only(minutes: readonly ContainerMinutes[], keeps: (id: string) => boolean): ContainerMinutes[] {
  return minutes.map((each) => ({
    ref: each.ref,
    minutes: each.minutes.map(({ values, ...minute }) => ({
      ...minute,
      matched: Object.fromEntries(Object.entries(minute.matched).filter(([id]) => keeps(id))),
      ...(values === undefined ? {} : { values: Object.fromEntries(Object.entries(values).filter(([id]) => keeps(id))) }),
    })),
  }));
}

function encode({ counted, minutes, patterns }: LateCounts): LateFile {
  const table = new ContainerTable();
  const templates = new TemplateTable();
  const numbers = numbersOf(counted);
  const rows = minutes.map((each) => {
    const own = each.minutes.map(({ minute, matched }): MinuteRow => {
      return [minute, ...(matchedRow(matched, numbers) ?? [])];
    });
    return [table.numberOf(each.ref), own.filter((row) => row.length > 1)] as const;
  });
  const values = minutes.map((each) => {
    const own = each.minutes.flatMap(({ minute, values }): ValuesRow[] => (values === undefined ? [] : [[minute, values]]));
    return [table.numberOf(each.ref), own] as const;
  });
  const found = patterns?.found.map((each) => patternsRow(each, table.numberOf(each.ref), templates)) ?? [];
  return {
    v: 1,
    counted,
    containers: table.rows,
    minutes: rows.filter(([, own]) => own.length > 0),
    values: values.filter(([, own]) => own.length > 0),
    ...(patterns === undefined
      ? {}
      : { patterns: { from: patterns.from, below: patterns.below, templates: templates.rows, rows: found } }),
  };
}

function decode({ counted, containers, minutes, values = [], patterns }: LateFile): LateCounts {
  const refs = containers.map(refOfRow);
  const refAt = (container: number) => {
    const ref = refs[container];
    if (ref === undefined) throw new Error(`it refers to container ${container}, which it does not name`);
    return ref;
  };
  const matched = minutes.map(([container, rows]) => ({
    ref: refAt(container),
    minutes: rows.map(([minute, ...counts]) => ({ minute, counts: [], matched: matchedOf(counts, counted) })),
  }));
  const valued = values.map(([container, rows]) => ({
    ref: refAt(container),
    minutes: rows.map(([minute, own]) => ({ minute, counts: [], matched: {}, values: own })),
  }));
  const late = { counted, minutes: [...matched, ...valued] };
  if (patterns === undefined) return late;
  const { from, below, templates, rows } = patterns;
  return { ...late, patterns: { from, below, found: rows.map((row) => patternsOf(row, refAt(row[0]), templates)) } };
}
