import { LEVELS, type LevelName } from '../model/log-line.ts';
import { stripAnsi } from './ansi.ts';
import { emptyFacts, type Facts, type Format } from './formats/format.ts';
import * as kinds from './formats/kinds.ts';
import { LineShapes, type Shape } from './line-shapes.ts';
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
  readonly #shapes = new LineShapes();

  constructor() {
    this.#byFirst = Array.from({ length: 256 }, (_, byte) => {
      const formats = FORMATS.filter(({ first }) => first === null || first.includes(String.fromCharCode(byte)));
      return { rulers: formats.map(({ isRuledOut = () => false }) => isRuledOut), parsers: formats.map(({ parse }) => parse) };
    });
  }

  /** Fills `facts` from one line without ANSI codes, whose marks are known. */
  read(bytes: Buffer, start: number, end: number, marks: number): void {
    const facts = this.facts;
    facts.mayHaveStatus = (marks & MARK.status) !== 0;
    let first = start;
    while (first < end && isBlank(bytes[first])) first++;
    if (bytes[first] === 0xef && bytes[first + 1] === 0xbb && bytes[first + 2] === 0xbf) first += 3;
    if (first >= end) {
      facts.level = 0;
      facts.status = 0;
      return;
    }
    const shape = this.#shapes.find(bytes, first, end);
    if (shape !== null && this.#readShaped(shape, bytes, first, end)) return;
    this.#readAnew(bytes, first, end, shape === null);
  }

  /** False when the line has to be read anew, because more than its head counts. */
  #readShaped(shape: Shape, bytes: Buffer, first: number, end: number): boolean {
    const facts = this.facts;
    const status = shape.statusBehind(bytes, first + shape.length, end, facts.mayHaveStatus);
    if (status === -1) return false;
    facts.level = shape.level;
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
        if (isSure && facts.head >= (i === 0 ? 0 : first + RULED_OUT_BY)) this.#shapes.add(bytes, first, end, facts);
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
  const classifier = new Classifier();
  classifier.read(bytes, 0, bytes.length, marksIn(bytes, 0, bytes.length));
  const { level, status } = classifier.facts;
  return {
    level: level === 0 ? null : (LEVELS[level] ?? null),
    status: status === 0 ? null : status,
    at: ownTime(bytes.toString('utf8')),
  };
}

function breadth(format: Format): number {
  return format.first?.length ?? 256;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
