import { type Detector, exact, folded, hidden } from './detector.ts';

const MARK = hidden('password-hash');
/** As `crypt` and its successors write them: `$2y$`, `$6$`, `$argon2id$`, `$y$`, `$P$`. */
const CRYPT =
  /(?<![\w$])\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|[156y]\$(?:[^\s$"':,]{1,64}\$){1,3}[./A-Za-z0-9]{20,128}|argon2(?:id|i|d)\$v=\d+\$[^\s$"']{1,64}\$[A-Za-z0-9+/]{8,128}\$[A-Za-z0-9+/]{16,256}|(?:apr1|sha1|md5|gy|7|scrypt|pbkdf2(?:-sha\d+)?)\$[^\s"']{16,256}|[PH]\$[./A-Za-z0-9]{31})/g;
/** Of frameworks: `pbkdf2_sha256$260000$salt$hash`, `SCRAM-SHA-256$4096:salt$keys`. */
const FRAMEWORK =
  /(?<![\w$])(?:pbkdf2_sha\d{1,3}|pbkdf2:sha\d{1,3}:\d{1,8}|scrypt:\d{1,8}:\d{1,4}:\d{1,4}|SCRAM-SHA-\d{1,3}|bcrypt_sha256|bcrypt|argon2)\$[^\s"',;]{24,512}/g;
/** Of directories: `{SSHA}...`. */
const DIRECTORY = /\{(?:SSHA|SHA|SMD5|MD5|CRYPT|SSHA\d{3}|SHA\d{3}|PBKDF2(?:-SHA\d{3})?|ARGON2)\}[A-Za-z0-9+/$.=,]{20,512}/gi;
/** Of MySQL, behind what it is for. */
const MYSQL = /(?<=\b(?:as|password|passwd|hash|authentication_string)\b["'\s:=]{1,8})\*[0-9A-F]{40}(?![0-9A-F])/gi;
/** Of Windows: the two hashes of an account. */
const WINDOWS = /\b[0-9a-f]{32}:[0-9a-f]{32}(?=:::|\b)/gi;
/** Of PostgreSQL. */
const POSTGRES = /(?<=password[^\n]{0,16}["'\s:=])md5[0-9a-f]{32}\b/gi;

const BEHIND = [...'./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

/** Hashes of passwords, which can be tried until one fits. */
export const passwordHashes: readonly Detector[] = [
  {
    keywords: exact('$2a$', '$2b$', '$2y$', '$2x$', '$argon2', '$apr1$', '$pbkdf2', '$scrypt', '$sha1$').concat(
      ['1', '5', '6', 'y', 'gy', '7', 'P', 'H'].map((id) => ({ text: `$${id}$`, folded: false, behind: BEHIND })),
    ),
    redact: (text) => text.replace(CRYPT, MARK),
  },
  {
    keywords: exact('pbkdf2_', 'pbkdf2:', 'scrypt:', 'SCRAM-SHA', 'bcrypt$', 'bcrypt_sha256$', 'argon2$'),
    redact: (text) => text.replace(FRAMEWORK, MARK),
  },
  {
    keywords: ['SHA}', 'SMD5}', 'MD5}', 'CRYPT}', 'sha256}', 'sha512}', 'ARGON2}'].map((text) => ({
      text: text.toLowerCase(),
      folded: true,
    })),
    redact: (text) => text.replace(DIRECTORY, MARK),
  },
  {
    keywords: folded(
      'tication_string',
      "as '*",
      'as "*',
      ...['hash', 'password', 'passwd'].flatMap((key) => [" '*", "='*", '=*', ': *', '":"*', '": "*'].map((sign) => key + sign)),
    ),
    redact: (text) => text.replace(MYSQL, MARK),
  },
  { keywords: exact('aad3b435b51404ee'), redact: (text) => text.replace(WINDOWS, MARK) },
  {
    keywords: [...exact("'md5", '"md5', ':md5', '=md5')],
    redact: (text) => text.replace(POSTGRES, MARK),
  },
];
