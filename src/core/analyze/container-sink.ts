import type { ContainerMinutes } from '../model/cycle.ts';
import type { ContainerRef, Level } from '../model/log-line.ts';
import type { ContainerPatterns } from '../model/pattern.ts';
import { stripAnsi } from './ansi.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { Classifier } from './classifier.ts';
import type { LineSink, TextLine } from './line-sink.ts';
import type { Findings, LiteralScanner } from './literal-scan.ts';
import type { Candidate, EncodedText } from './matching/candidate.ts';
import { LiteralHits } from './matching/literal-hits.ts';
import type { MatcherSet } from './matching/matcher-set.ts';
import { MinuteCounter } from './minute-counter.ts';
import { SEARCHED_BYTES } from './pattern.ts';
import { RecordEncoder } from './record.ts';
import { openedWith, type RedactionState, type Redactor } from './redact.ts';
import { MARK, marksIn, statusMarkIn } from './scan/line-marks.ts';
import type { SegmentSink } from './segment.ts';
import { Stitcher } from './stitch.ts';
import { PatternCounter } from './templates/pattern-counter.ts';
import type { PatternMiner } from './templates/pattern-miner.ts';
import type { TimestampWriter } from './timestamp.ts';
import type { ValueReader } from './value-reader.ts';

/** A segment of at least this many bytes goes on to the store without waiting for the end of the read. */
const SEGMENT_BYTES = 256 * 1024;

/** What all containers of a cycle share. The scanner looks for the redactor's keywords first, then for the literals of matchers, then of values. */
export interface LineTools {
  readonly matchers: MatcherSet;
  readonly values: ValueReader;
  readonly patterns: { readonly miner: PatternMiner; readonly level: Level } | null;
  readonly redactor: Redactor;
  readonly maxLine: number;
  /** `null`: records are only counted. */
  readonly segments: SegmentSink | null;
  readonly classifier: Classifier;
  readonly scanner: LiteralScanner;
  /** Looks for the same in texts that do not stand in the block, so that the scanner keeps what it knows of that. */
  readonly apart: LiteralScanner;
  readonly timestamp: TimestampWriter;
  readonly buffers: BufferPool;
  /** How many of the scanner's literals are the redactor's. */
  readonly keywords: number;
}

/** The open record, as matchers see it. */
interface OpenRecord extends Candidate {
  second: number;
  nanos: number;
  level: Level;
  status: number;
  isOpen: boolean;
  readonly named: LiteralHits['named'];
}

/** Turns the lines of one container instance into records: cleaned, redacted, classified, counted and encoded. */
export class ContainerSink implements LineSink {
  linesSeen = 0;
  readonly #ref: ContainerRef;
  readonly #tools: LineTools;
  /** `null` when nobody needs the text of records. */
  readonly #encoder: RecordEncoder | null;
  readonly #stitcher: Stitcher;
  readonly #counter: MinuteCounter;
  readonly #redaction: RedactionState;
  readonly #record: OpenRecord;
  readonly #hits: LiteralHits;
  readonly #counts: boolean;
  readonly #matched = (index: number): void => this.#counter.countMatched(index);
  readonly #valued = (index: number, value: number): void => this.#counter.countValue(index, value);
  /** Of the record that is finished, once somebody has asked: many patterns may. */
  #text: string | null = null;
  #patterns: PatternCounter | null = null;
  #segmentLines = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #levels = 0;
  #writing: Promise<void>[] = [];

