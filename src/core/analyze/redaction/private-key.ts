import { type Detector, exact, hidden, TOKEN_START } from './detector.ts';

/** The most lines that one private key can hide; an 8,192 bit RSA key has about 110. */
const MAX_KEY_LINES = 256;
/** Lines in a row that cannot be part of a key, after which it counts as over: others may write in between. */
const MAX_FOREIGN_LINES = 8;
const MARK = hidden('private-key');

const KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----([\s\S]*?)(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?=-----BEGIN )|$)/g;
/** What follows BEGIN of a key that goes on in the next line, or was cut: nothing, a line end, or base64. Prose does not. */
const KEY_OPEN = /^\\?["']?\s*(?:$|\\{1,3}[rn]|\n|[A-Za-z0-9+/=]{16})/;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** A line, behind any prefix of a logger, that can be part of a key: base64, a header, or nothing. */
const KEY_LINE =
  /(?:^|[\s"':|>])(?:[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{1,75}={1,2}|[A-Z][A-Za-z-]{1,20}: .{0,200}|)["',}\]\\rn]{0,6}\s*$/;
const AGE_KEY = new RegExp(`${TOKEN_START}AGE-SECRET-KEY-1[0-9A-Z]{58}`, 'g');
const PUTTY_KEY = /(Private-Lines: \d{1,3}(?:\\r)?(?:\\n|\n))((?:[A-Za-z0-9+/=]{1,80}(?:\\r)?(?:\\n|\n))+)/g;

/** Whether the lines of one container are inside of a private key that began in an earlier line. */
export interface KeyState {
  /** How many more lines the key can have; 0 outside of a key. */
  keyLines: number;
  /** How many lines in a row before the next cannot be part of it. */
  foreignLines: number;
}

/** At the begin of a read; `keyLines` is what the read before ended with. */
export function openedWith(keyLines: number): KeyState {
  return { keyLines, foreignLines: 0 };
}

/** Private keys in one text, also when their end is missing. */
export const privateKey: Detector = {
  keywords: exact('PRIVATE KEY', 'AGE-SECRET-KEY-', 'Private-Lines'),
  redact: (text) =>
    text
      .replace(KEY_BLOCK, (whole, body: string) => (KEY_END.test(whole) || KEY_OPEN.test(body) ? MARK : whole))
      .replace(AGE_KEY, MARK)
      .replace(PUTTY_KEY, `$1${MARK}`),
};

/** Notes when the last key of a line goes on in the next. */
export function noteOpenKey(line: string, state: KeyState): void {
  const last = [...line.matchAll(KEY_BLOCK)].at(-1);
  if (last === undefined || KEY_END.test(last[0]) || !KEY_OPEN.test(last[1] ?? '')) return;
  state.keyLines = MAX_KEY_LINES;
  state.foreignLines = 0;
}

/** What may be seen of a line of a key that began in an earlier line: what stands behind the key. */
export function restBehindKey(line: string, state: KeyState): string {
  const [end] = KEY_END.exec(line) ?? [];
  if (end !== undefined) {
    state.keyLines = 0;
    return line.slice(line.indexOf(end) + end.length);
  }
  state.keyLines--;
  state.foreignLines = KEY_LINE.test(line) ? 0 : state.foreignLines + 1;
  if (state.foreignLines >= MAX_FOREIGN_LINES) state.keyLines = 0;
  return '';
}

/** The mark in place of a line, or part of a line, of a key. */
export const KEY_MARK = MARK;
