import type { Literal } from '../literal-scan.ts';
import { replaceIn, replaceStated } from './command-line.ts';
import { assigned, compoundKey, type Detector, exact, folded, hidden, passwordApart } from './detector.ts';
import { OPENING, OPENING_ALONE } from './key-words.ts';
import { isPlaceholder } from './placeholder.ts';
import { isCredentials, isDrawn, isOpaque, isPasswordLike, isStrong } from './secret-value.ts';

/** The name of an element, an attribute or a variable that holds a secret. */
const NAME = String.raw`[\w.:-]{0,60}(?:pass(?:[_-]?(?:word|phrase)|wd)|pwd|secret|token|credential|(?:${OPENING}|${OPENING_ALONE})[_.-]?key)`;
const ELEMENT = new RegExp(
  String.raw`(<${NAME}(?:\s[^<>]{0,256})?>(?:<!\[CDATA\[)?)([^<>\s][^<>\n\]]{2,4095})(?=(?:\]\]>)?</)`,
  'gi',
);
/** The same as a text has it. */
const ESCAPED_ELEMENT = new RegExp(
  String.raw`((?:&lt;|\\{1,2}u003c)(${NAME})(?:&gt;|\\{1,2}u003e))((?!&lt;|\\{1,2}u003c)\S{3,512}?)(?=(?:&lt;|\\{1,2}u003c)/)`,
  'gi',
);
/** Its name as an attribute, its value as the text: `<entry key="password">`. */
const NAMED_ELEMENT = new RegExp(
  String.raw`((?:key|name)=\\{0,3}["']${NAME}\\{0,3}["'][^<>]{0,64}>(?:\s{0,64}<(?:\w{1,16}:)?(?:Attribute)?Value(?:\s[^<>]{0,128})?>)?)([^<>\s][^<>\n]{2,4095})(?=</)`,
  'gi',
);
/** Name and value in an element each: `<name>password</name><value>`. */
const ELEMENTS = new RegExp(
  String.raw`(<(?:key|name)>${NAME}</(?:key|name)>\s{0,64}<(?:value|string)>)([^<>\s][^<>\n]{2,4095})(?=</)`,
  'gi',
);
/** What says that a name, or a value, follows. */
const NAMING = '(?:key|name|k|field|attribute|attr|param(?:eter)?|property|prop|setting|option|variable|var|label|type)';
const VALUING = '(?:value|content|v|val|data|stringValue|string_value|plain|raw|text)';
const IS = String.raw`\\{0,3}["']?\s{0,4}(?:[:=]|=>)\s{0,4}`;
const APART = String.raw`(?:[\s,;]|\\n){1,16}`;
/** Others between the two: `"type":"text",`. */
const BETWEEN = String.raw`(?:\\{0,3}["']?[\w-]{1,32}${IS}(?:\\{0,3}["'][^"'\\\n]{0,128}\\{0,3}["']|[\w.-]{1,64})${APART}){0,3}`;
const OBJECT = String.raw`(?:\{\s?\\{0,3}["'](?:stringValue|string_value|value)${IS})?`;
/** A pair of a name and a value: an environment variable in a pod's spec, a setting in XML, in Go's words and in Python's. */
const PAIR = new RegExp(
  String.raw`((?<![A-Za-z])${NAMING}${IS}\\{0,3}["']?${NAME}\\{0,3}["']?${APART}${BETWEEN}\\{0,3}["']?${VALUING}${IS}${OBJECT})(?:\\{0,3}"([^"\\\n]{3,4096})|\\{0,3}'([^'\\\n]{3,4096})|([^\s"'\\<>,{}[]{3,4096}))`,
  'gi',
);
/** The same with the value first. */
const PAIR_BACK = new RegExp(
  String.raw`((?<![A-Za-z])${VALUING}${IS}\\{0,3}["'])([^"'\\\n]{3,4096})(?=\\{0,3}["']\s?,\s?${BETWEEN}\\{0,3}["']?(?:key|name|k|field|param|path)${IS}\\{0,3}["']?${NAME}\\{0,3}["'])`,
  'gi',
);
/** What a field was given that is not valid, as pydantic tells it: `"loc":["body","password"],"msg":"...","input":"x"`. */
const INVALID = new RegExp(
  String.raw`(\\{0,3}["']loc\\{0,3}["']\s?:\s?[[(][^\])\n]{0,128}?${NAME}\\{0,3}["'],?\s?[\])][^{}\n]{0,512}?["']input\\{0,3}["']\s?:\s?\\{0,3}["'])([^"'\\\n]{3,4096})`,
  'gi',
);
/** Arguments of a call: `define('DB_PASSWORD', 'x')`, `setPassword("x")`. */
const CALL = new RegExp(String.raw`(\(\s{0,2}["']${NAME}["']\s{0,2},\s{0,16}["']|setpassword\(["'])([^"'\n]{3,256})`, 'gi');
/** What somebody logs in with by a call, the user first: `db.auth("app", "x")`. */
const LOGIN_CALL =
  /(\b\w{0,40}(?:(?:log_?in|sign_?in|Credentials?|auth(?:enticate)?)(?:\(|\s?=\s?\()\s?\\{0,3}["'][^"'\\\n]{1,128}\\{0,3}["'],\s{0,2}|auth(?:enticate)?(?:\(|\s?=\s?\())\\{0,3}["'])([^"'\\\n]{6,256})(?=\\{0,3}["']\s?[),])/gi;
/** What a database's client is called with, in a trace: host, user and then the password. */
const CONNECT =
  /(\b(?:mysqli?_p?connect|(?:PDO|mysqli)->__construct|new (?:PDO|mysqli)|DBI\b.{0,4}connect|(?:MySQLdb|pymysql|oracledb|cx_Oracle)\.connect)\((?:["'][^"'\n]{0,256}["'],\s?){2}["']|\bldap_bind\([^"'\n]{1,64},\s?["'][^"'\n]{1,256}["'],\s?["'])([^"'\n]{3,256})/g;
/** The same of Oracle, in one text: `connect("user/x@host")`. */
const CONNECT_ONE = /((?:oracledb|cx_Oracle)\.connect\(\\{0,3}["'][\w$#]{1,64}\/)([^\s"'@\\]{3,256})(?=@)/g;
/** A line end, also as a text of a text has it. */
const LINE_END = String.raw`(?:\\{1,2}r\\{1,2}n|\\{1,2}n|\r?\n)`;
/** A field of a form that is sent in parts. */
const FORM = new RegExp(String.raw`(name=\\{0,3}"${NAME}\\{0,3}"${LINE_END}{2})([^\s\\"]{3,4096})`, 'gi');
/** A value that takes the place of another: `password: "a" => "b"`. */
const CHANGED = new RegExp(String.raw`(${NAME}["']?\s{0,4}[:=]\s{0,4}"[^"\n]{0,256}"\s?[=-]>\s?")([^"\n]{3,4096})`, 'gi');
/** Whether there is a word for a value at all. */
const VALUED = /value|content|data|plain|raw|text|\bv(?:al)?\b/i;
const MARKED = /^\s*(?:\[redacted:|$)/;

/** Of a container registry, as Docker keeps it. */
const REGISTRY_AUTH = /("_?auth\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}")([A-Za-z0-9+/]{8,1024}={0,2})(?=\\{0,3}")/g;
const NPM = /((?<![A-Za-z0-9])_(?:(?:authToken|password)=|authToken\s{1,4}))([^\s"']{4,1024})/g;

const NPM_AUTH = /((?<![\w])_auth=)([A-Za-z0-9+/]{8,1024}={0,2})(?![\w+/=-])/g;
/** Letters, a digit and a sign that no name has. */
const SIGNED = /^(?=.*[a-z])(?=.*\d)(?=.*[!@#$%^*?~])[^\s/:()]{8,64}$/i;

/** What follows a name whose value stands apart. */
const NEXT = ['\\n', ' value', ',value', ', value', ' type', '</key', '</name', '&lt;'];

/** Values that stand apart from the name of what they are for: in XML, in pairs of name and value, in calls, in files of clients. */
export const namedValues: readonly Detector[] = [
  {
    keywords: [
      ...assigned('password', 'passwd', 'passphrase', 'pwd', 'secret', 'token', 'credential'),
      ...compoundKey,
      passwordApart,
      ...folded('setpassword('),
      ...['password', 'passwd', 'passphrase', 'pwd', 'secret', 'credential', '_token', '_key', 'apikey'].map(
        (text): Literal => ({ text, folded: true, behind: NEXT }),
      ),
    ],
    redact(text) {
      let replaced = text;
      if (text.includes('</'))
        replaced = replaced
          .replace(ELEMENT, replaceUnless)
          .replace(NAMED_ELEMENT, replaceUnless)
          .replace(ELEMENTS, replaceUnless);
      if (VALUED.test(text)) replaced = replaced.replace(PAIR, replaceValue).replace(PAIR_BACK, replaceUnless);
      if (/(?:&lt;|u003c)\//i.test(text))
        replaced = replaced.replace(ESCAPED_ELEMENT, (whole, before: string, _name: string, value: string) =>
          replaceUnless(whole, before, value),
        );
      if (text.includes('input')) replaced = replaced.replace(INVALID, replaceUnless);
      if (text.includes('name=')) replaced = replaced.replace(FORM, replaceUnless);
      if (text.includes('> "')) replaced = replaced.replace(CHANGED, replaceUnless);
      if (text.includes('('))
        replaced = replaced.replace(CALL, (whole, before: string, value: string) =>
          isPasswordLike(value) ? replaceUnless(whole, before, value) : whole,
        );
      return replaced;
    },
  },
  {
    keywords: assigned('auth'),
    redact: (text) =>
      text.replace(REGISTRY_AUTH, (whole, before: string, value: string) =>
        isCredentials(value) ? before + hidden('password') : whole,
      ),
  },
  {
    keywords: [
      ...exact('connect(', '->__construct(', 'ldap_bind('),
      ...['PDO(', 'ysqli('].map((text): Literal => ({ text, folded: false, behind: ['"', "'"] })),
    ],
    redact: (text) => text.replace(CONNECT, `$1${hidden('password')}`).replace(CONNECT_ONE, `$1${hidden('password')}`),
  },
  {
    keywords: ['auth(', 'auth=(', 'gin(', '_in(', 'tials(', 'tial(', 'cate('].map((text) => ({
      text,
      folded: true,
      behind: ['"', "'", '\\'],
    })),
    redact: (text) =>
      text.replace(LOGIN_CALL, (whole, before: string, value: string) =>
        (isDrawn(value) || isStrong(value) || SIGNED.test(value)) && !isPlaceholder(value) && !/^[0-9a-f]{8}-/.test(value)
          ? before + hidden('password')
          : whole,
      ),
  },
  {
    keywords: exact('_authToken', '_password', '_auth='),
    redact: (text) =>
      text
        .replace(NPM, (whole, before: string, value: string) =>
          before.endsWith('=') || isOpaque(value) ? replaceStated(whole, before, undefined, undefined, value) : whole,
        )
        .replace(NPM_AUTH, (whole, before: string, value: string) =>
          isCredentials(value) ? before + hidden('password') : whole,
        ),
  },
];

function replaceValue(whole: string, before: string, ...[double, single, bare]: (string | undefined)[]): string {
  const value = double ?? single ?? bare ?? '';
  const replaced = replaceUnless(`${before}${value}`, before, value);
  return replaced === `${before}${value}` ? whole : replaceIn(whole, before, value);
}

/** A value for a password's name; for other names only what looks like a key. */
function replaceUnless(whole: string, before: string, value: string): string {
  if (MARKED.test(value) || isPlaceholder(value)) return whole;
  return /passw|passp|pwd/i.test(before) || isOpaque(value) ? before + hidden('password') : whole;
}
