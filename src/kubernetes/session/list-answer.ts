import { parse } from './api-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ZERO = 0x30;
const SPACE = 0x20;
/** With this bit a bracket and a brace are the same. */
const EITHER = 0x20;
/** Who has set which field: half of what the API server sends of an object, and nothing that anybody asks for. */
const UNREAD = '"managedFields"';

/**
 * A list of the API: the object with everything but its items, and as `items` what gives each item, parsed in the moment when it is taken. What is taken one by one
 * and projected at once is gone before the next: a page parsed as a whole would outlive many a collection of garbage, and hold
 * everything else up. Of an item, `managedFields` are left out. What is no list is parsed as it is. Throws `CollectError` for what is no JSON, as taking
 * an item does. The bytes are the list's own from now on.
 */
export function parseList(path: string, bytes: Buffer): unknown {
  const found = findItems(bytes);
  if (found === null) return parse(path, bytes.toString());
  const rest = parse(path, bytes.toString('utf8', 0, found.start) + bytes.toString('utf8', found.end));
  // Checked: what was found is a list in an object, and the object without it was parsed.
  return { ...(rest as object), items: new ListItems(path, bytes, found.items) };
}

/** The items of a list that was parsed by {@link parseList} or as a whole; `null` when it is none. */
export function itemsOf(answer: Readonly<Record<string, unknown>>): Iterable<unknown> | null {
  const items = answer['items'];
  return Array.isArray(items) || items instanceof ListItems ? items : null;
}

/** Where a value stands. */
interface Span {
  readonly start: number;
  readonly end: number;
}

class ListItems implements Iterable<unknown> {
  readonly #path: string;
  readonly #bytes: Buffer;
  readonly #items: readonly Span[];

  constructor(path: string, bytes: Buffer, items: readonly Span[]) {
    this.#path = path;
    this.#bytes = bytes;
    this.#items = items;
  }

  *[Symbol.iterator](): Generator<unknown> {
    for (const { start, end } of this.#items) yield parse(this.#path, this.#bytes.toString('utf8', start, end));
  }
}

interface FoundItems extends Span {
  readonly items: readonly Span[];
}

/** Finds the list of items in an object; `null` where there is none, or something is wrong with it. */
function findItems(bytes: Buffer): FoundItems | null {
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_OBJECT) return null;
  let found: FoundItems | null = null;
  do {
    const key = skipSpace(bytes, at + 1);
    const keyEnd = bytes[key] === QUOTE ? endOfValue(bytes, key) : null;
    if (keyEnd === null) return null;
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) return null;
    const value = skipSpace(bytes, colon + 1);
    const isItems = isText(bytes, { start: key, end: keyEnd }, '"items"');
    // Of a key that stands there twice, the last counts: whoever parses the whole knows that.
    if (isItems && (found !== null || bytes[value] !== OPEN_LIST)) return null;
    if (isItems) found = takeItems(bytes, value + 1);
    const end = isItems ? (found?.end ?? null) : endOfValue(bytes, value);
    if (end === null) return null;
    at = skipSpace(bytes, isItems ? end + 1 : end);
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE_OBJECT ? found : null;
}

/** The items of the list that was opened before `start`; the `end` is where it is closed. */
function takeItems(bytes: Buffer, start: number): FoundItems | null {
  const items: Span[] = [];
  let at = skipSpace(bytes, start);
  if (bytes[at] === CLOSE_LIST) return { start, end: at, items };
  for (;;) {
    const unread: Span[] = [];
    const end = endOfValue(bytes, at, unread);
    if (end === null) return null;
    items.push({ start: at, end: cutOut(bytes, end, unread) });
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_LIST) return { start, end: at, items };
    if (bytes[at] !== COMMA) return null;
    at = skipSpace(bytes, at + 1);
  }
}

/** Puts a 0 in the place of each of the values of an item, and moves up what is behind them; tells where the item ends then. Spaces fill the rest. */
function cutOut(bytes: Buffer, end: number, values: readonly Span[]): number {
  let to = values[0]?.start ?? end;
  for (const [index, value] of values.entries()) {
    bytes[to++] = ZERO;
    const next = values[index + 1]?.start ?? end;
    bytes.copyWithin(to, value.end, next);
    to += next - value.end;
  }
  bytes.fill(SPACE, to, end);
  return to;
}

/**
 * Where the object, list, text or word that begins at `at` has ended; `null` when it has no end. What is inside is not checked; the values of
 * keys that nobody reads are added to `unread`.
 */
function endOfValue(bytes: Buffer, at: number, unread: Span[] = []): number | null {
  const first = bytes[at];
  if (first !== QUOTE && first !== OPEN_OBJECT && first !== OPEN_LIST) return endOfWord(bytes, at);
  let depth = 0;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      const start = i;
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
      if (i >= bytes.length) return null;
      if (i + 1 - start === UNREAD.length && isText(bytes, { start, end: i + 1 }, UNREAD)) {
        const value = valueBehind(bytes, i + 1);
        if (value !== null) {
          unread.push(value);
          i = value.end - 1;
        }
      }
    } else if ((byte | EITHER) === OPEN_OBJECT) depth++;
    else if ((byte | EITHER) === CLOSE_OBJECT) depth--;
    else continue;
    if (depth === 0) return i + 1;
  }
  return null;
}

/** The object or list behind a text that is a key; `null` where it is none, or has another value. */
function valueBehind(bytes: Buffer, at: number): Span | null {
  const colon = skipSpace(bytes, at);
  if (bytes[colon] !== COLON) return null;
  const start = skipSpace(bytes, colon + 1);
  if (((bytes[start] ?? 0) | EITHER) !== OPEN_OBJECT) return null;
  const end = endOfValue(bytes, start);
  return end === null ? null : { start, end };
}

function endOfWord(bytes: Buffer, at: number): number | null {
  let end = at;
  while (/[\w.+-]/.test(String.fromCharCode(bytes[end] ?? 0))) end++;
  return end === at ? null : end;
}

function isText(bytes: Buffer, { start, end }: Span, text: string): boolean {
  return bytes.toString('latin1', start, end) === text;
}

function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  while (bytes[next] === SPACE || bytes[next] === 0x0a || bytes[next] === 0x0d || bytes[next] === 0x09) next++;
  return next;
}
