/** Between two arguments: room, the quotes and the comma of a list of them, or what an audit puts there. */
export const GAP = String.raw`(?:\s{1,4}|["']\s{1,2}a\d{1,3}=["']|\\{0,3}["']\s{0,2},?\s{0,2}\\{0,3}["'])`;
/** Arguments in between. */
export const OTHERS = String.raw`[^\n|;]{0,256}?`;

/** How programs are given a password. */
interface Usage {
  readonly programs: readonly string[];
  /** What follows the program's name at once. */
  readonly verb?: string;
  /** What stands right in front of the password, anywhere behind that. */
  readonly flag?: string;
}

const LOGIN = `${GAP}(?:(?:registry|acr|-t${GAP}\\S{1,64})${GAP})?login`;
export const USAGES: readonly Usage[] = [
  { programs: ['mysql', 'mysqldump', 'mysqladmin', 'mysqlcheck', 'mysqlimport', 'mariadb', 'mariadb-dump'], flag: '-p' },
  {
    programs: ['docker', 'podman', 'nerdctl', 'buildah', 'helm', 'skopeo', 'az', 'oc', 'fly', 'cf'],
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
  { programs: ['sqlplus', 'expdp', 'impdp', 'sqlldr'], flag: '(?:userid=)?[A-Za-z][\\w$#]{0,63}/' },
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
      'twine',
      'rabbitmqadmin',
      'snowsql',
    ],
    flag: `-[pwW]${GAP}`,
  },
  { programs: ['radtest'], verb: `${GAP}[^\\s"']{1,64}${GAP}` },
  { programs: ['useradd', 'usermod', 'htdigest', 'ansible-vault', 'vncpasswd', 'x11vnc'], flag: `-p(?:asswd)?${GAP}` },
  { programs: ['aws'], verb: `${GAP}configure${GAP}set${GAP}\\S{0,64}(?:secret_access_key|session_token)${GAP}` },
  { programs: ['kubeadm', 'k3s', 'rke2', 'docker'], flag: `--token(?:${GAP}|=)` },
  { programs: ['ssh-keygen'], flag: `-[NP]${GAP}` },
  { programs: ['snyk'], verb: `${GAP}auth${GAP}` },
  { programs: ['codecov'], flag: `-t${GAP}` },
  { programs: ['pulumi'], verb: `${GAP}config${GAP}set${OTHERS}${GAP}--secret${GAP}[^\\s"'-][^\\s"']{0,127}${GAP}` },
  { programs: ['gpg', 'gpg2'], flag: `--passphrase(?:${GAP}|=)` },
  { programs: ['openssl'], flag: `(?:-k|-K|-passin|-passout|-pass)${GAP}(?:pass:)?(?!pass:|file:|env:|stdin|fd:)` },
  {
    programs: ['net'],
    verb: `${GAP}(?:use(?:${GAP}[A-Z*]:?)?${GAP}\\\\\\\\\\S{2,256}(?:${GAP}/user:[^\\s"']{1,64})?|user${GAP}[^\\s/]{1,64})${GAP}(?!/)`,
  },
];
