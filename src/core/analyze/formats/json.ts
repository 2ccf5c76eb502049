import type { Level } from '../../model/log-line.ts';
import { levelOfLetter, levelOfSeverity, levelOfWord, NO_WORD } from '../level-word.ts';
import { emptyFacts, type Facts, type Format, noStatusBehind } from './format.ts';
import { indexOfByte } from './head/word.ts';
import { KEY, type KeyKind, keyKind } from './json/key.ts';
import { closingQuote, skipSpace, valueEnd, wholeNumber } from './json/scan.ts';
import { DEEPEST, isPlace, statusIn, statusOf } from './json/status.ts';
import { firstWordOf, mysqlWordOf, wordOf } from './json/word.ts';
import { statusOfMessage } from './request-line.ts';

const QUOTE = 0x22;
const HEAD = Buffer.from('{"level":', 'latin1');
const EMPTY = Buffer.alloc(0);

/** One JSON object a line, with the level in a key of its own: the keys of nested objects are data. */
export const json: Format = {
  name: 'json',
  description:
    'JSON objects: pino, bunyan, zap, logrus, winston, Serilog, ECS, OpenTelemetry, GELF, MongoDB, Kubernetes and others',
  first: '{',
  parse(bytes, start, end, facts) {
    const mayHaveStatus = facts.mayHaveStatus;
    if (!mayHaveStatus && parseHead(bytes, start, end, facts)) return true;
    return parseMembers(bytes, start, end, facts, ofLine);
  },
};

/** The common case: the level is the first member, as a word or as pino's number, and no status can follow. */
function parseHead(bytes: Buffer, start: number, end: number, facts: Facts): boolean {
  const value = start + HEAD.length;
  if (value + 4 >= end) return false;
  for (let i = 2; i < HEAD.length; i++) if (bytes[start + i] !== HEAD[i]) return false;
  let level: Level | typeof NO_WORD = NO_WORD;
  let head = value + 3;
  if (bytes[value] === QUOTE) {
    let last = value + 1;
    while (last < end && bytes[last] !== QUOTE && last - value < 16) last++;
    level = levelOfWord(bytes, value + 1, last);
    head = last + 1;
  } else if (bytes[value + 1] === 0x30 && bytes[value + 2] === 0x2c) {
    const tens = (bytes[value] ?? 0) - 48;
    if (tens >= 1 && tens <= 6) level = tens as Level; // 1 to 6: 10 to 60 of pino and bunyan
  }
  if (level === NO_WORD) return false;
  facts.level = level;
  facts.status = 0;
  facts.head = head;
  facts.anyDigits = bytes[value] === QUOTE;
  facts.statusBehind = noStatusBehind;
  return true;
}

/** Reads the object `bytes[start, end)` into `members`, and what that comes to into `facts`. */
function parseMembers(bytes: Buffer, start: number, end: number, facts: Facts, members: JsonMembers): boolean {
  const { mayHaveStatus } = facts;
  let position = skipSpace(bytes, start + 1, end);
  if (position < end && bytes[position] !== QUOTE && bytes[position] !== 0x7d) return false;
  members.begin(bytes, start, mayHaveStatus);
  while (position < end && bytes[position] === QUOTE) {
    const keyEnd = closingQuote(bytes, position + 1, end);
    if (keyEnd === -1) break;
    const colon = skipSpace(bytes, keyEnd + 1, end);
    if (bytes[colon] !== 0x3a) break;
    const value = skipSpace(bytes, colon + 1, end);
    const kind = keyKind(bytes, position + 1, keyEnd);
    const last = valueEnd(bytes, value, end);
    if (kind !== KEY.other) members.note(kind, value, last === -1 ? end : last);
    if (last === -1) break;
    if (members.word !== 0 && !mayHaveStatus) {
      facts.head = indexOfByte(bytes, 0x5c, value, last) === -1 ? last + 1 : -1; // an escaped colour has digits that count
      facts.anyDigits = true;
      facts.statusBehind = noStatusBehind;
      break;
    }
    position = skipSpace(bytes, last, end);
    if (bytes[position] !== 0x2c) break;
    position = skipSpace(bytes, position + 1, end);
  }
  facts.level = members.level();
  facts.status = members.status();
  return true;
}

