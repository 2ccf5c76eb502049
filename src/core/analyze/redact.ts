import type { Literal } from './literal-scan.ts';

/** The most lines that one private key can hide; an 8,192 bit RSA key has about 110. */
const MAX_KEY_LINES = 256;
const SETS: readonly string[] = ['default'];

/** What must occur in a line for a secret to be in it. */
const KEYWORDS: readonly Literal[] = [
  { text: '.eyJ', folded: false },
  { text: 'bearer', folded: true },
  { text: 'password=', folded: true },
  { text: 'passwd=', folded: true },
  { text: 'pwd=', folded: true },
  { text: 'PRIVATE KEY', folded: false },
  { text: 'AKIA', folded: false },
  { text: 'ASIA', folded: false },
  { text: 'AIza', folded: false },
  { text: 'access_key', folded: true },
  { text: 'accesskey', folded: true },
  { text: 'accountkey', folded: true },
];

const BEARER =
  /(authorization\\?["']?\s{0,4}[:=]\s{0,4}\[?\\?["']?)?\b(bearer)((?:\s|%20|\+){1,4}|\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)([A-Za-z0-9._~+/-]{4,}={0,3})/gi;
const URL_PASSWORD = /(:\/\/[^\s:@/?#"'`<>]{0,256}:)([^\s/?#"'`<>]{1,1024})@/g;
const QUERY_PASSWORD = /([?&;](?:password|passwd|pwd)=)([^\s&;"'<>]{1,1024})/gi;
const KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----([\s\S]*?)(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g;
/** What follows BEGIN of a key that goes on in the next line, or was cut: nothing, a line end, or base64. Prose does not. */
const KEY_OPEN = /^["']?\s*(?:$|\\[rn]|\n|[A-Za-z0-9+/=]{16})/;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const AWS_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g;
const AWS_SECRET =
  /(secret[ _-]?access[ _-]?key\\?["']?\s{0,4}(?:[:=]|=>)\s{0,4}\\?["']?)([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;
const GOOGLE_KEY = /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g;
const AZURE_KEY = /((?:account|sharedaccess)key\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)([A-Za-z0-9+/]{40,}={0,2})/gi;

/** Whether the lines of one container are inside of a private key that began in an earlier line. */
export interface RedactionState {
  keyLines: number;
}

/** Takes secrets out of text before it is stored or sent: each becomes `[redacted:<kind>]`. */
export interface Redactor {
  /** A line without any of these, without the mark, and not inside of a private key, is not looked at. */
  readonly keywords: readonly Literal[];
  /** One byte that a password in a URL has behind it. */
  readonly mark: string;
  /** The line without its secrets, or `null` when it has none. `state` belongs to one container. */
  redactLine(bytes: Buffer, start: number, end: number, state: RedactionState): Buffer | null;
  /** A whole text, of any number of lines, without its secrets. */
  redactText(text: string): string;
}

/** `sets` names pattern sets; an unknown name is an Error. No set: nothing is redacted. */
export function createRedactor(sets: readonly string[]): Redactor {
  const unknown = sets.find((name) => !SETS.includes(name));
  if (unknown !== undefined) throw new Error(`there is no redaction set "${unknown}", there is: ${SETS.join(', ')}`);
  if (sets.length === 0) return { keywords: [], mark: '', redactLine: () => null, redactText: (text) => text };
  return { keywords: KEYWORDS, mark: '@', redactLine, redactText };
}

function redactLine(bytes: Buffer, start: number, end: number, state: RedactionState): Buffer | null {
  const text = bytes.toString('latin1', start, end); // every pattern is ASCII, so that any bytes survive
  if (state.keyLines > 0) {
    const [last] = KEY_END.exec(text) ?? [];
    state.keyLines = last === undefined ? state.keyLines - 1 : 0;
    const rest = last === undefined ? '' : text.slice(text.indexOf(last) + last.length);
    return Buffer.from(`[redacted:private-key]${redactText(rest)}`, 'latin1');
  }
  const redacted = redactText(text);
  if (redacted === text) return null;
  if (opensKey(text)) state.keyLines = MAX_KEY_LINES;
  return Buffer.from(redacted, 'latin1');
}

function redactText(text: string): string {
  let redacted = text.includes('.eyJ') ? redactTokens(text) : text;
  if (/bearer/i.test(redacted)) redacted = redacted.replace(BEARER, redactBearer);
  if (redacted.includes('://')) {
    redacted = redacted.replace(URL_PASSWORD, '$1[redacted:url-password]@').replace(QUERY_PASSWORD, '$1[redacted:url-password]');
  }
  if (redacted.includes('PRIVATE KEY')) {
    redacted = redacted.replace(KEY_BLOCK, (whole, body: string) => (isKeyBody(whole, body) ? '[redacted:private-key]' : whole));
  }
  if (/AKIA|ASIA|AIza/.test(redacted))
    redacted = redacted.replace(AWS_ID, '[redacted:cloud-key]').replace(GOOGLE_KEY, '[redacted:cloud-key]');
  if (!/access[ _-]?key|accountkey/i.test(redacted)) return redacted;
  return redacted.replace(AWS_SECRET, '$1[redacted:cloud-key]').replace(AZURE_KEY, '$1[redacted:cloud-key]');
}

function redactBearer(whole: string, header: string | undefined, word: string, between: string, token: string): string {
  return header !== undefined || isToken(token) ? `${header ?? ''}${word}${between}[redacted:bearer-token]` : whole;
}

/** JSON Web Tokens: around each `.eyJ` (the payload begins with `{"`), as far as their characters reach. */
function redactTokens(text: string): string {
  let redacted = '';
  let copied = 0;
  let dot = text.indexOf('.eyJ');
  while (dot !== -1) {
    let start = dot;
    while (start > copied && isTokenChar(text.charCodeAt(start - 1))) start--;
    const header = text.indexOf('eyJ', start);
    let end = dot + 1;
    while (isTokenChar(text.charCodeAt(end))) end++;
    if (header !== -1 && dot - header >= 8 && end - dot >= 8) {
      if (text[end] === '.')
        do end++;
        while (isTokenChar(text.charCodeAt(end)));
      redacted += `${text.slice(copied, header)}[redacted:jwt]`;
      copied = end;
    }
    dot = text.indexOf('.eyJ', end);
  }
  return copied === 0 ? text : redacted + text.slice(copied);
}

/** Letters, digits, `-` and `_`. */
function isTokenChar(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}

/** Words follow "bearer" in prose; tokens have digits, or are long and of mixed case. */
function isToken(text: string): boolean {
  if (text.startsWith('[redacted')) return false;
  if (text.length >= 8 && /\d/.test(text)) return true;
  return text.length >= 20 && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

/** A block that is closed, or one whose text so far can be that of a key. */
function isKeyBody(whole: string, body: string): boolean {
  return KEY_END.test(whole) || KEY_OPEN.test(body);
}

/** Whether the last key of a line goes on in the next. */
function opensKey(line: string): boolean {
  const last = [...line.matchAll(KEY_BLOCK)].at(-1);
  return last !== undefined && !KEY_END.test(last[0]) && KEY_OPEN.test(last[1] ?? '');
}