  /** `keyLines` is what the sink of the cycle before ended with. */
  constructor(ref: ContainerRef, tools: LineTools, keyLines: number) {
    this.#ref = ref;
    this.#redaction = openedWith(keyLines);
    this.#tools = tools;
    const needsText =
      tools.segments !== null || tools.matchers.patterns > 0 || tools.values.ids.length > 0 || tools.patterns !== null;
    this.#encoder = needsText ? new RecordEncoder(tools.timestamp, tools.buffers) : null;
    this.#counts = tools.matchers.ids.length > 0;
    this.#stitcher = new Stitcher(tools.maxLine);
    this.#counter = new MinuteCounter(tools.matchers.ids.length);
    this.#hits = new LiteralHits(tools.matchers, tools.values);
    this.#record = {
      second: 0,
      nanos: 0,
      level: 0,
      status: 0,
      isOpen: false,
      hits: this.#hits.parts,
      named: this.#hits.named,
      text: () => (this.#text ??= this.#encoder?.openText(SEARCHED_BYTES) ?? ''),
      ...(this.#encoder === null ? {} : { encoded: new OpenText(this.#encoder) }),
      later: () => {
        const { second } = this.#record;
        return (index) => this.#counter.countMatchedIn(second, index);
      },
    };
  }

  /** How many lines a private key that is open can still hide. */
  get keyLines(): number {
    return this.#redaction.keyLines;
  }

  line(line: TextLine): void {
    this.linesSeen++;
    const clean = line.cut === 0 && (line.marks & MARK.escape) === 0 ? line : cleaned(line);
    const { block, textStart, end } = clean;
    const { redactor } = this.#tools;
    const scanner = clean === line ? this.#tools.scanner : this.#tools.apart;
    const isSuspect =
      this.#redaction.keyLines > 0 || (clean.marks & MARK.control) !== 0 || redactor.isSuspect(block, textStart, end);
    if (!scanner.scan(block, textStart, end) && !isSuspect) this.#take(clean);
    else this.#takeFound(clean, scanner, isSuspect);
  }

  ready(): Promise<void> | undefined {
    const relief = this.#tools.matchers.relief();
    if (this.#writing.length === 0) return relief;
    const waiting = relief === undefined ? this.#writing : [...this.#writing, relief];
    this.#writing = [];
    return Promise.all(waiting).then(() => undefined);
  }

  async flush(): Promise<void> {
    this.#finishRecord();
    this.#writeSegment();
    await this.ready();
  }

  minutes(): ContainerMinutes {
    return { ref: this.#ref, minutes: this.#counter.take(this.#tools.matchers.ids, this.#tools.values.ids) };
  }

  /** `null` when no pattern was counted. */
  patterns(): ContainerPatterns | null {
    const taken = this.#patterns?.take();
    return taken === undefined || (taken.patterns.length === 0 && taken.dropped === 0) ? null : { ref: this.#ref, ...taken };
  }

  /** A line in which something was found, or that may hold a secret without a keyword. */
  #takeFound(line: TextLine, findings: Findings, isSuspect: boolean): void {
    const { redactor, apart, keywords } = this.#tools;
    const isAsked = isSuspect || findings.hasNumber || hasKeyword(findings, keywords);
    const { block, textStart, end, marks } = line;
    const isControlled = (marks & MARK.control) !== 0;
    const redacted = isAsked ? redactor.redactLine(block, textStart, end, this.#redaction, { findings, isControlled }) : null;
    if (redacted === null) {
      this.#take(line);
      this.#hits.note(findings, keywords);
    } else {
      apart.scan(redacted, 0, redacted.length);
      this.#take(withText(line, redacted, statusMarkIn(redacted, 0, redacted.length)));
      this.#hits.note(apart, keywords);
    }
  }

  /** A clean line: it goes on the open record, or begins the next. */
  #take(line: TextLine): void {
    const record = this.#record;
    const { block, textStart, end, second, nanos } = line;
    if (record.isOpen && this.#stitcher.continues(block, textStart, end, second, nanos)) {
      this.#encoder?.addLine(block, textStart, end);
      return;
    }
    if (record.isOpen) this.#finishRecord();
    const { classifier } = this.#tools;
    classifier.read(block, textStart, end, line);
    record.second = second;
    record.nanos = nanos;
    record.level = classifier.facts.level;
    record.status = classifier.facts.status;
    record.isOpen = true;
    this.#encoder?.begin(record, block, textStart, end);
    this.#stitcher.begin(block, textStart, end, record);
  }

  #finishRecord(): void {
    const record = this.#record;
    if (!record.isOpen) return;
    record.isOpen = false;
    this.#text = null;
    this.#counter.count(record.second, record.level, record.status);
    if (this.#counts) this.#tools.matchers.match(record, this.#hits, this.#matched);
    if (this.#encoder === null) return;
    const { patterns, segments, values } = this.#tools;
    if (values.ids.length > 0) values.read(record, this.#valued);
    this.#hits.clear();
    if (patterns !== null && record.level >= patterns.level) this.#countPattern(this.#encoder, patterns.miner);
    if (segments === null) {
      this.#encoder.clear();
      return;
    }
    this.#segmentLines++;
    this.#levels |= 1 << record.level;
    if (record.second < this.#from) this.#from = record.second;
    if (record.second > this.#to) this.#to = record.second;
    if (this.#encoder.length >= SEGMENT_BYTES) this.#writeSegment();
  }

  #countPattern({ bytes, textStart, length }: RecordEncoder, miner: PatternMiner): void {
    this.#patterns ??= new PatternCounter(miner, this.#ref.workload, this.#ref.container);
    this.#patterns.count(bytes, textStart, length - 1, this.#record);
  }

  #writeSegment(): void {
    const { segments } = this.#tools;
    if (this.#segmentLines === 0 || this.#encoder === null || segments === null) return;
    const written = segments.write({
      ref: this.#ref,
      bytes: this.#encoder.encoded(),
      lines: this.#segmentLines,
      from: this.#from,
      to: this.#to,
      levels: this.#levels,
    });
    this.#encoder.clear();
    if (written !== undefined) {
      this.#writing.push(written);
      // Awaited by flush; until then a failure must not count as unhandled.
      written.catch(() => undefined);
    }
    this.#segmentLines = 0;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = Number.NEGATIVE_INFINITY;
    this.#levels = 0;
  }
}

/** The line without ANSI codes, and with a note of what is missing at its end. */
function cleaned(line: TextLine): TextLine {
  const note = line.cut === 0 ? '' : ` [${line.cut} bytes cut]`;
  const text = Buffer.concat([stripAnsi(line.block, line.textStart, line.end), Buffer.from(note)]);
  return withText(line, text, marksIn(text, 0, text.length));
}

function withText({ second, nanos }: TextLine, text: Buffer, marks: number): TextLine {
  return { block: text, textStart: 0, end: text.length, second, nanos, cut: 0, marks, head: -1 };
}

/** The beginning of the open record's text, as far as patterns search. */
class OpenText implements EncodedText {
  readonly #encoder: RecordEncoder;

  constructor(encoder: RecordEncoder) {
    this.#encoder = encoder;
  }

  get bytes(): Buffer {
    return this.#encoder.bytes;
  }

  get start(): number {
    return this.#encoder.textStart;
  }

  get end(): number {
    return Math.min(this.#encoder.length - 1, this.#encoder.textStart + SEARCHED_BYTES);
  }
}

function hasKeyword({ found, count }: Findings, keywords: number): boolean {
  for (let i = 0; i < count; i++) if ((found[i] ?? 0) < keywords) return true;
  return false;
}
