import { assigned, compoundKey, type Detector, exact, folded, hidden } from './detector.ts';
import { isPlaceholder, isStandIn } from './placeholder.ts';
import { isOpaque, isPasswordLike } from './secret-value.ts';

/** Between two arguments: room, the quotes and the comma of a list of them, or what an audit puts there. */
const GAP = String.raw`(?:\s{1,4}|["']\s{1,2}a\d{1,3}=["']|\\{0,3}["']\s{0,2},?\s{0,2}\\{0,3}["'])`;
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
  { programs: ['keytool', 'jarsigner', 'apksigner'], flag: `-(?:dest|src|new)?(?:store|key)?(?:pass|new)${GAP}` },
  { programs: ['keytool'], flag: `-deststorepass${GAP}` },
  { programs: ['openssl'], flag: `-?pass(?:in|out)?${GAP}pass:` },
  { programs: ['sqlplus'], flag: '(?:userid=)?[A-Za-z][\\w$#]{0,63}/' },
  { programs: ['vault'], verb: `${GAP}login(?:${GAP}-\\S{1,64}){0,4}${GAP}(?=\\S{0,64}[\\d.])` },
  { programs: ['ngrok'], verb: `${GAP}(?:config${GAP}add-)?authtoken${GAP}` },
  { programs: ['rabbitmqctl'], verb: `${GAP}(?:add_user|change_password)${GAP}\\S{1,128}${GAP}` },
  { programs: ['mc'], verb: `${GAP}(?:alias${GAP}set|config${GAP}host${GAP}add)(?:${GAP}[^\\s"']{1,256}){3}${GAP}` },
  { programs: ['restic', 'borg'], flag: `--password-command(?:${GAP}|=)["']?(?:echo|printf) ` },
  { programs: ['zip', 'unzip', 'zipcloak'], flag: `-P(?:${GAP})?` },
  { programs: ['7z', '7za', '7zz', '7zr', 'rar', 'unrar'], flag: '-h?p' },
  {
    programs: ['gh', 'wrangler', 'fly', 'flyctl'],
    verb: `${GAP}secrets?${GAP}set${GAP}[^\\s"']{1,128}${GAP}(?:--body|-b)(?:${GAP}|=)`,
  },
  {
    programs: [
      'bcp',
      'ipmitool',
      'isql',
      'osql',
      'tsql',
      'sqlplus',
      'clickhouse-client',
      'nxc',
      'crackmapexec',
      'mosquitto_pub',
      'mosquitto_sub',
    ],
    flag: `-P${GAP}`,
  },
  { programs: ['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset', 'snmptrap', 'snmptranslate', 'snmpbulkget'], flag: `-A${GAP}` },
  { programs: ['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset', 'snmptrap', 'snmptranslate', 'snmpbulkget'], flag: `-X${GAP}` },
  {
    programs: ['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset', 'snmptrap', 'snmpbulkget'],
    flag: `-c${GAP}(?!public\\b|private\\b)`,
  },
  {
    programs: ['xfreerdp', 'wlfreerdp', 'rdesktop', 'cmdkey', 'mstsc', 'msiexec', 'schtasks', 'wfreerdp'],
    flag: '[/-](?:p|pass|password|rp):',
  },
  {
    programs: ['skopeo', 'podman', 'buildah', 'docker', 'nerdctl', 'ctr', 'crictl', 'crane'],
    flag: `(?:--(?:src-|dest-)?creds|-u|--user)(?:${GAP}|=)\\\\{0,3}["']?[^\\s:"'-][^\\s:"']{0,127}:`,
  },
  {
    programs: ['wget', 'http', 'https', 'xh', 'httpie'],
    flag: `(?:--auth|-a|--http-password|--ftp-password|--password)(?:${GAP}|=)(?:[^\\s:"'-][^\\s:"']{0,127}:)?`,
  },
  { programs: ['etcdctl'], flag: `--user(?:${GAP}|=)[^\\s:"'-][^\\s:"']{0,127}:` },
  { programs: ['kinit'], verb: `[^\\n<]{0,256}<<<\\s?` },
  { programs: ['kadmin', 'addprinc', 'cpw', 'plink', 'pscp', 'psftp'], flag: `-pw${GAP}` },
  { programs: ['security'], verb: `${GAP}unlock-keychain${GAP}-p${GAP}` },
  { programs: ['wg'], verb: `${GAP}set${OTHERS}${GAP}(?:private-key|preshared-key)${GAP}(?!/)` },
  {
    programs: ['nmcli', 'wpa_cli', 'wpa_passphrase', 'iwctl', 'iwconfig'],
    flag: `(?:password|psk|--passphrase|key|wep-key\\d?)${GAP}`,
  },
  { programs: ['wpa_passphrase'], verb: `${GAP}[^\\s"']{1,64}${GAP}` },
  {
    programs: ['lftp', 'ncftp', 'ftp', 'smbclient', 'mount.cifs', 'rsync', 'rclone'],
    flag: `-(?:u|U)${GAP}[^\\s,%"']{1,64}[,%]`,
  },
  {
    programs: [
      'psql',
      'pg_dump',
      'pgcli',
      'mycli',
      'cqlsh',
      'influx',
      'arangosh',
      'cypher-shell',
      'impala-shell',
      'beeline',
      'sqlcmd',
      'evil-winrm',
      'winrm',
      'impacket-psexec',
      'kinit',
      'ldapsearch',
      'ldapmodify',
      'ldapadd',
      'virsh',
    ],
    flag: `-[pwW]${GAP}`,
  },
  { programs: ['radtest'], verb: `${GAP}[^\\s"']{1,64}${GAP}` },
  { programs: ['useradd', 'usermod', 'htdigest', 'ansible-vault', 'vncpasswd', 'x11vnc'], flag: `-p(?:asswd)?${GAP}` },
  { programs: ['aws'], verb: `${GAP}configure${GAP}set${GAP}\\S{0,64}(?:secret_access_key|session_token)${GAP}` },
  { programs: ['kubeadm', 'k3s', 'rke2', 'docker'], flag: `--token(?:${GAP}|=)` },
  { programs: ['gpg', 'gpg2'], flag: `--passphrase(?:${GAP}|=)` },
  { programs: ['openssl'], flag: `(?:-k|-K|-passin|-passout|-pass)${GAP}(?:pass:)?(?!pass:|file:|env:|stdin|fd:)` },
  { programs: ['net'], verb: `${GAP}(?:use(?:${GAP}[A-Z*]:?)?${GAP}\\\\\\\\\\S{2,256}|user${GAP}[^\\s/]{1,64})${GAP}` },
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
  String.raw`((?:\b(?:aws_)?secret_access_key|\b(?:ENV|ARG|setx) [A-Z0-9_]{0,64}PASSWORD)${GAP})${VALUE}`,
  'g',
);
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
        'rabbitmqctl',
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
      ),
      { text: 'snmp', folded: false, behind: ['walk', 'get', 'bulk', 'set', 'trap'] },
      { text: 'ldap', folded: false, behind: ['search', 'add', 'modify', 'delete', 'whoami', 'passwd'] },
      { text: ' login', folded: false, before: 'rnzcyth', behind: [' '] },
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
