import { assigned, compoundKey, type Detector, exact, folded, hidden } from './detector.ts';
import { isPassphrase, isPlaceholder, isStandIn } from './placeholder.ts';
import { GAP, OTHERS, USAGES } from './program-usage.ts';
import { isOpaque, isPasswordLike, isShuffled } from './secret-value.ts';

/** A value within quotes, or up to the room. */
const VALUE = String.raw`(?:\\{0,3}"([^"\\\n]{3,256})|\\{0,3}'([^'\\\n]{3,256})|([^\s"'\\,;|&<>)\x60]{3,256}))`;

interface Command {
  readonly programs: readonly string[];
  readonly pattern: RegExp;
  /** Whether nothing is a password but behind a dash. */
  readonly isDashed: boolean;
}

const COMMANDS = USAGES.map(({ programs, verb = '', flag }): Command => {
  const between = flag === undefined ? '' : `(?=[\\s"'\\\\])${OTHERS}${GAP}${flag}`;
  return {
    programs,
    pattern: new RegExp(
      `((?<![\\w.-])(?:${programs.join('|')})(?:\\.exe)?${verb}${between}(?!\\\\{0,3}["']?\\[redacted:))${VALUE}`,
      'g',
    ),
    isDashed: flag !== undefined && /^(?:\(\?:)?-(?!\?)/.test(flag),
  };
});
/** The beginning of an argument with a dash. */
const DASHED = /[\s"']--?[A-Za-z]/;

const FLAG = new RegExp(
  String.raw`((?:^|[\s"'([])--?[\w.-]{0,40}(?:password|passwd|passphrase|secret|token|(?:(?<![a-z])|admin|user|root|smtp)pass|pwd|(?:api|access|private|secret|auth|license|encryption|account|storage|master|certificate|join|deploy|signing|shared|cluster|setup)[-_]?key)${GAP})(?!-)${VALUE}`,
  'gi',
);
/** A user and a password behind one flag. */
const PAIR_FLAG = new RegExp(
  String.raw`((?:^|[\s"'([])--?(?:[a-z]{1,16}-)?auth(?:=|${GAP})\\{0,3}["']?[A-Za-z][\w.@-]{0,63}:)([^\s"'\\]{6,256})`,
  'g',
);
/** What is written to the standard input of a program that asks for a password. */
const PIPED =
  /(\b(?:echo|printf)\s{1,2}(?:-\w{1,2}\s{1,2}|["']?%s(?:\\{1,2}n)?["']?\s{1,2})?)(?:\\{0,3}"([^"\\\n]{3,256})\\{0,3}"|\\{0,3}'([^'\\\n]{3,256})\\{0,3}'|([^\s"'|\\]{3,256}))(?=\s{0,4}\|[^\n]{0,256}?(?:-stdin\b|\bchpasswd\b|\bsudo\s[^|\n]{0,64}-S))/g;
/** `aws configure set aws_secret_access_key x`, `ENV DB_PASSWORD x` of an image, `setting API_TOKEN to x`. */
const CONFIGURED = new RegExp(
  String.raw`((?:\b(?:aws_)?secret_access_key|\b(?:ENV|ARG|setx|setenv|[Ss]et(?:ting)?|[Ee]xport(?:ing)?) [A-Z0-9_]{0,64}(?:PASSWORD|PASSWD|SECRET|TOKEN|KEY)(?:_ID)?)(?: to|${GAP}) ?)${VALUE}`,
  'g',
);
/** A variable of the environment and its value, with nothing between. */
const VARIABLE =
  /(\b[A-Z][A-Z0-9_]{0,64}(?:PASSWORD|PASSWD|SECRET|TOKEN|(?:MASTER|API|SECRET|ACCESS|PRIVATE|ENCRYPTION)_KEY)(?: is)? )([A-Za-z0-9+/_=-]{16,512})(?![\w/.:-])/g;
/** Of PowerShell. */
const SECURE_STRING = new RegExp(String.raw`(\bConvertTo-SecureString(?: -(?:AsPlainText|Force|String)){0,3} )${VALUE}`, 'gi');
const ORACLE = /(jdbc:oracle:(?:thin|oci8?):[\w.$#-]{1,64}\/)(?:"([^"\n]{1,256})"|'([^'\n]{1,256})'|([^\s"'@]{1,256}))(?=@)/g;

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
        'curl"',
        'keytool',
        'sqlplus',
        'authtoken ',
        'net use',
        'restic ',
        'alias set ',
        'wifi connect',
        'src-creds',
        'dest-creds',
        '--auth=',
        'ate-key ',
        'snmpwalk',
        '7z x -p',
        '7z a -p',
        'borg ',
        'zip -',
        'unrar ',
        'etcdctl ',
        'addprinc ',
        'plink ',
        'unlock-keychain',
        'kinit ',
        'ipmitool',
        'xfreerdp',
        'skopeo',
        'wpa_',
        'lftp ',
        'wget ',
        'cqlsh',
        'influx ',
        'cypher-shell',
        'evil-winrm',
        'crackmapexec',
        'kubeadm ',
        'rdesktop',
        'cmdkey',
        'openssl ',
        'gpg --',
        'clickhouse-client',
        'mosquitto_',
        'useradd ',
        'usermod ',
        'aws configure',
        'ssh-keygen',
        'twine ',
        'bcp ',
        'snowsql',
        'sqlldr',
        'snyk auth',
        'codecov ',
        'pulumi ',
      ),
      { text: 'rabbitmq', folded: false, behind: ['ctl', 'admin'] },
      { text: 'pdp ', folded: false, before: 'mx' },
      { text: 'snmp', folded: false, behind: ['walk', 'get', 'bulk', 'set', 'trap'] },
      { text: 'ldap', folded: false, behind: ['search', 'add', 'modify', 'delete', 'whoami', 'passwd'] },
      { text: ' login', folded: false, before: 'rnzcythif', behind: [' '] },
      ...folded('passwd '),
      ...assigned('pass'),
    ],
    redact(text) {
      const hasDash = DASHED.test(text);
      return COMMANDS.reduce(
        (left, { programs, pattern, isDashed }) =>
          (hasDash || !isDashed) && programs.some((name) => left.includes(name)) ? replaceAll(left, pattern) : left,
        text,
      );
    },
  },
  {
    keywords: [
      ...assigned('password', 'passwd', 'passphrase', 'secret', 'token', 'apikey', 'api-key'),
      ...folded('password ', 'passwd ', 'passphrase ', 'apikey ', '-secret ', '-token ', '-key ', '_secret ', '_token '),
      { text: 'pass ', folded: true, before: '_-nrtp' },
      { text: 'pwd ', folded: true, before: '_-' },
      ...compoundKey,
    ],
    redact: (text) => (text.includes('-') ? text.replace(FLAG, replaceFlagged) : text),
  },
  {
    keywords: [{ text: 'auth', folded: false, before: '-', behind: [' ', '=', '"'] }],
    redact: (text) =>
      text.replace(PAIR_FLAG, (whole, before: string, value: string) =>
        isPasswordLike(value) && !isPlaceholder(value) ? before + hidden('password') : whole,
      ),
  },
  { keywords: exact('-stdin', 'chpasswd', 'sudo -S'), redact: (text) => text.replace(PIPED, replaceStated) },
  {
    keywords: [...exact('access_key ', '_SECRET ', '_TOKEN ', '_KEY '), ...folded('password ')],
    redact: (text) =>
      text
        .replace(CONFIGURED, replaceConfigured)
        .replace(VARIABLE, (whole, before: string, value: string) =>
          isShuffled(value) && !isPlaceholder(value) ? before + hidden('secret') : whole,
        ),
  },
  { keywords: folded('-securestring '), redact: (text) => text.replace(SECURE_STRING, replaceStated) },
  { keywords: exact('jdbc:oracle'), redact: (text) => text.replace(ORACLE, replaceStated) },
];

type Optional = string | undefined;

/** Where a password must follow, all is one but what stands for it. */
export function replaceStated(whole: string, before: string, double: Optional, single: Optional, bare: Optional): string {
  const value = double ?? single ?? bare ?? '';
  if (isStandIn(value) || /^[-+]?\d{0,3}$|^https?:\/\/|^-/.test(value)) return whole;
  return replaceIn(whole, before, value);
}

/** What a variable is set to; those of passwords to anything. */
function replaceConfigured(whole: string, before: string, double: Optional, single: Optional, bare: Optional): string {
  const value = double ?? single ?? bare ?? '';
  const isSentence = /^(?:set(?:ting)?|export)/i.test(before) && !/^setx|^setenv/.test(before);
  if (isSentence && !/ to $/.test(before)) return whole;
  if (/PASSW|secret_access/.test(before) && (!isSentence || isPasswordLike(value)))
    return replaceStated(whole, before, double, single, bare);
  return isOpaque(value) && value.length >= 12 && !isPlaceholder(value) && !/^[/.]/.test(value)
    ? replaceIn(whole, before, value)
    : whole;
}

/** One command may have several. */
function replaceAll(text: string, pattern: RegExp): string {
  const replaced = text.replace(pattern, replaceStated);
  return replaced === text ? text : replaceAll(replaced, pattern);
}

/** Behind a flag that is named like a password: in prose it may be just the next word. */
function replaceFlagged(whole: string, before: string, double: Optional, single: Optional, bare: Optional): string {
  const value = double ?? single ?? bare?.replace(/[\]}.:]+$/, '') ?? '';
  if (isPlaceholder(value) || value.startsWith('/')) return whole;
  if (!/pass|pwd/i.test(before)) return /\d/.test(value) && isOpaque(value) ? replaceIn(whole, before, value) : whole;
  return isPasswordLike(value) || isPassphrase(value) || (bare === undefined && /^\S+(?: \S+){3,}$/.test(value))
    ? replaceIn(whole, before, value)
    : whole;
}

export function replaceIn(whole: string, before: string, value: string): string {
  return before + whole.slice(before.length).replace(value, () => hidden('password'));
}
