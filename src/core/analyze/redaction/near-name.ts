import { type Detector, folded, hidden } from './detector.ts';
import { OPENING, OPENING_ALONE } from './key-words.ts';
import { isPlaceholder } from './placeholder.ts';
import { changesOf, isMany, isPasswordLike, isRandom, isShuffled, isStrong } from './secret-value.ts';

const PASSWORD = 'pass(?:[_ -]?(?:word|phrase|code)|wort|wd|(?= (?:is|was) ))';
/** What has to stand before a word is looked at when the word is there: everywhere else, only the word is looked for. */
const SECRET = String.raw`secrets?|token|credentials?|psk|pat|pass(?<=\buser(?:name)?[ :=]\S{1,128} (?:/ |and )?pass)|community string|erlang cookie|seed|key(?<=(?:${OPENING}|(?<![a-z])(?:${OPENING_ALONE}))[ _.-]?key)|code`;
/** What opens around a value that somebody names. */
const OPENS = String.raw`\\{0,3}["'\x60(<[\u201c]{0,2}(?:\u00e2\u0080\u009c)?`;
/** Words between: `for user x is now`. */
const WORDS = String.raw`(?: (?:[A-Za-z][\w.@/-]{0,63}:?|->?|=)){0,5}`;
const CHARACTERS = `[A-Za-z0-9!@#$%^&*+/=_~?.-]`;

/** A value near the name of what it is, which only the shape of the value tells. */
const NEAR = new RegExp(
  String.raw`((?:${PASSWORD}|${SECRET})\\{0,3}["'\x60]?\)?${WORDS} (?:[:=-] )?${OPENS})(${CHARACTERS}{12,512})(?!${CHARACTERS})`,
  'gi',
);
/** The same of a password right behind its name. */
const NEXT = new RegExp(
  String.raw`((?:${PASSWORD}|pre-?shared[ _-]key|psk)\\{0,3}["'\x60]?(?: (?:for|f\S{1,2}r|of) \S{1,64})?(?: (?:is|was|of|to|now|with value|entered|set to|changed to|reset to|(?:changed )?from|resolved [^\n=]{0,64}=|wurde auf))? ${OPENS})([^\s"'\x60()<>[\]\\]{8,256})(?=["'\x60)>\]]|\\|[,.;]?(?:\s|$))`,
  'gi',
);

/** What a password is changed to, behind what it was. */
const CHANGED = /(\bfrom ["'`]?\[redacted:password\]["'`]? to ["'`]?)([^\s"'`]{6,256})/g;

/** Secrets that stand behind the word for them, without any sign that assigns. */
export const nearNames: readonly Detector[] = [
  {
    keywords: [
      ...folded(
        'password ',
        "password' ",
        'password" ',
        'password\\" ',
        'shared key ',
        'passwort für',
        'passwd ',
        'passphrase ',
        'passcode ',
        'pass phrase ',
        'credentials ',
        ' pat ',
        'psk ',
        'ity string ',
        'ang cookie',
      ),
      ...folded(
        'api key ',
        'api-key ',
        'apikey ',
        'ess key ',
        'ret key ',
        'nse key ',
        '_key ',
        'ate key ',
        'ing key ',
        'ion key ',
      ),
      ...folded(
        'esh token ',
        'new token ',

        'invalid token ',
        'expired token ',
        'received token ',
        'token issued',
      ),
      ...folded('using secret ', 'secret value'),
      ...folded('credential '),
      { text: ' pass ', folded: true, behind: ['"', "'", 'is ', 'was '] },
      ...folded('ner token ', 'bot token ', 'api token '),
      ...folded('token "', "token '", 'token (', 'secret "', "secret '", 'ess token '),
    ],
    redact: (text) =>
      text
        .replace(NEAR, replaceNear)
        .replace(NEXT, replaceNext)
        .replace(CHANGED, `$1${hidden('password')}`),
  },
];

function replaceNear(whole: string, before: string, value: string): string {
  return isKey(value, before) && !isPlaceholder(value) ? before + hidden('secret') : whole;
}

function replaceNext(whole: string, before: string, value: string): string {
  if (/ (?:for|of) (?:user|account|role|login) ["'\x60]?$/i.test(before)) return whole;
  const isMeant = isStrong(value) || (/ (?:set to|with value) \\{0,3}["'\x60]$/.test(before) && isPasswordLike(value));
  return isMeant && !isPlaceholder(value) ? before + hidden('password') : whole;
}

/** Whether a value can hardly be an identifier: of both cases and digits that change often, or long hexadecimal. */
function isKey(value: string, before: string): boolean {
  if (/unexpected token/i.test(before)) return false;
  if (
    /(?:version|revision|id|for|by|hash|digest|checksum|fingerprint|sha|arn|name|path|request|trace|serial|constraint|index|trigger|table|column|sequence|user|client|job|pod|session|account|tenant|order|build|commit|image|node|host|device|bucket|object|file|event|message|span|container|partition|topic|queue|issue|ticket|task|run|step|thread) ["'(]?$/i.test(
      before,
    )
  )
    return false;
  if (/[:@]|^\/|\/\/|\.{2}|^\d{4}-\d\d-\d\d|=.|^(?:tok|card|src|cus|pm|req|evt|usr|job|task)_/.test(value)) return false;
  if (/^[0-9a-f]{32,}$/.test(value)) return value.length !== 40;
  if (value.length < 16) return false;
  return isShuffled(value) || (isMany(value) && isRandom(value) && changesOf(value) >= value.length / 3);
}
