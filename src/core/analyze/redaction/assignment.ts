import { FAMILIES } from './assigned-keys.ts';
import { type Detector, hidden } from './detector.ts';
import type { Family } from './family.ts';
import { isPlaceholder } from './placeholder.ts';
import { isDrawn, isPasswordLike, isRandom, isShuffled } from './secret-value.ts';

/** What a terminal colours a word with, also as a text has it. */
const COLOUR = String.raw`(?:(?:(?:\x1b|\\{1,2}(?:u001b|x1b|033|e))\[[\d;]{0,12}|\[\d{1,3}(?:;\d{1,3}){0,4})m){0,3}`;
/** What closes the key's quotes, in JSON, in a map, in a URL, in HTML, in Markdown, in print. */
const CLOSES = String.raw`(?:\\{0,3}["'\x60]?[\])}]?|\\{1,3}u0022|%22|%5[Dd]|&(?:quot|apos|#0?3[49]);|\*\*|[\u201d\u2019\u00bb]|\u00e2\u0080[\u0099\u009d]|\u00c2\u00bb)`;
/** Whose password it is, or which: `Password (alice):`, `password[alice]=`. */
const QUALIFIER = String.raw`(?:[ ]?\([^()\n]{1,48}\)|\[\]|\[(?!\d+\])\\{0,3}["']?[\w.@-]{1,64}\\{0,3}["']?\])?`;
/** A type around the value, as programs print it: `SecretStr('x')`, `[]string{"x"}`, `<<"x">>`. */
const WRAPPER = String.raw`(?:(?:new )?[&*]?(?:\[\])?[A-Za-z][\w.:]{0,40}[({]|<<|\[\s?b?)(?=\\{0,3}["'])`;
/** An object of the value alone: `{"stringValue":"x"}`. */
const OBJECT = String.raw`\{\s?\\{0,3}["'](?:value|stringValue|string_value|S|plain|plaintext|current|data|text)\\{0,3}["']\s?:\s?(?=\\{0,3}["'])`;
/** A type in front of the value, of Go and of YAML: `(string) (len=8) "x"`, `!!str x`. */
const TYPE = String.raw`\((?:string|\[\]uint8)\)\s?(?:\(len=\d{1,5}(?: cap=\d{1,5})?\)\s?)?(?=\\{0,3}")|!![a-z/]{2,16} `;
/** The braces of a connection string of ODBC and JDBC: `PWD={x};`. Those of a template have no digit in them. */
const BRACED = String.raw`\{(?=(?=[^{}\s;]{0,64}\d)[^{}\s;]{8,64}\};)`;
/** What says that the value is a text. */
const TEXT_MARK = String.raw`(?:""(?="[^"])|${WRAPPER}|${OBJECT}|${TYPE}|${BRACED}|Some\(|[bunrfLN$@](?=["'])|string\(\d{1,5}\) (?=")|\[(?=\\{0,3}["']?[A-Za-z0-9])|\\{1,3}u0022|%22|&(?:quot|apos|#0?3[49]);|[\u201c\u2018\u00ab\u201e]|\u00e2\u0080[\u0098\u009c\u009e]|\u00c2\u00ab)?`;
/** What assigns: `=`, `:`, `:=`, `=>`, the line of a table. */
const SIGN = String.raw`(?:=>|->|:=|==?|:\*\*|::(?=\s)|:|\||\u2502|\u00e2\u0094\u0082|\u2192|\u00e2\u0086\u0092|\uff1a|\u00ef\u00bc\u009a|%3[Dd]|%3[Aa])`;
/** The comma of a pair: of two quoted texts, of a tuple; PHP's lengths of them. */
const PAIRED = String.raw`\\{0,3}["'],[ \t]{0,4}b?(?=\\{0,3}["'])|,[ \t]{0,2}(?:<<)?(?=")|\\{0,3}["'];s:\d{1,5}:(?=\\{0,3}["'])`;
/** Dots that lead from a key to its value: `Password ........: x`. */
const LEADERS = String.raw`[ ]{0,4}\.{4,80}(?:[ ]{0,4}:)?[ ]{0,4}(?=[^\s.])`;
/** What assigns, or the room between two columns. */
const ASSIGNS = String.raw`(${COLOUR}${CLOSES}${QUALIFIER}${COLOUR}[ \t]{0,40}${SIGN}(?:[ \t]{0,64}|\s{0,4})${COLOUR}${TEXT_MARK}|${PAIRED}|${LEADERS}|(?:\t|\\{1,2}[tn]|[ ][ \t])[ \t]{0,64}(?=[^\s=:|]))`;
/** A value in escaped quotes, in quotes, or bare as far as it can reach in logfmt, a URL, a connection string. */
const VALUE = String.raw`(?:(\\{1,3}["'])([^"'\\\n]+)|"((?:[^"\\\n]|\\[^\n])+)|'((?:[^'\\\n]|\\[^\n])+)|\x60([^\x60\n]+)|([^\s"'\x60&;,<>\\\x1b]{3,}))`;

