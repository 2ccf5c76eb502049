import { LEVELS, type LevelName } from '../model/log-line.ts';
import { stripAnsi } from './ansi.ts';
import type { Facts, Format } from './formats/format.ts';
import * as kinds from './formats/kinds.ts';
import { Occurrence } from './occurrence.ts';
import { ownTime } from './own-time.ts';

/** The more special first. */
export const FORMATS: readonly Format[] = Object.values<Format>(kinds).toSorted((a, b) => breadth(a) - breadth(b));

/** Reads level and status of lines. Lines of a block that was not changed cost less when they are given in their order. */
export class Classifier {
  /** What the last `read` found. */
  readonly facts: Facts = {
    level: 0,
    status: 0,
    mayHaveStatus: (bytes, start, end) => this.#http.within(bytes, start, end) || this.#status.within(bytes, start, end),
  };
  /** The formats that a line with this first byte can have, in order. */
  readonly #byFirst: readonly (readonly Format[])[];
  readonly #status = new Occurrence('tatus');
  readonly #http = new Occurrence('HTTP');

  constructor() {
    this.#byFirst = Array.from({ length: 256 }, (_, byte) =>
      FORMATS.filter((format) => format.first === null || format.first.includes(String.fromCharCode(byte))),
    );
  }

  /** Fills `facts` from one line without ANSI codes. */
  read(bytes: Buffer, start: number, end: number): void {
    const facts = this.facts;
    let first = start;
    while (first < end && isBlank(bytes[first])) first++;
    if (bytes[first] === 0xef && bytes[first + 1] === 0xbb && bytes[first + 2] === 0xbf) first += 3;
    facts.level = 0;
    facts.status = 0;
    if (first >= end) return;
    for (const format of this.#byFirst[bytes[first] ?? 0] ?? []) if (format.parse(bytes, first, end, facts)) return;
  }
}

/** What stands in one line, judged alone: level, HTTP status, and the line's own time (RFC 3339 in UTC); `null` where it has none. */
export function classify(line: string): { level: LevelName | null; status: number | null; at: string | null } {
  const raw = Buffer.from(line, 'utf8');
  const bytes = stripAnsi(raw, 0, raw.length);
  const classifier = new Classifier();
  classifier.read(bytes, 0, bytes.length);
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