/** What the members of one object add up to; used for one object after the other, since there is one in every line. */
class JsonMembers {
  /** From the first level word. */
  word: Level = 0;
  #bytes: Buffer = EMPTY;
  #start = 0;
  #mayHaveStatus = false;
  #number = -1;
  #severityNumber = -1;
  #nested: Level = 0;
  #priority = -1;
  /** From a key that only counts when there is none of a level. */
  #named: Level = 0;
  #status = 0;
  #maybeStatus = 0;
  /** Of the request that an object inside of this one records. */
  #within = 0;
  /** Where the message, which may be a request line, begins and ends. */
  #message = -1;
  #messageEnd = -1;
  /** The newest message, whatever it is. */
  #said = 0;
  #saidEnd = 0;
  #seen = 0;
  readonly #depth: number;
  #inner: JsonMembers | null = null;

  /** `depth` is how many objects it is inside of. */
  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Forgets the object before. */
  begin(bytes: Buffer, start: number, mayHaveStatus: boolean): void {
    this.word = 0;
    this.#bytes = bytes;
    this.#start = start;
    this.#mayHaveStatus = mayHaveStatus;
    this.#number = -1;
    this.#severityNumber = -1;
    this.#nested = 0;
    this.#priority = -1;
    this.#named = 0;
    this.#status = 0;
    this.#maybeStatus = 0;
    this.#within = 0;
    this.#message = -1;
    this.#messageEnd = -1;
    this.#said = 0;
    this.#saidEnd = 0;
    this.#seen = 0;
  }

