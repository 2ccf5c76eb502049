import { atOnce } from '../../base/slices.ts';
import type { ContainerMinutes, Cursor, Cycle } from '../model/cycle.ts';
import type { LineValue, LineValueId } from '../model/line-value.ts';
import type { ContainerRef, Level } from '../model/log-line.ts';
import type { Matcher, MatcherId } from '../model/matcher.ts';
import { BufferPool } from './buffer-pool.ts';
import { Classifier } from './classifier.ts';
import { ContainerSink, type LineTools } from './container-sink.ts';
import type { LineSink } from './line-sink.ts';
import { LiteralScanner } from './literal-scan.ts';
import { MatcherSet } from './matching/matcher-set.ts';
import type { PatternRunner } from './matching/pattern-runner.ts';
import { RECORD_BUFFER_BYTES } from './record.ts';
import type { Redactor } from './redact.ts';
import type { SegmentSink } from './segment.ts';
import type { PatternMiner } from './templates/pattern-miner.ts';
import { TimestampWriter } from './timestamp.ts';
import { ValueReader } from './value-reader.ts';

export interface AnalyzerOptions {
  /** Of all rules; those that the built-in columns answer cost nothing. */
  readonly matchers: readonly Matcher[];
  readonly redactor: Redactor;
  /** Numbers in lines whose distributions rules judge. */
  readonly values?: readonly LineValue[];
  /** Patterns are looked for in records of this level and worse; left out: in none. */
  readonly patterns?: { readonly miner: PatternMiner; readonly level: Level };
  /** Bytes; bounds a record as well. */
  readonly maxLine: number;
  /** `null`: records are only counted. */
  readonly segments: SegmentSink | null;
  /** Where the cycle before ended: of the instances whose newest lines are inside of a private key. */
  readonly cursors?: readonly Cursor[];
  /** Where patterns are tested that would take long; without it, all are tested at once. */
  readonly runner?: PatternRunner;
}

/** Analyses the log lines of one cycle, of all containers, in one pass over their bytes. */
export class Analyzer {
  readonly #sinks = new Map<string, ContainerSink>();
  readonly #tools: LineTools;
  /** What private keys can still hide, by instance. */
  readonly #keyLines = new Map<string, number>();

  constructor({ matchers, values, patterns, redactor, maxLine, segments, cursors, runner }: AnalyzerOptions) {
    this.resumeFrom(cursors ?? []);
    const set = new MatcherSet(matchers, runner);
    const reader = new ValueReader(values ?? []);
    const literals = [...redactor.keywords, ...set.literals, ...reader.literals];
    this.#tools = {
      matchers: set,
      values: reader,
      patterns: patterns ?? null,
      redactor,
      maxLine,
      segments,
      classifier: new Classifier(),
      timestamp: new TimestampWriter(),
      buffers: new BufferPool(RECORD_BUFFER_BYTES),
      scanner: new LiteralScanner(literals, redactor.isNumber),
      apart: new LiteralScanner(literals, redactor.isNumber),
      keywords: redactor.keywords.length,
    };
  }

  /** What `minutes` has whole counts of: all but the matchers with a suspended pattern. */
  get counted(): readonly (MatcherId | LineValueId)[] {
    return [...this.#tools.matchers.counted, ...this.#tools.values.ids];
  }

  /** Log lines so far, before stitching. */
  get linesSeen(): number {
    let lines = 0;
    for (const sink of this.#sinks.values()) lines += sink.linesSeen;
    return lines;
  }

  /** Takes where the lines that come next continue, before the first of them: cursors that another cycle has moved on meanwhile. */
  resumeFrom(cursors: readonly Cursor[]): void {
    for (const { ref, keyLines } of cursors) {
      if (keyLines === undefined) this.#keyLines.delete(keyOf(ref));
      else this.#keyLines.set(keyOf(ref), keyLines);
    }
  }

  /** Where the lines of one container instance go; the same sink for the same instance. */
  sinkFor(ref: ContainerRef): LineSink {
    const key = keyOf(ref);
    const known = this.#sinks.get(key);
    if (known !== undefined) return known;
    const sink = new ContainerSink(ref, this.#tools, this.#keyLines.get(key) ?? 0);
    this.#sinks.set(key, sink);
    return sink;
  }

  /** Where the next cycle goes on: the cursors, with the private keys that are open there. Complete once every sink was flushed. */
  resumeAt(cursors: readonly Cursor[]): readonly Cursor[] {
    const open = new Map(this.#keyLines);
    for (const [key, sink] of this.#sinks) {
      if (sink.keyLines > 0) open.set(key, sink.keyLines);
      else open.delete(key);
    }
    // Nearly always: thousands of cursors need not be looked up for nothing.
    if (open.size === 0 && this.#keyLines.size === 0) return cursors;
    return cursors.map((cursor) => {
      const key = keyOf(cursor.ref);
      // Of what was not read here the cursor itself knows best.
      if (!this.#sinks.has(key) && !this.#keyLines.has(key)) return cursor;
      const { keyLines: _before, ...rest } = cursor;
      const keyLines = open.get(key);
      return keyLines === undefined ? rest : { ...rest, keyLines };
    });
  }

  /** Resolves when every pattern was tested on the lines so far. */
  settle(): Promise<void> {
    return this.#tools.matchers.settle();
  }

  /** The counts of every container that had lines; complete once every sink was flushed and this has settled. They are handed over: asked again, it tells what came since. */
  minutes(): readonly ContainerMinutes[] {
    return atOnce(this.minutesInSteps());
  }

  /** The same step by step, so that others have their turn between. */
  *minutesInSteps(): Generator<void, readonly ContainerMinutes[], undefined> {
    const found: ContainerMinutes[] = [];
    for (const sink of this.#sinks.values()) {
      const own = sink.minutes();
      if (own.minutes.length > 0) found.push(own);
      yield;
    }
    return found;
  }

  /** The patterns of every container that had some, and the level from which on they were looked for; handed over as the minutes are. */
  patterns(): Pick<Cycle, 'patterns' | 'patternsFrom'> {
    const patterns = [...this.#sinks.values()].map((sink) => sink.patterns()).filter((each) => each !== null);
    const from = this.#tools.patterns?.level;
    return from === undefined ? { patterns } : { patterns, patternsFrom: from };
  }
}

function keyOf(ref: ContainerRef): string {
  return `${ref.uid}/${ref.container}/${ref.containerID}`;
}
