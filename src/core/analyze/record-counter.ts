import type { ContainerMinutes } from '../model/cycle.ts';
import type { LateCounts, LineCounts, PatternLevels, Uncounted } from '../model/late-counts.ts';
import type { ContainerRef } from '../model/log-line.ts';
import type { ContainerPatterns } from '../model/pattern.ts';
import { LiteralScanner } from './literal-scan.ts';
import { LiteralHits } from './matching/literal-hits.ts';
import { MatcherSet } from './matching/matcher-set.ts';
import type { PatternRunner } from './matching/pattern-runner.ts';
import { MinuteCounter } from './minute-counter.ts';
import { SEARCHED_BYTES } from './pattern.ts';
import { decodeRecords, type RecordView, recordText } from './record.ts';
import type { Segment } from './segment.ts';
import { PatternCounter } from './templates/pattern-counter.ts';
import type { PatternMiner } from './templates/pattern-miner.ts';
import { ValueReader } from './value-reader.ts';

/** Who finds the templates of records. */
interface Mining {
  readonly miner: PatternMiner;
  /** Whether collections use it meanwhile: what it drops is theirs to tell. */
  readonly isShared: boolean;
}

interface Counters {
  readonly ref: ContainerRef;
  readonly minutes: MinuteCounter;
  readonly patterns: PatternCounter | null;
}

/** Between two looks at the clock. */
const RECORDS_AT_ONCE = 32;

/** Counts stored records as their collection would have: the same matchers and values, in the same part of the same text. */
export class RecordCounter {
  readonly #matchers: MatcherSet;
  readonly #values: ValueReader;
  readonly #scanner: LiteralScanner;
  readonly #hits: LiteralHits;
  readonly #levels: PatternLevels | null;
  readonly #mining: Mining | null;
  readonly #containers = new Map<string, Counters>();

  /** Patterns that would hold up the caller are tested by the `runner`, where there is one. Without `mining` no templates are looked for. */
  constructor(
    { matchers, values, patterns }: LineCounts & Partial<Uncounted>,
    runner: PatternRunner | null,
    mining: Mining | null = null,
  ) {
    this.#levels = mining === null ? null : (patterns ?? null);
    this.#mining = mining;
    this.#matchers = new MatcherSet(matchers, runner);
    this.#values = new ValueReader(values);
    this.#scanner = new LiteralScanner([...this.#matchers.literals, ...this.#values.literals]);
    this.#hits = new LiteralHits(this.#matchers, this.#values);
  }

  /** Counts a segment's records from byte `start` on, until its end or until `isLate`; returns where the next call goes on. Throws an Error when the bytes are not whole records. */
  count({ ref, bytes }: Pick<Segment, 'ref' | 'bytes'>, start: number, isLate: () => boolean): number {
    const rest = bytes.subarray(start);
    const counters = this.#countersOf(ref);
    let [next, records, late] = [start, 0, false];
    decodeRecords(rest, (record) => {
      if (late) return false;
      this.#countRecord(rest, record, counters);
      next = start + record.end;
      late = ++records % RECORDS_AT_ONCE === 0 && isLate();
      return true;
    });
    return next;
  }

  /** Called between pieces. A promise is back-pressure. */
  relief(): Promise<void> | undefined {
    return this.#matchers.relief();
  }

  /** What was counted, without the matchers that were suspended meanwhile; nothing can be counted after that. */
  async take(): Promise<LateCounts> {
    await this.#matchers.settle();
    const { ids, counted } = this.#matchers;
    const valueIds = this.#values.ids;
    const isCounted = new Set(counted);
    const minutes = [...this.#containers.values()].flatMap(({ ref, minutes: counter }): ContainerMinutes[] => {
      const minutes = counter.take(ids, valueIds).flatMap(({ minute, matched, values }) => {
        const own = Object.entries(matched).filter(([id]) => isCounted.has(id));
        if (own.length === 0 && values === undefined) return [];
        return [{ minute, counts: [], matched: Object.fromEntries(own), ...(values === undefined ? {} : { values }) }];
      });
      return minutes.length === 0 ? [] : [{ ref, minutes }];
    });
    const late = { counted: [...counted, ...valueIds], minutes };
    return this.#levels === null ? late : { ...late, patterns: { ...this.#levels, found: this.#takePatterns() } };
  }

  #takePatterns(): readonly ContainerPatterns[] {
    const isShared = this.#mining?.isShared === true;
    return [...this.#containers.values()].flatMap(({ ref, patterns }): ContainerPatterns[] => {
      if (patterns === null) return [];
      const found = isShared ? patterns.takeOwn() : patterns.take();
      return found.patterns.length === 0 && found.dropped === 0 ? [] : [{ ref, ...found }];
    });
  }

  #countRecord(bytes: Buffer, record: RecordView, { minutes: counter, patterns }: Counters): void {
    const { level, status, textStart, textEnd } = record;
    if (patterns !== null && this.#levels !== null && level >= this.#levels.from && level < this.#levels.below)
      patterns.count(bytes, textStart, textEnd, record);
    if (this.#scanner.scan(bytes, textStart, textEnd)) this.#hits.note(this.#scanner);
    const { parts: hits, named } = this.#hits;
    const end = Math.min(textEnd, textStart + SEARCHED_BYTES);
    const text = () => recordText(bytes, { textStart, textEnd: end });
    const encoded = { bytes, start: textStart, end };
    let isFirst = true;
    const { second } = record;
    const select = () => {
      if (isFirst) counter.count(second, level, status);
      isFirst = false;
    };
    const later = () => (index: number) => counter.countMatchedIn(second, index);
    this.#matchers.match({ level, status, hits, text, encoded, later }, this.#hits, (index) => {
      select();
      counter.countMatched(index);
    });
    if (this.#values.ids.length > 0)
      this.#values.read({ status, text, named }, (index, value) => {
        select();
        counter.countValue(index, value);
      });
    this.#hits.clear();
  }

  #countersOf(ref: ContainerRef): Counters {
    const key = `${ref.uid}/${ref.container}/${ref.containerID}`;
    let entry = this.#containers.get(key);
    if (entry === undefined) {
      const patterns =
        this.#levels === null || this.#mining === null
          ? null
          : new PatternCounter(this.#mining.miner, ref.workload, ref.container);
      entry = { ref, minutes: new MinuteCounter(this.#matchers.ids.length), patterns };
      this.#containers.set(key, entry);
    }
    return entry;
  }
}