  note(kind: KeyKind, start: number, end: number): void {
    this.#seen |= 1 << kind;
    switch (kind) {
      case KEY.level:
      case KEY.levelName:
      case KEY.atLevel:
        if (kind !== KEY.atLevel && this.#has(KEY.at)) break; // a property of Serilog's event
        if (this.word === 0) this.word = wordOf(this.#bytes, start, end);
        if (this.#number === -1) this.#number = wholeNumber(this.#bytes, start, end);
        break;
      case KEY.letterLevel:
        if (this.word === 0 && this.#bytes[start - 2] === QUOTE) this.word = wordOf(this.#bytes, start, end);
        break;
      case KEY.log:
        if (this.#bytes[start] === 0x7b) this.#nested = this.#factsIn(start, end, false).level;
        break;
      case KEY.place:
        if (isPlace(this.#bytes, start, end)) this.#seen |= 1 << KEY.request;
        break;
      case KEY.severityNumber:
        this.#severityNumber = wholeNumber(this.#bytes, start, end);
        break;
      case KEY.priority:
        this.#priority = wholeNumber(this.#bytes, start, end);
        if (this.#priority === -1) this.#named = wordOf(this.#bytes, start, end);
        break;
      case KEY.tags:
        if (this.#bytes[start] === 0x5b && this.#named === 0) this.#named = firstWordOf(this.#bytes, start, end);
        break;
      case KEY.label:
        if (this.#has(KEY.prio)) this.#named = mysqlWordOf(this.#bytes, start, end);
        break;
      case KEY.s:
        if (this.word === 0 && this.#isMongo()) this.word = Math.max(0, levelOfLetter(this.#bytes[start + 1] ?? 0)) as Level; // a Level once NO_WORD is 0
        break;
      case KEY.ts:
        // Kubernetes' JSON logging writes a number here; a string is somebody else's.
        if (this.#bytes[start] === QUOTE) this.#seen &= ~(1 << KEY.ts);
        break;
      case KEY.message:
        if (this.#mayHaveStatus) this.#noteMessage(start, end);
        break;
      case KEY.meta:
        if (this.#mayHaveStatus) this.#noteMeta(start, end);
        break;
      case KEY.fields:
        if (this.#mayHaveStatus && this.#within === 0 && this.#bytes[start] === 0x7b)
          this.#within = this.#factsIn(start, end, true).status;
        break;
      default:
        this.#noteStatus(kind, start, end);
    }
  }

  level(): Level {
    if (this.word !== 0) return this.word;
    if (this.#severityNumber >= 1 && this.#severityNumber <= 24) return Math.ceil(this.#severityNumber / 4) as Level; // 1 to 6
    if (this.#number >= 10 && this.#number < 70) return Math.floor(this.#number / 10) as Level; // 1 to 6
    if (this.#number >= 0 && this.#number <= 7 && this.#has(KEY.shortMessage)) return levelOfSeverity(this.#number);
    if (this.#priority >= 0 && this.#priority <= 7) return levelOfSeverity(this.#priority);
    if (this.#has(KEY.at) && !this.#has(KEY.atLevel)) return 3;
    if (this.#nested !== 0) return this.#nested;
    if (this.#named !== 0) return this.#named;
    if (!this.#has(KEY.ts) || !this.#has(KEY.message) || this.#has(KEY.level)) return 0;
    if (this.#has(KEY.verbosity)) return 3;
    return this.#has(KEY.err) ? 5 : 0;
  }

  status(): number {
    if (this.#status !== 0) return this.#status;
    const maybe = this.#maybeStatus !== 0 && (this.#has(KEY.request) || this.#saysRequest()) ? this.#maybeStatus : 0;
    const said = maybe === 0 && this.#message !== -1 ? statusOfMessage(this.#textOf(this.#message)) : maybe;
    return said === 0 ? this.#within : said;
  }

  #noteMessage(start: number, end: number): void {
    // Of two messages each may be the one that records a request.
    if (this.#saidEnd > 0 && this.#saysRequest()) this.#seen |= 1 << KEY.request;
    this.#said = start;
    this.#saidEnd = end;
    if (this.#bytes[start] === QUOTE) this.#message = start;
    this.#messageEnd = end - 1;
  }

  /** Whether words of the newest message say that the line records a request: looked at only where that counts. */
  #saysRequest(): boolean {
    return REQUEST_WORDS.test(this.#bytes.toString('latin1', this.#said, Math.min(this.#saidEnd, this.#said + 200)));
  }

  /** The string that begins at `start`, as far as it may tell a status. */
  #textOf(start: number): string {
    const text = this.#bytes.toString('latin1', start + 1, Math.min(this.#messageEnd, start + MESSAGE_SEARCHED));
    return text.replaceAll('\\"', '"');
  }

  #noteMeta(start: number, end: number): void {
    const response = this.#bytes.subarray(start, end).indexOf(RESPONSE);
    const object = start + response + RESPONSE.length - 1;
    if (response !== -1 && this.#status === 0) this.#status = statusIn(this.#bytes, object, end);
  }

  #noteStatus(kind: KeyKind, start: number, end: number): void {
    if ((kind === KEY.response || kind === KEY.answer) && this.#bytes[start] === 0x7b) {
      if (this.#status === 0) this.#status = statusIn(this.#bytes, start, end);
    } else if (kind === KEY.status && this.#status === 0) this.#status = statusOf(this.#bytes, start, end);
    else if (kind === KEY.maybeStatus) this.#maybeStatus = statusOf(this.#bytes, start, end);
    else if (kind === KEY.answer && this.#maybeStatus === 0) this.#maybeStatus = statusOf(this.#bytes, start, end);
  }

  #has(kind: KeyKind): boolean {
    return (this.#seen & (1 << kind)) !== 0;
  }

  /** What the members of an object inside of this one come to. */
  #factsIn(start: number, end: number, mayHaveStatus: boolean): Facts {
    const facts = emptyFacts(mayHaveStatus);
    if (this.#depth === DEEPEST) return facts;
    this.#inner ??= new JsonMembers(this.#depth + 1);
    parseMembers(this.#bytes, start, end, facts, this.#inner);
    return facts;
  }

  #isMongo(): boolean {
    for (let i = 0; i < MONGO_HEAD.length; i++) if (this.#bytes[this.#start + i] !== MONGO_HEAD[i]) return false;
    return true;
  }
}

/** Of a line's own object. */
const ofLine = new JsonMembers(0);

const MONGO_HEAD = Buffer.from('{"t":{"$date"', 'latin1');
/** How much of a message is looked at for a request line. */
const MESSAGE_SEARCHED = 2048;
const RESPONSE = Buffer.from('"res":{', 'latin1');
/** In the message of a line that records a request, beside a key `status`. */
const REQUEST_WORDS = /\b(?:requests?|https?|response|access)\b/i;

/** The status of the request that the JSON object `bytes[start, end)` records, else 0. */
export function statusOfRecord(bytes: Buffer, start: number, end: number): number {
  const facts = emptyFacts(true);
  parseMembers(bytes, start, end, facts, ofLine);
  return facts.status;
}
