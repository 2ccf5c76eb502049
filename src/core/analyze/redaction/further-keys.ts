import type { Literal } from '../literal-scan.ts';
import { assigned, assignedOnce } from './detector.ts';
import type { Family } from './family.ts';
import { isSentence } from './placeholder.ts';
import { isDrawn, isLongRandom, isMany, isPasswordLike, isPath, isRandom, isShuffled, UUID } from './secret-value.ts';

/** What follows the name of a secret and says which, or in what form: `password_plain`, `apiKey2`. */
const FORM = [
  'plain',
  'raw',
  'clear',
  'value',
  'val',
  'new',
  'old',
  'current',
  'again',
  'repeat',
  'retype',
  'confirm',
  'verify',
  'str',
];
const STAGE = [
  'prod',
  'dev',
  'stag',
  'test',
  'live',
  'main',
  'primary',
  'secondary',
  'admin',
  'root',
  'user',
  'app',
  'db',
  'api',
  'temp',
];
const DIGITS = [...'0123456789'];
const WHICH = `(?:[_.-]?(?:(?:${[...FORM, ...STAGE].join('|')})(?:text|ing|ed|ation|uction|e|orary)?|v?\\d{1,3})){1,3}`;
const FORMS = `(?:[_.-]?(?:(?:${FORM.join('|')})(?:text|ing|ed|ation)?|\\d{1,3}))`;

/** Keywords for what such a word follows. */
function followed(...texts: readonly string[]): readonly Literal[] {
  const behind = [...FORM, ...STAGE, ...DIGITS].flatMap((word) => [word, `_${word}`, `-${word}`, `.${word}`]);
  return texts.map((text) => ({ text, folded: true, behind }));
}

/** A user and a password in one. */
const PAIR = /^(?!(?:sha\d|md5|v\d|arn|urn|https?)\b)[^\s:/@]{1,64}:([^\s:]{6,256})$/;

/** Keys of what is not called a password, a key or a token alone. */
export const FURTHER_FAMILIES: readonly Family[] = [
  {
    kind: 'password',
    keywords: [
      ...followed('password', 'passwd', 'passphrase', 'pwd'),
      { text: 'pass', folded: false, opens: true, behind: ['1=', '2=', '1"', '2"'] },
    ],
    names: `(?:pass(?:word|wd|phrase)|pwd)${FORMS}|(?<![a-z])pass[12]`,
    isSecret: (value, isBare) =>
      value.length >= 6 && (isPasswordLike(value) || !isBare) && !isPath(value) && !isSentence(value) && !/^[a-z]+$/.test(value),
  },
  {
    kind: 'password',
    keywords: followed('password', 'passwd', 'pwd'),
    names: `(?:pass(?:word|wd)|pwd)${WHICH}`,
    isSecret: isDrawn,
  },
  {
    kind: 'secret',
    keywords: followed('token', 'secret', 'apikey', '_key'),
    names: `(?:token|secret|(?:api|access|secret|private|auth)[_.-]?key)${WHICH}`,
    isSecret: isShuffled,
  },
  {
    kind: 'password',
    keywords: [...assigned('auth', 'creds'), ...assignedOnce('user.info', 'userpass')],
    names:
      'basic[._-]?auth(?:[._-]?(?:user[._-]?info|credentials?|string))?|user[._-]?info|(?:http|proxy)[._-]?auth|user[_-]?pass|(?<![a-z])(?:auth|creds?)',
    isSecret: (value, _isBare, name = '') => {
      const password = PAIR.exec(value)?.[1];
      return (
        password !== undefined &&
        (/^(?:auth|creds?)$/i.test(name) ? isDrawn(password) && !UUID.test(password) : isPasswordLike(password))
      );
    },
  },
  {
    kind: 'card-code',
    keywords: [
      ...assignedOnce('cvv', 'cvc', 'cvv2', 'cvc2', 'security_code', 'securitycode'),
      ...assignedOnce('pin').map((literal): Literal => ({ ...literal, opens: true })),
    ],
    names: '(?<![a-z])(?:card[_-]?)?(?:cv[vc]2?|security[_-]?code|pin)',
    hasNumbers: true,
    isSecret: (value, _isBare, name = '') => (/pin/i.test(name) ? /^(?:\d{4}|\d{6})$/ : /^(?:\d{3,4}|\d{6})$/).test(value),
  },
  {
    kind: 'password',
    keywords: assignedOnce('answer'),
    names: '(?:security|secret)[ _-]?answer(?:[_-]?\\d)?',
    isSecret: (value) => value.length >= 3 && !isSentence(value),
  },
  {
    kind: 'secret',
    keywords: assignedOnce('salt', 'salt_key'),
    names: '(?:signing|hash|token|secret|password|encryption|cookie|auth|session)[_-]?salt|salt[_-]?key',
    isSecret: (value) => value.length >= 16 && isRandom(value),
  },
  {
    kind: 'secret',
    keywords: assigned('cookie'),
    names: '(?:erlang|release|node|rabbitmq|magic)[ ._-]?cookie',
    isSecret: (value) => value.length >= 12 && isRandom(value),
  },
  {
    kind: 'secret',
    keywords: assignedOnce('accessor', 'key-data', 'jwt.private', 'sonar.login'),
    names: '(?<![a-z])accessor|client[_-]?key[_-]?data|(?<=jwt[._-])private|(?<=sonar\\.)login',
    isSecret: (value) => isLongRandom(value) || (value.length >= 16 && isMany(value) && isRandom(value)),
  },
];
