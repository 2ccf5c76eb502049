import { assigned, compoundKey, type Detector, exact, folded, hidden } from './detector.ts';
import { isPlaceholder, isStandIn } from './placeholder.ts';
import { isOpaque, isPasswordLike } from './secret-value.ts';

/** Between two arguments: room, or the quotes and the comma of a list of them. */
const GAP = String.raw`(?:\s{1,4}|\\{0,3}["']\s{0,2},?\s{0,2}\\{0,3}["'])`;
/** A value within quotes, or up to the room. */
const VALUE = String.raw`(?:\\{0,3}"([^"\\\n]{3,256})|\\{0,3}'([^'\\\n]{3,256})|([^\s"'\\,;|&<>)\x60]{3,256}))`;
/** Arguments in between. */
const OTHERS = String.raw`[^\n|;]{0,256}?`;

/** How programs are given a password. */
interface Usage {
  readonly programs: readonly string[];
  /** What follows the program's name at once. */
  readonly verb?: string;
  /** What stands right in front of the password, anywhere behind that. */
  readonly flag?: string;
}

const LOGIN = `${GAP}(?:registry${GAP})?login`;
const USAGES: readonly Usage[] = [
  { programs: ['mysql', 'mysqldump', 'mysqladmin', 'mysqlcheck', 'mysqlimport', 'mariadb', 'mariadb-dump'], flag: '-p' },
  {
    programs: ['docker', 'podman', 'nerdctl', 'buildah', 'helm', 'skopeo', 'az', 'oc'],
    verb: LOGIN,
    flag: `-p(?:${GAP}|=)`,
  },
  {
    programs: ['mongo', 'mongosh', 'mongodump', 'mongorestore', 'mongoexport', 'mongoimport', 'sshpass'],
    flag: `-p(?:${GAP}|=)?`,
  },
  { programs: ['redis-cli'], flag: `(?:-a|--pass)${GAP}` },
  { programs: ['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapdelete', 'ldapwhoami', 'ldappasswd'], flag: `-[ws]${GAP}` },
  { programs: ['sqlcmd'], flag: `-P${GAP}` },
  { programs: ['smbclient'], flag: `(?:-U|--user)(?:${GAP}|=)[^\\s%"']{1,64}%` },
  { programs: ['htpasswd'], flag: `-[a-zA-Z]{0,8}b[a-zA-Z]{0,8}(?:${GAP}[^\\s"'-][^\\s"']{0,128}){1,2}${GAP}` },
  { programs: ['curl'], flag: `(?:-u|-U|--user|--proxy-user)(?:${GAP}|=)?\\\\{0,3}["']?[^\\s:"'-][^\\s:"']{0,127}:` },
  { programs: ['curl'], flag: `(?:-b|--cookie)${GAP}\\\\{0,3}["']?[^\\s"'=]{1,128}=` },
  { programs: ['keytool'], flag: `-(?:dest|src)?(?:store|key)pass${GAP}` },
  { programs: ['openssl'], flag: `-?pass(?:in|out)?${GAP}pass:` },
  { programs: ['sqlplus'], flag: '(?:userid=)?[A-Za-z][\\w$#]{0,63}/' },
  { programs: ['vault'], verb: `${GAP}login(?:${GAP}-\\S{1,64}){0,4}${GAP}(?=\\S{0,64}[\\d.])` },
  { programs: ['ngrok'], verb: `${GAP}(?:config${GAP}add-)?authtoken${GAP}` },
  { programs: ['rabbitmqctl'], verb: `${GAP}(?:add_user|change_password)${GAP}\\S{1,128}${GAP}` },
  { programs: ['net'], verb: `${GAP}(?:use${GAP}\\\\\\\\\\S{2,256}|user${GAP}[^\\s/]{1,64})${GAP}` },
];

const COMMANDS: readonly (readonly [programs: readonly string[], pattern: RegExp])[] = USAGES.map(
  ({ programs, verb = '', flag }) => {
    const between = flag === undefined ? '' : `(?=[\\s"'\\\\])${OTHERS}${GAP}${flag}`;
    return [programs, new RegExp(`((?<![\\w.-])(?:${programs.join('|')})(?:\\.exe)?${verb}${between})${VALUE}`, 'g')];
  },
);

