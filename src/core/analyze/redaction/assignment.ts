import { assigned, compoundKey, type Detector, exact, folded, hidden } from './detector.ts';
import { isCredentials, isOpaque, isPlaceholder, isRandom, isSentence } from './secret-value.ts';

/** What assigns: `=`, `:`, `:=`, `=>`, with the quotes that close a key. */
const ASSIGNS = String.raw`(\\{0,3}["'\x60]?\]?[ \t]{0,4}(?:=>|:=|==?|:)\s{0,4}(?:Some\(|b(?=["'])|u(?=["'])|\[(?=\\{0,3}["']?[A-Za-z0-9]))?|%3[Dd])`;
/** A value in escaped quotes, in quotes, or bare as far as it can reach in logfmt, a URL, a connection string. */
const VALUE = String.raw`(?:(\\{1,3}["'])([^"'\\\n]+)|"((?:[^"\\\n]|\\[^\n])+)|'((?:[^'\\\n]|\\[^\n])+)|([^\s"'\x60&;,<>\\]{3,}))`;

/** The kind in a mark is no key. */
const IN_MARK = /\[redacted:[a-z-]*$/;

interface Family {
  readonly kind: string;
  readonly keywords: Detector['keywords'];
  /** The end of the key, without groups. */
  readonly names: string;
  /** Keys that end alike and hold no secret. */
  readonly notBehind?: RegExp;
  readonly isSecret: (value: string, isBare: boolean) => boolean;
}

const FAMILIES: readonly Family[] = [
  {
    kind: 'password',
    keywords: assigned(
      ...['password', 'passwd', 'passw', 'passphrase', 'passcode', 'pwd', 'confirmation', 'masterauth', 'requirepass'],
      ...['rootpw', 'bindpw', 'userpw', 'adminpw'],
    ),
    names:
      'pass(?:word|wd|w|phrase|code)(?:[_-]?confirmation)?|(?<![A-Za-z])pwd|(?:_|my|pg|db)pwd|(?:root|bind|user|admin)pw|requirepass|masterauth',
    isSecret: (value) => value.length >= 3 && !value.startsWith('/') && !isSentence(value),
  },
  {
    kind: 'password',
    keywords: assigned('pass'),
    names: '(?:[a-z0-9]_|db|user|smtp|redis|mysql|(?<![A-Za-z]))pass',
    isSecret: (value, isBare) =>
      (isBare ? isOpaque(value) : value.length >= 6) &&
      (isRandom(value) || /\d/.test(value) || /[^A-Za-z0-9]/.test(value)) &&
      !/^\d+(?:[/%]|(?:\.\d+)?[a-z]{0,3}$)/.test(value) &&
      !isSentence(value),
  },
  {
    kind: 'api-key',
    keywords: compoundKey,
    names:
      '(?:api|app|application|access|private|signing|encryption|master|auth|license|account|service|webhook|integration|shared|subscription|storage|admin|deploy|root|write|functions?|hmac|decryption|cipher|crypto|activation|registration|server|session)[ _-]?key',
    isSecret: (value) => isOpaque(value),
  },
  {
    kind: 'secret',
    keywords: [
      ...assigned('secret', 'credential', 'credentials', 'token'),
      ...compoundKey,
      ...assigned('key_base', 'key-base', 'keybase'),
    ],
    names:
      '(?:client|app|api|consumer|shared|jwt|webhook|signing|session|oauth|cookie|hmac|auth)[_-]?secret(?:[_-]?key)?|secret[_-]?key(?:[_-]?base)?|secret[_-]?token|credentials?',
    isSecret: (value) => isOpaque(value),
  },
  {
    kind: 'secret',
    keywords: assigned('secret', 'secret_id', 'secret-id', 'secretid'),
    names: '(?<![a-z])secret(?:[_-]?id)?|[a-z]Secret(?:Id)?',
    isSecret: isRandom,
  },
  {
    kind: 'token',
    keywords: [...assigned('token'), ...exact(':_auth=')],
    names: 'token|(?<=:)_auth',
    notBehind:
      /(?:page|next|continu|cont|resume|cursor|sync|invalid|unexpected|near|parse|first|last|prev|start|end|scroll)[a-z]*[ _.-]?$/i,
    isSecret: isRandom,
  },
];

/** Values of keys that say they are secret, in logfmt, JSON, YAML, environment and connection strings. */
export const assignments: readonly Detector[] = FAMILIES.map(assignmentOf);

const ELEMENT = /(<(?:[\w.-]{1,40}:)?[\w.-]{0,40}(?:password|passwd|secret|token|apikey|api-key)>)([^<>\s]{3,256})(?=<\/)/gi;
const FLAG =
  /((?:^|[\s"'([])--?[\w-]{0,32}(?:password|passwd|secret|token|api-?key)(?:\s{1,2}["']?|\\{0,3}["']\s{0,2},?\s{0,2}\\{0,3}["']))([^\s"'-][^\s"',\\]{3,255})/gi;
const SQL = /(\b(?:identified by|password)\s{1,4}')([^'\n]{1,256})(?=')/gi;

/** What people say: `the password is hunter22`. */
const SPOKEN =
  /(\bpassword (?:(?:is|was|has been) (?:generated|reset|changed|created)(?: for \S{1,64}?)?(?::| to:?| as:?) {1,2}|(?:is|was)(?: set to| now)?:? {1,2})["']?)([^\s"']{6,256})/gi;
/** What a file of logins has for one host. */
const LOGIN = /(\blogin \S{1,128} password )([^\s"']{3,256})/g;
const SSHPASS = /(\bsshpass\s{1,4}-p\s{0,4}["']?)([^\s"']{3,256})/g;
/** Of a container registry, as Docker keeps it. */
const REGISTRY_AUTH = /("_?auth\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}")([A-Za-z0-9+/]{8,1024}={0,2})(?=\\{0,3}")/g;

/** The same in XML, in a program's arguments and in SQL. */
export const otherAssignments: readonly Detector[] = [
  {
    keywords: [
      ...assigned('password', 'passwd', 'secret', 'token', 'apikey', 'api-key'),
      ...folded('password ', 'passwd ', 'apikey ', 'api-key ', '-secret ', '-token ', "by '"),
    ],
    redact: (text) => {
      let replaced = text.includes('</') ? text.replace(ELEMENT, replaceValue) : text;
      if (replaced.includes(" '")) replaced = replaced.replace(SQL, replaceValue);
      if (replaced.includes('login ')) replaced = replaced.replace(LOGIN, replaceValue);
      if (!replaced.includes('-')) return replaced;
      return replaced.replace(FLAG, (whole, before: string, value: string) =>
        /\d/.test(value) && (isOpaque(value) || /passw(?:or)?d\s/i.test(before)) ? replaceValue(whole, before, value) : whole,
      );
    },
  },
  {
    keywords: [...folded('password is', 'password was', 'password has', 'sshpass'), ...assigned('auth')],
    redact: (text) =>
      text
        .replace(SPOKEN, (whole, before: string, value: string) => (isSpoken(value) ? replaceValue(whole, before, value) : whole))
        .replace(SSHPASS, replaceValue)
        .replace(REGISTRY_AUTH, (whole, before: string, value: string) =>
          isCredentials(value) ? replaceValue(whole, before, value) : whole,
        ),
  },
  {
    keywords: exact('_authToken', '_password'),
    redact: (text) => text.replace(/(:_(?:authToken|password)=)([^\s"']{4,1024})/g, replaceValue),
  },
];

function isSpoken(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || /^\d{4}-\d\d-\d\d/.test(value)) return false;
  return !/^(?:[a-z]+\d?[.,!)]*$|base64|sha\d|md5|bcrypt|argon2|pbkdf2|x509|utf-?8)/i.test(value);
}

function replaceValue(whole: string, before: string, value: string): string {
  return isPlaceholder(value) ? whole : before + hidden('password');
}

function assignmentOf({ kind, keywords, names, notBehind, isSecret }: Family): Detector {
  const pattern = new RegExp(`(${names})${ASSIGNS}${VALUE}`, 'gi');
  const mark = hidden(kind);
  const redact = (...[whole, name, assigns, escaped = '', inEscaped, inDouble, inSingle, bare, at, text]: Match): string => {
    const before = text.slice(Math.max(0, at - 24), at);
    if (IN_MARK.test(before) || notBehind?.test(before)) return whole;
    const start = `${name}${assigns}${escaped}`;
    if (bare !== undefined) {
      const value = bare.replace(/[)\]}.:|]+$/, '');
      if (value.length < 3 || isPlaceholder(bare) || isPlaceholder(value) || !isSecret(value, true)) return whole;
      if (assigns.endsWith('[') && !isRandom(value)) return whole;
      // Of an empty value, the next pair is none.
      if (/\S=\s/.test(name + assigns) && /^[A-Za-z_][\w.-]*=/.test(value)) return whole;
      if (/:\s/.test(assigns) && isProse(value, text.slice(at + whole.length))) return whole;
      return start + mark + bare.slice(value.length);
    }
    const value = inEscaped ?? inDouble ?? inSingle ?? '';
    if (isPlaceholder(value) || !isSecret(value, false)) return whole;
    return `${start}${inDouble === undefined ? (inSingle === undefined ? '' : "'") : '"'}${mark}`;
  };
  return { keywords, redact: (text) => text.replace(pattern, redact) };
}

type Optional = string | undefined;
type Match = [string, string, string, Optional, Optional, Optional, Optional, Optional, number, string];

/** Whether what follows a colon goes on as a sentence, or is an assignment of its own. */
function isProse(value: string, rest: string): boolean {
  if (/^[A-Za-z_.-]+[=:]./.test(value)) return true;
  return /^[A-Za-z][a-z'-]*$/.test(value) && /^[ \t]+\S/.test(rest);
}
