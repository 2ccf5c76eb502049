import { assigned, compoundKey, type Detector, exact, folded } from './detector.ts';
import { isSentence } from './placeholder.ts';
import { isOpaque, isPasswordLike, isRandom, isScrambled } from './secret-value.ts';

/** Keys whose values are secrets of one kind. */
export interface Family {
  readonly kind: string;
  readonly keywords: Detector['keywords'];
  /** The end of the key, without groups. */
  readonly names: string;
  /** Keys that end alike and hold no secret. */
  readonly notBehind?: RegExp;
  readonly isSecret: (value: string, isBare: boolean) => boolean;
  /** Set where only names of this case count. */
  readonly isExactCase?: true;
  /** Set where names have other letters than those of ASCII. */
  readonly byCharacter?: true;
}

/** Whose password `DB_PASS` or `smtp.pass` is. */
const OWNERS = alternatives(`
  db database user smtp mail email imap redis mysql mariadb pg postgres mongo sql ldap admin root ftp sftp ssh rabbitmq
  amqp mqtt kafka proxy login auth basic http sudo become bind svc service vault elastic keystore truststore cert vpn
  wifi nexus registry docker git s3
`);

/** What a key is for that ends in `key` and opens something. */
const OPENING = alternatives(`
  api app application access private signing encryption master auth license account service webhook integration shared
  preshared subscription storage admin deploy root write function functions hmac decryption cipher crypto activation
  registration server session secondary connection fernet jwt aes cookie wrapping unseal recovery host agent ingest
  ingestion insert instrumentation bot tsig backup enc sign
`);

/** What a key is for in the environment that finds something, and opens nothing. */
const FOUND_BY = alternatives(`
  PUBLIC PARTITION ROUTING SORT PRIMARY FOREIGN CACHE OBJECT ROW IDEMPOTENCY DEDUP GROUP SHARD HASH RANGE MAP REGISTRY
  MESSAGE EVENT RECORD INDEX UNIQUE DOCUMENT FILE BLOB STATE LOCK RESTORE
`);

/** All families of keys, those that say most about what they hold first. */
export const FAMILIES: readonly Family[] = [
  {
    kind: 'password',
    keywords: assigned(
      ...['password', 'passwd', 'passw', 'passphrase', 'passcode', 'pwd', 'confirmation', 'masterauth', 'requirepass'],
      ...['rootpw', 'bindpw', 'userpw', 'adminpw'],
    ),
    names:
      'pass(?:word|wd|w|phrase|code)(?:[_-]?confirmation)?|(?<![A-Za-z])pwd|(?:_|my|pg|db)pwd|(?:root|bind|user|admin)pw|requirepass|masterauth',
    // `pam_unix(passwd:chauthtok)` names a program and what it was asked for.
    notBehind: /pam_\w{1,32}\($/,
    isSecret: (value) => value.length >= 3 && !isPath(value) && !isSentence(value),
  },
  {
    kind: 'password',
    keywords: assigned('pass'),
    names: `(?<![a-z])(?:${OWNERS})[_.-]?pass`,
    isSecret: (value) =>
      value.length >= 4 && !isPath(value) && !/^(?:passed|pass|skip|skipped|done|through)$/i.test(value) && !isSentence(value),
  },
  {
    kind: 'password',
    keywords: [...assigned('pass', 'psk'), ...folded(' pw=', '_pw=')],
    names: '(?:[a-z0-9]_|(?<![A-Za-z]))pass|(?<![A-Za-z])(?:psk|pw)',
    isSecret: (value, isBare) =>
      (isBare ? isOpaque(value) : value.length >= 6) &&
      (isRandom(value) || /\d/.test(value) || /[^A-Za-z0-9]/.test(value)) &&
      !/^\d+(?:[/%]|(?:\.\d+)?[a-z]{0,3}$)/.test(value) &&
      !isSentence(value),
  },
  {
    kind: 'password',
    keywords: assigned('pass'),
    names: '(?<=[A-Z0-9]_)PASS',
    isExactCase: true,
    isSecret: isPasswordLike,
  },
  {
    kind: 'api-key',
    keywords: [...compoundKey, ...exact('windows.net=')],
    names: `(?:${OPENING})[ _.-]?key(?:\\.[\\w-]{1,40}(?:\\.(?:blob|dfs|file|queue|table)\\.core\\.windows\\.net))?`,
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
      '(?:client|app|api|consumer|shared|jwt|webhook|signing|session|oauth|cookie|hmac|auth)[_.-]?secret(?:[_-]?key)?|secret[_.-]?key(?:[_-]?base)?|secret[_-]?token|credentials?',
    isSecret: (value) => isOpaque(value),
  },
  {
    kind: 'secret',
    keywords: assigned('secret', 'secret_id', 'secret-id', 'secretid'),
    names: '(?<![a-z])secret(?:[_-]?id)?|[a-z]Secret(?:Id)?',
    isSecret: (value) => isRandom(value) || isScrambled(value),
  },
  {
    kind: 'token',
    keywords: [...assigned('token', 'pat'), ...exact(':_auth=')],
    names: 'token|(?<![A-Za-z])pat|(?<=:)_auth',
    notBehind:
      /(?:page|next|continu|cont|resume|cursor|sync|invalid|unexpected|near|parse|first|last|prev|start|end|scroll)[a-z]*[ _.-]?$/i,
    isSecret: isRandom,
  },
  {
    kind: 'api-key',
    keywords: compoundKey,
    names: '(?<=[A-Z0-9])_KEY',
    notBehind: new RegExp(`(?:${FOUND_BY})$`),
    isExactCase: true,
    isSecret: (value) => value.length >= 16 && isRandom(value) && !/^[0-9a-f]{8}-/i.test(value),
  },
];

function isPath(value: string): boolean {
  return /^(?:~|\.{1,2})?\//.test(value);
}

function alternatives(words: string): string {
  return words.trim().split(/\s+/).join('|');
}
