import { replaceStated } from './command-line.ts';
import { assigned, compoundKey, type Detector, exact, folded, hidden } from './detector.ts';
import { isPlaceholder, isSentence } from './placeholder.ts';
import { isPasswordLike, isRandom } from './secret-value.ts';

/** A value within quotes, or up to the room. */
const VALUE = String.raw`(?:"([^"\n]{6,256})"|'([^'\n]{6,256})'|\x60([^\x60\n]{6,256})\x60|([^\s"'\x60\\]{6,256}))`;
const SQL =
  /(\b(?:identified (?:with \S{1,64} )?(?:by|as)|(?<=identified by .{1,300}) replace|password(?: for [^\n=]{1,128}= ?)?)[\s(]{1,4})(?:'([^'\n]{1,256})(?=')|"([^"\n]{1,256})(?="))/gi;

/** These in front of "password" say that what follows is not one. */
const NOT_TOLD = String.raw`(?<!(?:failed|accepted|invalid|wrong|bad|incorrect|no|missing|enter|type|forgot|forgotten|change|prompt|\[sudo\]) )`;
/** What people and programs tell: `the password is`, `password for user x:`, `password set to`. */
const TOLD = new RegExp(
  String.raw`${NOT_TOLD}(\b(?:password|passphrase|passwort)(?: (?:(?:is|was|has been) )?(?:generated|reset|changed|created|set|rotated|updated))?(?: (?:for|of) [^\s:][^\n:=]{0,80}?)?(?:(?: is| was)(?: now| set to)?:?| to:?| as:?| now:?|:| =) {1,2})${VALUE}`,
  'gi',
);
/** What somebody is let in with. */
const GIVEN = new RegExp(
  String.raw`(\b(?:with|using) (?:the )?(?:(?:initial|temporary|default|generated|random|new) )?password:? {1,2})${VALUE}`,
  'gi',
);
/** The same of keys and tokens that open something. */
const TOLD_KEY =
  /(\b(?:api|access|secret|private|license|auth|root|bootstrap|join|refresh|admin|unseal|recovery|signing|encryption|deploy)[ -](?:key|token|secret)(?: (?:is|was)(?: set to)?:?| (?:for|of) \S{1,64}(?: \S{1,64})?(?: is|:)| \d{1,2}:| set to| =|:) {1,6}["'\x60]?)([A-Za-z0-9+/=._~-]{12,1024})/gi;
/** A key or a token that is named and not described: `api key x was revoked`. */
const NAMED_KEY =
  /(\b(?:(?:api|access|auth|refresh|bearer) (?:key|token):? |(?:token|secret) (?:is|was):? )["'\x60(]?)([A-Za-z0-9+/=._~-]{20,1024})/gi;
/** How a client of Redis or of a mail server logs in; its user may come first. */
const AUTH = /(\bAUTH(?:["'] | (?:default |PLAIN |LOGIN )?)["']?(?:[a-z][\w.@-]{0,63}["']? ["']?)?)([^\s"']{6,256})/g;
/** How a client of IMAP logs in: user and password. */
const MAIL_LOGIN =
  /(\b[A-Za-z]{0,4}\d{1,8} LOGIN (?:\\?"[^"\\\n]{1,128}\\?"|[^\s"\\]{1,128}) )(?:\\?"([^"\\\n]{3,256})|([^\s"\\]{3,256}))/g;
/** A password of a user of Redis. */
const ACL = /(\bSETUSER\b["']? [^\n]{0,256}?[\s"'][>#])([^\s"']{3,256})/gi;
/** The same of FTP and POP, in what a client prints of its talk. */
const PASS = /((?:[<>"-] ?|\bC: )PASS )([^\s"']{3,256})/g;
/** What a file of logins has for one host. */
const LOGIN = /(\blogin \S{1,128} password )([^\s"']{3,256})/g;
/** What configurations of servers say without a sign between. */
const STATED =
  /(\b(?:requirepass|masterauth|auth_pass|auth-pass \S{1,64}|bindpw|rootpw)[ \t]{1,16})(?:\\{0,3}"([^"\\\n]{3,256})|'([^'\n]{3,256})|([^\s"'\\=:]{3,256}))/g;
/** What Jenkins says before the password of its first user, in a text of many lines. */
const INITIAL = /(following password to proceed to installation:\s{1,16})([0-9a-f]{32})/g;

/** Of VPNs: `: PSK "x"`, `: EAP "x"`. */
const VPN = /((?:^|\s):\s{1,4}(?:PSK|EAP|XAUTH|NTLM)\s{1,4})"([^"\n]{3,256})(?=")/g;
/** User and password as a server prints a refused login. */
const REFUSED =
  /((?:login (?:incorrect|failed)[^\n]{0,4}|credentials(?: for)?:? ?|basic auth with |chpasswd list )[[("']{0,2}(?:\S{1,64} \/ |[\w.@-]{1,64}[/:]))([^\s)\]"']{6,256})/gi;
/** Keys of SNMP's users. */
const SNMP_USER = /(\bcreateUser \S{1,64} (?:MD5|SHA\S{0,6}) "?)([^\s"]{6,256})("?(?: (?:DES|AES\S{0,6}) "?)?)([^\s"]{6,256})?/g;

const DIGITS = [...'0123456789'];

/** Secrets that are told of in words, in SQL, in configurations of servers. */
export const sentences: readonly Detector[] = [
  {
    keywords: [...folded("by '", 'by "', 'password '), ...assigned('password')],
    redact: (text) =>
      text.replace(SQL, (whole, before: string, single: Optional, double: Optional) =>
        isPlaceholder(single ?? double ?? '') ? whole : `${before}${single === undefined ? '"' : "'"}${hidden('password')}`,
      ),
  },
  {
    keywords: [...folded('password ', 'passphrase ', 'passwort'), ...assigned('password', 'passphrase')],
    redact: (text) =>
      text
        .replace(TOLD, replaceTold)
        .replace(GIVEN, replaceTold)
        .replace(LOGIN, (whole, before: string, value: string) => (isPlaceholder(value) ? whole : before + hidden('password')))
        .replace(INITIAL, `$1${hidden('password')}`),
  },
  {
    keywords: [
      { text: 'key ', folded: true, behind: ['is', 'was', 'for ', 'of ', 'set ', '=', ...DIGITS] },
      ...folded('api key ', 'ess key ', 'ess token '),
      ...assigned('token', 'secret'),
      ...compoundKey,
    ],
    redact: (text) => text.replace(TOLD_KEY, replaceKey).replace(NAMED_KEY, replaceKey),
  },
  {
    keywords: exact('AUTH ', 'AUTH" '),
    redact: (text) =>
      text.replace(AUTH, (whole, before: string, value: string) =>
        isPasswordLike(value) && isTold(value) && !isPlaceholder(value) ? before + hidden('password') : whole,
      ),
  },
  {
    keywords: exact(' LOGIN '),
    redact: (text) =>
      text.replace(MAIL_LOGIN, (whole, before: string, quoted: Optional, bare: Optional) =>
        replaceStated(whole, before, quoted, undefined, bare),
      ),
  },
  {
    keywords: exact(': PSK "', ': EAP "', ': XAUTH "', ': NTLM "'),
    redact: (text) => text.replace(VPN, `$1"${hidden('password')}`),
  },
  {
    keywords: folded('login incorrect', 'login failed', 'credentials for ', 'credentials: ', 'basic auth with', 'chpasswd list'),
    redact: (text) =>
      text.replace(REFUSED, (whole, before: string, value: string) =>
        isPasswordLike(value) && isTold(value) && !isPlaceholder(value) ? before + hidden('password') : whole,
      ),
  },
  {
    keywords: exact('createUser '),
    redact: (text) =>
      text.replace(
        SNMP_USER,
        (_, before: string, _auth: string, between: string, priv: Optional) =>
          before + hidden('password') + between + (priv === undefined ? '' : hidden('password')),
      ),
  },
  { keywords: folded('setuser'), redact: (text) => text.replace(ACL, `$1${hidden('password')}`) },
  {
    keywords: exact('> PASS ', 'C: PASS ', '< PASS ', '- PASS ', '"PASS '),
    redact: (text) =>
      text.replace(PASS, (whole, before: string, value: string) =>
        isPlaceholder(value) || (/["-]/.test(before) && !(isPasswordLike(value) && /^[^/:]{6,}$/.test(value)))
          ? whole
          : before + hidden('password'),
      ),
  },
  {
    keywords: exact('requirepass ', 'masterauth ', 'auth_pass ', 'auth-pass ', 'bindpw ', 'rootpw '),
    redact: (text) =>
      text.replace(STATED, (whole, before: string, double: Optional, single: Optional, bare: Optional) =>
        isPlaceholder(double ?? single ?? bare ?? '') ? whole : replaceStated(whole, before, double, single, bare),
      ),
  },
];

type Optional = string | undefined;

function replaceTold(whole: string, before: string, ...[double, single, back, bare]: Optional[]): string {
  const value = double ?? single ?? back ?? bare?.replace(/[.,!?;)]+$/, '') ?? '';
  if (value.length < 6 || isPlaceholder(value) || isSentence(value) || (bare !== undefined && !isTold(value))) return whole;
  return before + whole.slice(before.length).replace(value, () => hidden('password'));
}

function replaceKey(whole: string, before: string, value: string): string {
  return isRandom(value) && !isPlaceholder(value) ? before + hidden('secret') : whole;
}

/** Whether what follows is neither a word of a sentence, nor a time, an address or what a password is made with. */
function isTold(value: string): boolean {
  if (!isPasswordLike(value) || /^\d{4}-\d\d-\d\d|:\/\/|^\/|^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(value)) return false;
  return !/^(?:[a-z]+(?:[-_'][a-z]+)*\d?[.,!:)]*$|base64|sha\d|md5|bcrypt|argon2|pbkdf2|x509|utf-?8)/i.test(value);
}
