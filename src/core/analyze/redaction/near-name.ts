import { OPENING, OPENING_ALONE } from './assigned-keys.ts';
import { type Detector, folded, hidden } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { isRandom } from './secret-value.ts';

const PASSWORD = 'pass(?:[_ -]?(?:word|phrase|code)|wd)';
const SECRET = `secrets?|token|credentials?|psk|pat|(?:${OPENING}|(?<![a-z])(?:${OPENING_ALONE}))[ _.-]?key|code`;
/** What opens around a value that somebody names. */
const OPENS = String.raw`\\{0,3}["'\x60(<[\u201c]{0,2}(?:\u00e2\u0080\u009c)?`;
/** Words between: `for user x is now`. */
const WORDS = String.raw`(?: (?:[A-Za-z][\w.@/-]{0,63}:?|->?|=)){0,5}`;
const CHARACTERS = `[A-Za-z0-9!@#$%^&*+/=_~?.-]`;

/** A value near the name of what it is, which only the shape of the value tells. */
const NEAR = new RegExp(
  String.raw`(?<![A-Za-z])((?:[\w.-]{0,40}(?:${PASSWORD}|${SECRET}))\\{0,3}["'\x60]?\)?${WORDS} (?:[:=-] )?${OPENS})(${CHARACTERS}{12,512})(?!${CHARACTERS})`,
  'gi',
);
/** The same of a password right behind its name. */
const NEXT = new RegExp(
  String.raw`(?<![A-Za-z])([\w.-]{0,40}${PASSWORD}(?: (?:is|was|of|now|set to|changed to|reset to|(?:changed )?from))? ${OPENS})([^\s"'\x60()<>[\]]{8,256})(?=["'\x60)>\]]|\\|[,.;]?(?:\s|$))`,
  'gi',
);

/** Secrets that stand behind the word for them, without any sign that assigns. */
export const nearNames: readonly Detector[] = [
  {
    keywords: [
      ...folded('password ', 'passwd ', 'passphrase ', 'passcode ', 'pass phrase ', 'credentials ', ' pat ', 'psk '),
      ...folded('api key ', 'api-key ', 'apikey ', 'ess key ', 'nse key ', 'ate key ', 'ing key ', 'ion key '),
      ...folded('token "', "token '", 'token (', 'secret "', "secret '", 'ess token ', 'uth token '),
    ],
    redact: (text) => text.replace(NEAR, replaceNear).replace(NEXT, replaceNext),
  },
];

function replaceNear(whole: string, before: string, value: string): string {
  return isKey(value) && !isPlaceholder(value) ? before + hidden('secret') : whole;
}

function replaceNext(whole: string, before: string, value: string): string {
  return isStrong(value) && !isPlaceholder(value) ? before + hidden('password') : whole;
}

/** Whether a value can hardly be an identifier: of both cases and digits that change often, or long hexadecimal. */
function isKey(value: string): boolean {
  if (/[:@]|^\/|\/\/|\.{2}|^\d{4}-\d\d-\d\d|=./.test(value)) return false;
  if (/^[0-9a-f]{32,}$/.test(value)) return value.length !== 40;
  return (
    value.length >= 16 &&
    isRandom(value) &&
    [/[a-z]/, /[A-Z]/, /\d/].every((part) => part.test(value)) &&
    changes(value) >= value.length / 3
  );
}

/** Whether a password can only be one: of both cases, digits and a sign that no name has, or many changes between them. */
function isStrong(value: string): boolean {
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value) || /^\/|:\/\/|^[\w.+-]+@[\w-]+\./.test(value))
    return false;
  return /[!@#$%^&*?~]/.test(value) ? !/[/:(]/.test(value) : /^[\w-]{10,}$/.test(value) && changes(value) >= value.length / 3;
}

/** How often capitals, small letters and digits take turns. */
function changes(value: string): number {
  let count = 0;
  let last = '';
  for (const character of value) {
    const kind = /[a-z]/.test(character) ? 'a' : /[A-Z]/.test(character) ? 'A' : /\d/.test(character) ? '0' : last;
    if (kind !== last) count++;
    last = kind;
  }
  return count;
}
