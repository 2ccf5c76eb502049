import { LEVELS, type LevelName } from '../model/log-line.ts';
import { stripAnsi } from './ansi.ts';
import { emptyFacts, type Facts, type Format } from './formats/format.ts';
import * as kinds from './formats/kinds.ts';
import { type LineHeads, lengthOfHead, levelOfHead } from './line-heads.ts';
import { lineScan } from './line-scan.ts';
import type { TextLine } from './line-sink.ts';
import { ownTime } from './own-time.ts';
import { MARK, marksIn } from './scan/line-marks.ts';

/** The more special first. */
export const FORMATS: readonly Format[] = Object.values<Format>(kinds).toSorted((a, b) => breadth(a) - breadth(b));

/** The formats that a line can have: columns, because objects that many formats made differently are slow to ask. */
interface Candidates {
  readonly rulers: readonly NonNullable<Format['isRuledOut']>[];
  readonly parsers: readonly Format['parse'][];
}

/** So many bytes of a line can rule formats out. */
const RULED_OUT_BY = 28;
const NONE: Candidates = { rulers: [], parsers: [] };

/** Reads level and status of lines. */
export class Classifier {
  /** What the last `read` found. */
  readonly facts: Facts = emptyFacts(false);
  /** The formats that a line with this first byte can have, in order. */
  readonly #byFirst: readonly Candidates[];
  readonly #heads: LineHeads | null;

  /** `heads` are what it remembers of lines, and nothing when that is null: then each line is read anew. */
  constructor(heads: LineHeads | null = lineScan().heads) {
    this.#heads = heads;
    this.#byFirst = Array.from({ length: 256 }, (_, byte) => {
      const formats = FORMATS.filter(({ first }) => first === null || first.includes(String.fromCharCode(byte)));
      return { rulers: formats.map(({ isRuledOut = () => false }) => isRuledOut), parsers: formats.map(({ parse }) => parse) };
    });
  }

  /** Fills `facts` from one line without ANSI codes, whose marks are known, and perhaps its head (see TextLine). */
  read(bytes: Buffer, start: number, end: number, { marks, head }: Pick<TextLine, 'marks' | 'head'>): void {
    this.facts.mayHaveStatus = (marks & MARK.status) !== 0;
    const heads = this.#heads;
    if (heads !== null && head > 0 && heads.isCurrent(head)) {
      if (!this.#readHead(heads, head, bytes, start, end)) this.#readAnew(bytes, start, end, false);
      return;
    }
    this.#look(bytes, start, end, head);
  }

  /** Reads a line of whose head nothing is known, or was known before something else was remembered. */
  #look(bytes: Buffer, start: number, end: number, head: number): void {
    const heads = this.#heads;
    const first = firstOf(bytes, start, end);
    if (first >= end) {
      this.facts.level = 0;
      this.facts.status = 0;
      return;
    }
    const isNone = heads === null || (head === 0 && first === start && heads.isCurrent(0));
    const found = isNone ? 0 : heads.find(bytes, first, end);
    if (found > 0 && heads !== null && this.#readHead(heads, found, bytes, first, end)) return;
    this.#readAnew(bytes, first, end, found === 0);
  }

  /** False when the line has to be read anew, because more than its head counts. */
  #readHead(heads: LineHeads, head: number, bytes: Buffer, first: number, end: number): boolean {
    const facts = this.facts;
    const status = heads.statusBehind(head)(bytes, first + lengthOfHead(head), end, facts.mayHaveStatus);
    if (status === -1) return false;
    facts.level = levelOfHead(head);
    facts.status = status;
    return true;
  }

  #readAnew(bytes: Buffer, first: number, end: number, isNew: boolean): void {
    const facts = this.facts;
    facts.level = 0;
    facts.status = 0;
    let isSure = isNew;
    const { rulers, parsers } = this.#byFirst[bytes[first] ?? 0] ?? NONE;
    for (let i = 0; i < parsers.length; i++) {
      if (rulers[i]?.(bytes, first, end) === true) continue;
      facts.head = -1;
      if (parsers[i]?.(bytes, first, end, facts) === true) {
        if (isSure && facts.head >= (i === 0 ? 0 : first + RULED_OUT_BY)) this.#heads?.add(bytes, first, end, facts);
        return;
      }
      isSure = false;
    }
  }
}

/** What stands in one line, judged alone: level, HTTP status, and the line's own time (RFC 3339 in UTC); `null` where it has none. */
export function classify(line: string): { level: LevelName | null; status: number | null; at: string | null } {
  const raw = Buffer.from(line, 'utf8');
  const bytes = stripAnsi(raw, 0, raw.length);
  const classifier = new Classifier(null);
  classifier.read(bytes, 0, bytes.length, { marks: marksIn(bytes, 0, bytes.length), head: -1 });
  const { level, status } = classifier.facts;
  return {
    level: level === 0 ? null : (LEVELS[level] ?? null),
    status: status === 0 ? null : status,
    at: ownTime(bytes.toString('utf8')),
  };
}

/** Behind blanks and a byte order mark. */
function firstOf(bytes: Buffer, start: number, end: number): number {
  let first = start;
  while (first < end && isBlank(bytes[first])) first++;
  return bytes[first] === 0xef && bytes[first + 1] === 0xbb && bytes[first + 2] === 0xbf ? first + 3 : first;
}

function breadth(format: Format): number {
  return format.first?.length ?? 256;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
