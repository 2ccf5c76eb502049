import { replaceStated } from './command-line.ts';
import { assigned, compoundKey, type Detector, exact, folded, hidden, opening } from './detector.ts';
import { isPlaceholder, isSentence } from './placeholder.ts';
import { isDrawn, isPasswordLike, isRandom, isShuffled, isStrong, UUID } from './secret-value.ts';

/** A value within quotes, or up to the room. */
const VALUE = String.raw`(?:"([^"\n]{6,256})"|'([^'\n]{6,256})'|\x60([^\x60\n]{6,256})\x60|([^\s"'\x60\\]{6,256}))`;
const SQL =
  /(\b(?:identified (?:with \S{1,64} )?(?:by|as)|(?<=identified by .{1,300} )replace|password(?: for [^\n=]{1,128}= ?)?)[\s(]{1,4})(\\{0,3})(?:'([^'\\\n]{1,256})(?=\\{0,3}')|"([^"\\\n]{1,256})(?=\\{0,3}"(?!\s?[:=])))/gi;
/** The same without quotes, as Oracle takes it. */
const SQL_BARE = /(\bidentified by )(?!values\b)([^\s"'\\;]{6,256})/gi;
/** What encrypts with a password, or hashes one. */
const SQL_CALL =
  /(\b(?:pgp_sym_(?:en|de)crypt|aes_(?:en|de)crypt|encode|decode)\([^()\n]{1,256},\s{0,2}')([^'\n]{6,256})(?='\s?[),])|(\bcrypt\(\s?')([^'\n]{3,256})(?=',\s?gen_salt)/gi;

/** These in front of "password" say that what follows is not one. */
const NOT_TOLD = String.raw`(?<!(?:failed|accepted|invalid|wrong|bad|incorrect|no|missing|enter|type|forgot|forgotten|change|prompt|\[sudo\]) )`;
/** What people and programs tell: `the password is`, `password for user x:`, `password set to`. */
const TOLD = new RegExp(
  String.raw`${NOT_TOLD}(\b(?:password|passphrase|passwort)(?: (?:(?:is|was|has been) )?(?:generated|reset|changed|created|set|rotated|updated))?(?: (?:for|of) [^\s:][^\n:=]{0,80}?)?(?:(?: is| was)(?: now| set to)?:?| to:?| as:?| now:?|:| =) {1,2})${VALUE}`,
  'gi',
);
/** What Elasticsearch says when it makes passwords. */
const LISTED = /(\bPASSWORD [\w.@-]{1,64} = )(\S{12,256})/g;
/** What somebody is let in with. */
const GIVEN = new RegExp(
  String.raw`(\b(?:with|using) (?:the )?(?:(?:initial|temporary|default|generated|random|new) )?password:? {1,2})${VALUE}`,
  'gi',
);
/** What nobody was let in with. */
const REJECTED =
  /(\b(?:invalid|wrong|incorrect|bad) (?:password|passphrase):? ["'\x60]?)([^\s"'\x60=]{6,128})(?=["'\x60]? for\b)/gi;
/** The same of keys and tokens that open something. */
const TOLD_KEY =
  /((?<![=./-])\b(?:api|access|secret|private|license|auth|root|bootstrap|join|refresh|admin|unseal|recovery|signing|encryption|deploy)[ -](?:key|token|secret)(?: (?:is|was)(?: set to)?:?| (?:for|of) \S{1,64}(?: \S{1,64})?(?: is|:)| \d{1,2}:| set to| =|:) {1,6}["'\x60]?)([A-Za-z0-9+/=._~-]{12,1024})/gi;
/** A key or a token that is named and not described: `api key x was revoked`. */
const NAMED_KEY =
  /((?<![=./-])\b(?:(?:api|access|auth|refresh|bearer) (?:key|token):? |(?:token|secret) (?:is|was):? )["'\x60(]?)([A-Za-z0-9+/=._~-]{20,1024})/gi;
/** How a client of Redis or of a mail server logs in; its user may come first. */
const AUTH =
  /((?:\bAUTH(?:ENTICATE)?(?:\\{0,3}["'] | (?:default |PLAIN |LOGIN |XOAUTH2 |OAUTHBEARER )?)|["']auth\\{0,3}["'] (?=\\{0,3}["']))\\{0,3}["']?(?:(?!ok|fail|succe|error|requ|den|from|for|by|with|is |resp|token|method|type)[a-z][\w.@-]{0,63}\\{0,3}["']? \\{0,3}["']?)?)([^\s"'\\]{6,2048})/g;
/** How somebody proves a nickname. */
const IDENTIFIED = /(\b(?:NickServ|NICKSERV)[^\n]{0,8}\bIDENTIFY (?:\S{1,64} )?)(\S{6,256})/g;
/** What a server that asks for a password in base64 is answered. */
const ANSWERED = /(\b334 UGFzc3dvcmQ6(?:[^A-Za-z0-9+]|C:|\\[rn]){1,16})(?!redacted:)([A-Za-z0-9+/]{4,256}={0,2})/g;
/** How a client of IMAP logs in: user and password. */
const MAIL_LOGIN =
  /(\b[A-Za-z]{0,4}\d{1,8} LOGIN (?:\\?"[^"\\\n]{1,128}\\?"|[^\s"\\]{1,128}) )(?:\\?"([^"\\\n]{3,256})|([^\s"\\]{3,256}))/g;
/** A password of a user of Redis. */
const ACL = /(\bSETUSER\b["']? [^\n]{0,256}?[\s"'][>#])([^\s"']{3,256})/gi;
/** The same as a server lists it. */
const ACL_LISTED = /(\buser \S{1,64} o(?:n|ff)(?: \S{1,64}){0,8}? >)(\S{3,256})/g;
/** The same of FTP and POP, in what a client prints of its talk. */
const PASS = /((?:[<>"-] ?|\bC: |\bUSER \S{1,64} \/ |^|[\s:])PASS )([^\s"']{3,256})/g;
/** What a file of logins has for one host. */
const LOGIN = /(\blogin \S{1,128} password )([^\s"']{3,256})/g;
/** What configurations of servers say without a sign between. */
const STATED =
  /(\b(?:requirepass|masterauth|auth_pass|auth-pass \S{1,64}|auth-user-pass \S{1,64}|bindpw|rootpw|(?:dest|src)?(?:store|key)pass(?= [^\s"']*\d))(?:[ \t]{1,16}|\\{0,3}["'][ \t]{1,4}))(?:\\{0,3}"([^"\\\n]{3,256})|'([^'\n]{3,256})|([^\s"'\\=:]{3,256}))/g;
/** What Jenkins says before the password of its first user, in a text of many lines. */
const INITIAL = /(following password to proceed to installation:\s{1,16})([0-9a-f]{32})/g;

/** Of VPNs: `: PSK "x"`, `: EAP "x"`. */
const VPN = /((?:^|\s):\s{1,4}(?:PSK|EAP|XAUTH|NTLM)\s{1,4})"([^"\n]{3,256})(?=")/g;
/** User and password as a server prints a refused login. */
const REFUSED =
  /((?:login (?:incorrect|failed)(?: \([^()\n]{1,128}\))?[^\n]{0,4}|\bstats auth |cred(?:ential)?s(?: for| used)?:? ?|\bbasic (?:auth with )?|chpasswd list )[[("']{0,2}(?:\S{1,64} \/ |[\w.@-]{1,64}[/:]))([^\s)\]"']{6,256})/gi;
/** What a honeypot prints of a login. */
const TRIED = /(\blogin attempt \[(?:b')?[^\s/\]]{1,64}\/(?:b')?)([^\s'\]]{3,128})/g;
/** How a client of ZooKeeper logs in. */
const DIGEST = /(\baddauth digest [^\s:]{1,64}:)([^\s:"'\\]{6,256})/g;
/** Keys of SNMP's users. */
const SNMP_USER = /(\bcreateUser \S{1,64} (?:MD5|SHA\S{0,6}) "?)([^\s"]{6,256})("?(?: (?:DES|AES\S{0,6}) "?)?)([^\s"]{6,256})?/g;

const DIGITS = [...'0123456789'];

/** Secrets that are told of in words, in SQL, in configurations of servers. */
export const sentences: readonly Detector[] = [
  {
    keywords: [...folded("by '", 'by "', 'by \\', 'password ', 'identified by '), ...assigned('password')],
    redact: (text) =>
      text
        .replace(SQL, (whole, before: string, quote: string, single: Optional, double: Optional) =>
          isPlaceholder(single ?? double ?? '')
            ? whole
            : `${before}${quote}${single === undefined ? '"' : "'"}${hidden('password')}`,
        )
        .replace(SQL_BARE, (whole, before: string, value: string) =>
          isPasswordLike(value) && isTold(value) && !isPlaceholder(value) ? before + hidden('password') : whole,
        ),
  },
  {
    keywords: folded('gen_salt', 'pgp_sym_', 'aes_encrypt('),
    redact: (text) =>
      text.replace(SQL_CALL, (whole, call: Optional, key: Optional, crypt: Optional, password: Optional) =>
        isPlaceholder(key ?? password ?? '') ? whole : (call ?? crypt ?? '') + hidden('password'),
      ),
  },
  {
    keywords: [...folded('password ', 'passphrase ', 'passwort'), ...assigned('password', 'passphrase')],
    redact: (text) =>
      text
        .replace(TOLD, replaceTold)
        .replace(GIVEN, replaceTold)
        .replace(REJECTED, (whole, before: string, value: string) =>
          replaceTold(whole, before, undefined, undefined, undefined, value),
        )
        .replace(LISTED, (whole, before: string, value: string) =>
          isShuffled(value) || isDrawn(value) ? before + hidden('password') : whole,
        )
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
    keywords: exact('AUTH ', 'AUTH" ', 'AUTH\\', 'auth" "', 'auth\\" ', 'AUTHENTICATE '),
    redact: (text) =>
      text.replace(AUTH, (whole, before: string, value: string) =>
        isPasswordLike(value) && isTold(value) && !isPlaceholder(value) ? before + hidden('password') : whole,
      ),
  },
  {
    keywords: exact('IDENTIFY '),
    redact: (text) =>
      text.replace(IDENTIFIED, (whole, before: string, value: string) =>
        isPasswordLike(value) ? before + hidden('password') : whole,
      ),
  },
  { keywords: exact('UGFzc3dvcmQ6'), redact: (text) => text.replace(ANSWERED, `$1${hidden('password')}`) },
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
    keywords: folded(
      'login incorrect',
      'login failed',
      'stats auth ',
      'credentials ',
      'credentials: ',
      'basic ',
      'chpasswd list',
      'creds ',
    ),
    redact: (text) =>
      text.replace(REFUSED, (whole, before: string, value: string) => {
        const isPair = /cred(?:ential)?s(?: for| used)?:? \S+$|basic \S+$/i.test(before);
        if (isPair && isPlaceholder(`${/\S+$/.exec(before)?.[0]}${value}`)) return whole;
        const isMeant = isPair ? isDrawn(value) || isStrong(value) : isTold(value);
        return isPasswordLike(value) && isMeant && !isPlaceholder(value) ? before + hidden('password') : whole;
      }),
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
  { keywords: folded('login attempt ['), redact: (text) => text.replace(TRIED, replaceTried) },
  { keywords: exact('addauth '), redact: (text) => text.replace(DIGEST, replaceTried) },
  { keywords: exact(' on >'), redact: (text) => text.replace(ACL_LISTED, `$1${hidden('password')}`) },
  { keywords: folded('setuser'), redact: (text) => text.replace(ACL, `$1${hidden('password')}`) },
  {
    keywords: opening('PASS '),
    redact: (text) =>
      text.replace(PASS, (whole, before: string, value: string) =>
        isPlaceholder(value) || !isPassed(before, value) ? whole : before + hidden('password'),
      ),
  },
  {
    keywords: [
      'requirepass',
      'masterauth',
      'auth_pass',
      'auth-pass',
      'bindpw',
      'rootpw',
      'user-pass',
      'storepass',
      'keypass',
    ].map((text) => ({
      text,
      folded: false,
      behind: [' ', '\t', '" ', '\\" ', "' "],
    })),
    redact: (text) =>
      text.replace(STATED, (whole, before: string, double: Optional, single: Optional, bare: Optional) =>
        isPlaceholder(double ?? single ?? bare ?? '') ? whole : replaceStated(whole, before, double, single, bare),
      ),
  },
];

type Optional = string | undefined;

/** Whether what follows "PASS" is a password: in most lines a test has passed. */
function isPassed(before: string, value: string): boolean {
  if (/[<>]|C: |USER/.test(before)) return true;
  return /["-]/.test(before)
    ? isPasswordLike(value) && /^[^/:]{6,}$/.test(value)
    : isShuffled(value) && !/^[0-9a-f]+$/.test(value);
}

function replaceTold(whole: string, before: string, ...[double, single, back, bare]: Optional[]): string {
  const value = double ?? single ?? back ?? bare?.replace(/[.,!?;)]+$/, '') ?? '';
  if (value.length < 6 || isPlaceholder(value) || isSentence(value) || (bare !== undefined && !isTold(value))) return whole;
  return before + whole.slice(before.length).replace(value, () => hidden('password'));
}

function replaceTried(whole: string, before: string, value: string): string {
  return isPlaceholder(value) ? whole : before + hidden('password');
}

function replaceKey(whole: string, before: string, value: string): string {
  if (UUID.test(value) && /^api key $/i.test(before)) return whole;
  return isRandom(value) && !isPlaceholder(value) ? before + hidden('secret') : whole;
}

/** Words, also those of a name. */
const WORDS =
  /^(?:(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_'](?:[A-Z]?[a-z]+|[A-Z]+))*|[A-Z]{0,4}[a-z]{2,}(?:[A-Z]{1,4}[a-z]{2,}){0,5}[A-Z]{0,4})\d?[.,!:)]*$/;

/** Whether what follows is neither a word of a sentence, nor a time, an address or what a password is made with. */
function isTold(value: string): boolean {
  if (!isPasswordLike(value) || /^\d{4}-\d\d-\d\d|:\/\/|^\/|^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(value)) return false;
  return !WORDS.test(value) && !/^(?:base64|sha\d|md5|bcrypt|argon2|pbkdf2|x509|utf-?8)/i.test(value);
}
