import { assigned, compoundKey, type Detector, exact, folded, hidden, TOKEN_END, TOKEN_START } from './detector.ts';

const MARK = hidden('cloud-key');
const AWS_ID = new RegExp(`${TOKEN_START}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}${TOKEN_END}`, 'g');
const AWS_SECRET =
  /((?:(?<![\w./:#=-])secret (?:access )?|secret[_.-]?(?:access[ _.-]?)?)key\\{0,3}["']?[ \t]{0,40}(?:[:=]|=>)\s{0,40}\\{0,3}["']?)([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;
/** The session token of temporary credentials, which is longer than any other. */
const AWS_SESSION = new RegExp(`${TOKEN_START}(?:FwoG|IQoJ)[A-Za-z0-9+/%]{100,}={0,2}`, 'g');
const GOOGLE_KEY = new RegExp(`${TOKEN_START}AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])`, 'g');
const GOOGLE_OAUTH = new RegExp(
  `${TOKEN_START}(?:ya29\\.[A-Za-z0-9_.-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}|1//0[A-Za-z0-9_-]{30,}|4(?:/|%2F)0A[A-Za-z0-9_-]{40,})`,
  'g',
);
const AZURE_KEY = /((?:account|sharedaccess)key\\{0,3}["']?[ \t]{0,40}[:=]\s{0,40}\\{0,3}["']?)([A-Za-z0-9+/]{40,}={0,2})/gi;
const AZURE_SECRET = new RegExp(`${TOKEN_START}[A-Za-z0-9_.~-]{3}\\dQ~[A-Za-z0-9_.~-]{31,34}(?![A-Za-z0-9_.~-])`, 'g');
/** Keys of Azure that say by a mark near their end which service they open. */
const AZURE_MARKED = new RegExp(
  `${TOKEN_START}(?:[A-Za-z0-9+/]{76}(?:ACDb|\\+ABa|\\+AMC|\\+ASt)[A-Za-z0-9+/]{5}[AQgw]==|[A-Za-z0-9+/]{33}(?:\\+ASb|\\+AEh|\\+ARm)[A-P][A-Za-z0-9+/]{5}=|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==|[A-Za-z0-9]{42}(?:AzSe|AzCa|\\+ACR)[A-D][A-Za-z0-9]{5}|[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27})(?![A-Za-z0-9+/=])`,
  'g',
);
const AZURE_CHARACTERS = [...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.~-'];
/** Of an address that opens one object for a while. */
const SIGNED_URL =
  /([?&;](?:amp;)?(?:sig|x-amz-signature|x-goog-signature|signature|x-amz-security-token)=)([A-Za-z0-9%+/=_~-]{20,})/gi;
const ALIBABA_ID = new RegExp(`${TOKEN_START}LTAI[A-Za-z0-9]{16,20}${TOKEN_END}`, 'g');

/** Keys of clouds: AWS, Google, Azure, Alibaba. */
export const cloudKeys: readonly Detector[] = [
  { keywords: exact('AKIA', 'ASIA', 'ABIA', 'ACCA'), redact: (text) => text.replace(AWS_ID, MARK) },
  {
    keywords: compoundKey,
    redact: (text) => text.replace(AWS_SECRET, `$1${MARK}`),
  },
  { keywords: exact('FwoG', 'IQoJ'), redact: (text) => text.replace(AWS_SESSION, MARK) },
  { keywords: exact('AIza'), redact: (text) => text.replace(GOOGLE_KEY, MARK) },
  { keywords: exact('ya29.', 'GOCSPX-', '1//0', '4/0A', '4%2F0A'), redact: (text) => text.replace(GOOGLE_OAUTH, MARK) },
  { keywords: compoundKey, redact: (text) => text.replace(AZURE_KEY, `$1${MARK}`) },
  {
    keywords: Array.from({ length: 10 }, (_, digit) => ({ text: `${digit}Q~`, folded: false, behind: AZURE_CHARACTERS })),
    redact: (text) => text.replace(AZURE_SECRET, MARK),
  },
  {
    keywords: [
      { text: '+A', folded: false, behind: ['Ba', 'MC', 'St', 'Sb', 'Eh', 'Rm', 'CR'] },
      { text: 'Az', folded: false, behind: ['Fu', 'Se', 'Ca'] },
      ...exact('ACDb', 'JQQJ9'),
    ],
    redact: (text) => text.replace(AZURE_MARKED, MARK),
  },
  {
    keywords: [...folded('sig=', 'ature='), ...assigned('token')],
    redact: (text) => text.replace(SIGNED_URL, `$1${hidden('url-signature')}`),
  },
  { keywords: exact('LTAI'), redact: (text) => text.replace(ALIBABA_ID, MARK) },
];