const FLAG = new RegExp(
  String.raw`((?:^|[\s"'([])--?[\w-]{0,32}(?:password|passwd|passphrase|secret|token|(?<![a-z])pass|pwd|(?:api|access|private|secret|auth|license|encryption|account|storage|master)-?key)${GAP})(?!-)${VALUE}`,
  'gi',
);
/** What is written to the standard input of a program that asks for a password. */
const PIPED =
  /(\b(?:echo|printf)\s{1,2}(?:-\w{1,2}\s{1,2}|["']?%s(?:\\{1,2}n)?["']?\s{1,2})?)(?:"([^"\n]{3,256})"|'([^'\n]{3,256})'|([^\s"'|]{3,256}))(?=\s{0,4}\|[^\n]{0,256}?(?:-stdin\b|\bchpasswd\b|\bsudo\s[^|\n]{0,64}-S))/g;
/** `aws configure set aws_secret_access_key x`, `ENV DB_PASSWORD x` of an image. */
const CONFIGURED = new RegExp(
  String.raw`((?:\baws_secret_access_key|\b(?:ENV|ARG|setx) [A-Z0-9_]{0,64}PASSWORD)${GAP})${VALUE}`,
  'g',
);
const ORACLE = /(jdbc:oracle:(?:thin|oci8?):[\w$#]{1,64}\/)(?:"([^"\n]{1,256})"|'([^'\n]{1,256})'|([^\s"'@]{1,256}))(?=@)/g;

/** Passwords among a program's arguments. */
export const commandLines: readonly Detector[] = [
  {
    keywords: [
      ...exact(
        'mysql',
        'mariadb',
        'redis-cli',
        'mongo',
        'sshpass',
        'sqlcmd',
        'smbclient',
        'curl ',
        'keytool',
        'sqlplus',
        'rabbitmqctl',
        'authtoken ',
        'net use',
      ),
      { text: 'ldap', folded: false, behind: ['search', 'add', 'modify', 'delete', 'whoami', 'passwd'] },
      { text: ' login', folded: false, before: 'rnzcyt', behind: [' '] },
      ...folded('passwd '),
      ...assigned('pass'),
    ],
    redact: (text) =>
      COMMANDS.reduce(
        (left, [programs, pattern]) =>
          programs.some((name) => left.includes(name)) ? left.replace(pattern, replaceStated) : left,
        text,
      ),
  },
  {
    keywords: [
      ...assigned('password', 'passwd', 'passphrase', 'secret', 'token', 'apikey', 'api-key'),
      ...folded('password ', 'passwd ', 'passphrase ', 'apikey ', '-secret ', '-token ', '-pass ', '-key '),
      ...compoundKey,
    ],
    redact: (text) => (text.includes('-') ? text.replace(FLAG, replaceFlagged) : text),
  },
  { keywords: exact('-stdin', 'chpasswd', 'sudo -S'), redact: (text) => text.replace(PIPED, replaceStated) },
  { keywords: [...exact('access_key '), ...folded('password ')], redact: (text) => text.replace(CONFIGURED, replaceStated) },
  { keywords: exact('jdbc:oracle'), redact: (text) => text.replace(ORACLE, replaceStated) },
];

type Optional = string | undefined;

/** Where a password must follow, all is one but what stands for it. */
export function replaceStated(whole: string, before: string, double: Optional, single: Optional, bare: Optional): string {
  const value = double ?? single ?? bare ?? '';
  if (isStandIn(value) || /^[-+]?\d{0,3}$|^https?:\/\/|^-/.test(value)) return whole;
  return replaceIn(whole, before, value);
}

/** Behind a flag that is named like a password: in prose it may be just the next word. */
function replaceFlagged(whole: string, before: string, double: Optional, single: Optional, bare: Optional): string {
  const value = double ?? single ?? bare?.replace(/[\]}.:]+$/, '') ?? '';
  if (isPlaceholder(value) || value.startsWith('/')) return whole;
  if (!/pass|pwd/i.test(before)) return /\d/.test(value) && isOpaque(value) ? replaceIn(whole, before, value) : whole;
  return isPasswordLike(value) || (bare === undefined && /^\S+(?: \S+){3,}$/.test(value))
    ? replaceIn(whole, before, value)
    : whole;
}

function replaceIn(whole: string, before: string, value: string): string {
  return before + whole.slice(before.length).replace(value, () => hidden('password'));
}