/** Types that hold a value, and no functions that are given another. */
const KEEPER =
  /(?:secret|secure|sensitive|protected|redact|hidden|masked|password|some|just|optional|option|string|str|text|value|literal|bytes)[A-Za-z]*[({]\\*$/i;

/** A bracket, a stop or a quote of print behind a value is none of it. */
const TRAILING = /(?:[)\]}.:|\u201d\u2019\u00bb]|\u00e2\u0080[\u0099\u009d]|\u00c2\u00bb)+$/;
/** The kind in a mark is no key. */
const IN_MARK = /\[redacted:[a-z-]*$/;

/** Values of keys that say they are secret, in logfmt, JSON, YAML, environment, tables and connection strings. */
export const assignments: readonly Detector[] = FAMILIES.map(assignmentOf);

/** A detector for what is assigned to keys of one family. */
export function assignmentOf(family: Family): Detector {
  const pattern = new RegExp(`(${family.names})${ASSIGNS}${VALUE}`, family.isExactCase ? 'g' : 'gi');
  return {
    keywords: family.keywords,
    redact: (text) => replaceValues(text, pattern, family),
    ...(family.byCharacter ? { byCharacter: true } : {}),
  };
}

/** Longer values are not looked at again, so that a long line takes linear time. */
const MAX_LOOKED_AGAIN = 256;

/** What is no secret may hold a key of its own: it is looked at again. */
function replaceValues(text: string, pattern: RegExp, family: Family): string {
  let replaced = '';
  let copied = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, name = '', assigns = ''] = match;
    const start = replacedStart(match, text, family);
    if (start === null) {
      const value = whole.slice(name.length + assigns.length);
      if (value.length <= MAX_LOOKED_AGAIN && !/^["'\\`]*[$%<{([]/.test(value))
        pattern.lastIndex = match.index + name.length + assigns.length;
      continue;
    }
    const { before, rest } = start;
    replaced += `${text.slice(copied, match.index)}${before}${hidden(family.kind)}${rest}`;
    copied = match.index + whole.length;
  }
  return copied === 0 ? text : replaced + text.slice(copied);
}

/** What stays before and behind the secret; `null`: there is none. */
function replacedStart(match: RegExpExecArray, text: string, { notBehind, isSecret, hasNumbers }: Family): Kept | null {
  const [whole, name = '', assigns = '', escaped = '', inEscaped, inDouble, inSingle, inBack, bare] = match;
  const before = text.slice(Math.max(0, match.index - 64), match.index);
  if (IN_MARK.test(before) || notBehind?.test(before)) return null;
  const isProven = proofFor(name, assigns, before);
  const isNone = (value: string) => !(hasNumbers && /^\d{3,8}$/.test(value)) && isPlaceholder(value);
  // `${NAME:?text}` and `${NAME:+text}` of a shell.
  if (/\$\{\w*$/.test(before) && /:$/.test(assigns) && /^[?+]/.test(bare ?? '')) return null;
  const start = `${name}${assigns}${escaped}`;
  if (bare !== undefined) {
    const value = bare.replace(TRAILING, '');
    if (value.length < 3 || !isSecret(value, true, name) || !isProven(value)) return null;
    if (isNone(value) || (value !== bare && isNone(bare))) return null;
    return isBareValue(value, name + assigns, text.slice(match.index + whole.length))
      ? { before: start, rest: bare.slice(value.length) }
      : null;
  }
  const value = inEscaped ?? inDouble ?? inSingle ?? inBack ?? '';
  // The quote ended a text: `getpass("Password: ")`.
  if (/^(?:[)\]](?:[\s,;)\]]|$)|\s)/.test(value)) return null;
  if (!isSecret(value, false, name) || !isProven(value) || (isColumn(assigns) && !isPasswordLike(value)) || isNone(value))
    return null;
  if (isLoose(assigns) && !isDrawn(value)) return null;
  const quote = [inDouble, inSingle, inBack].findIndex((quoted) => quoted !== undefined);
  return { before: `${start}${'"\'`'[quote] ?? ''}`, rest: '' };
}

/** What a value has to be besides, where the key may be none. */
function proofFor(name: string, assigns: string, before: string): (value: string) => boolean {
  // `bucket=shop-api key=a/b`: the end of one value, and the next key.
  if (/\s\w{2,8}$/.test(name)) {
    if (!/(?:^|[\s"'\x60([{,;>|*]|(?:^|[\s"'(])x-)$/i.test(before)) return /=[\w./:#-]*$/.test(before) ? never : isShuffled;
    if (assigns === '=') return isShuffled;
  }
  if (/^\\{1,2}[tn]/.test(assigns)) return isShuffled;
  return /[^[(\s][)\]]/.test(assigns) ? isPasswordLike : always;
}

const always = () => true;
const never = () => false;

/** Whether a value without quotes is one, by what stands before and behind. */
function isBareValue(value: string, start: string, rest: string): boolean {
  if (/\[$|->/.test(start) && !isRandom(value)) return false;
  if (/\|$/.test(start) && !isDrawn(value)) return false;
  // Of an empty value, the next pair is none.
  if (/\S=\s/.test(start) && /^[A-Za-z_][\w.-]*=/.test(value)) return false;
  return isColumn(start) ? isPasswordLike(value) : !(/:\s/.test(start) && isProse(value, rest));
}

interface Kept {
  readonly before: string;
  readonly rest: string;
}

/** Whether nothing assigns but the columns of a table. */
function isColumn(assigns: string): boolean {
  return !/[=:%]|->/.test(assigns);
}

/** Whether what stands between says little: the comma of a list, the name of any function. */
function isLoose(assigns: string): boolean {
  return /,[^"']*$|->/.test(assigns) || (/[({]\\*$/.test(assigns) && (/\.\w+\(\\*$/.test(assigns) || !KEEPER.test(assigns)));
}

/** Whether what follows a colon goes on as a sentence, or is an assignment of its own. */
function isProse(value: string, rest: string): boolean {
  if (/^[A-Za-z_.-]+[=:]./.test(value)) return true;
  return /^[A-Za-z][a-z'-]*$/.test(value) && /^[ \t]+\S/.test(rest);
}
