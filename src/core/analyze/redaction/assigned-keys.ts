import { assigned, assignedAlone, assignedOnce, compoundKey, exact, folded, passwordApart } from './detector.ts';
import type { Family } from './family.ts';
import { FURTHER_FAMILIES } from './further-keys.ts';
import { FOUND_BY, OPENING, OPENING_ALONE, OWNERS } from './key-words.ts';
import { isSentence } from './placeholder.ts';
import { isLongRandom, isMany, isOpaque, isPasswordLike, isPath, isRandom, isScrambled, UUID } from './secret-value.ts';

/** All families of keys, those that say most about what they hold first. */
export const FAMILIES: readonly Family[] = [
  {
    kind: 'password',
    keywords: assigned(
      ...['password', 'passwd', 'passw', 'passphrase', 'passcode', 'pass_phrase', 'pass-phrase', 'pass_word', 'pass-word'],
      ...['pwd', 'confirmation', 'masterauth', 'requirepass', 'rootpw', 'bindpw', 'userpw', 'adminpw', '_psw', '.result'],
    ).concat(passwordApart),
    names:
      'pass(?:[_-]?(?:word|phrase)|wd|w|code)(?:[_-]?confirmation)?|pwd|(?<=_)psw|password\\.\\w{1,40}\\.result|(?:root|bind|user|admin)pw|requirepass|masterauth',
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
    keywords: assigned('pass', 'psk'),
    // In capitals and with room behind it, it tells of a test.
    names: '(?:[A-Za-z0-9][_-]|(?<![A-Za-z]))(?:[Pp]ass|PASS(?!: ))|[Pp]sk|PSK',
    isExactCase: true,
    isSecret: (value, isBare) =>
      (isBare ? isOpaque(value) : value.length >= 6) &&
      (isRandom(value) || /\d/.test(value) || /[^A-Za-z0-9]/.test(value)) &&
      !/^\d+(?:[/%]|(?:\.\d+)?[a-z]{0,3}$)/.test(value) &&
      !isSentence(value),
  },
  {
    kind: 'password',
    keywords: [...assignedAlone('pw'), { text: 'Pw', folded: false, behind: ['=', ':', '"', "'"] }],
    names: '(?<![A-Za-z])(?:(?:bind|root|user|admin|db|ldap|smtp)_pw|pw|PW)|(?<=(?<![A-Za-z0-9+/])[a-z]{1,16})Pw',
    isExactCase: true,
    isSecret: (value, _isBare, name = '') =>
      isPasswordLike(value) &&
      !/^\d+(?:[/%]|(?:\.\d+)?[a-z]{0,3}$)/.test(value) &&
      (name.includes('_') || isOpaque(value) || /^[A-Z].*[a-z]\d{1,4}\W{0,2}$/.test(value)) &&
      !isSentence(value),
  },
  {
    kind: 'password',
    keywords: assigned('pass'),
    names: '(?<=[A-Z0-9]_)PASS|(?<=[a-z0-9])Pass',
    isExactCase: true,
    isSecret: (value, _isBare, name) => isPasswordLike(value) && (name === 'PASS' || isOpaque(value)),
  },
  {
    kind: 'password',
    keywords: assigned('community', 'community_string', 'community-string', 'communitystring', 'community string'),
    names: 'community(?:[ _-]?string)?',
    isSecret: (value) => /^\S{6,64}$/.test(value) && isPasswordLike(value) && isOpaque(value) && !value.includes('/'),
  },
  {
    kind: 'api-key',
    keywords: [...compoundKey, ...exact('windows.net=')],
    names: `(?:${OPENING}|(?<![a-z])(?:${OPENING_ALONE}))(?:__|[ _.:-])?key(?:\\.[\\w-]{1,40}(?:\\.(?:blob|dfs|file|queue|table)\\.core\\.windows\\.net))?`,
    isSecret: (value) => isOpaque(value),
  },
  {
    kind: 'secret',
    keywords: [
      ...assigned('secret', 'credential', 'credentials', 'creds', 'token'),
      ...compoundKey,
      ...assigned('key_base', 'key-base', 'keybase'),
    ],
    names:
      '(?:client|app|api|consumer|shared|jwt|webhook|signing|session|oauth|cookie|hmac|auth|totp|otp|mfa|radius|bot|channel|site|encryption|master)[_.-]?secret(?:[_-]?key)?|secret[_.-]?(?:access[_.-]?)?key(?:[_-]?base)?|secret[_-]?token|credentials?|(?<![a-z])creds?',
    isSecret: (value) => isOpaque(value) || (value.length >= 12 && isMany(value)),
  },
  {
    kind: 'secret',
    keywords: assigned('secret', 'secret_id', 'secret-id', 'secretid'),
    names: '(?<![a-z])secret(?:[_-]?id)?|[a-z]Secret(?:Id)?',
    notBehind: /(?:checksum\/(?:[a-z-]{0,16})|:secretsmanager:[a-z0-9-]{0,24}:\d{12}:)$/i,
    isSecret: (value) => isRandom(value) || isScrambled(value),
  },
  {
    kind: 'token',
    keywords: [...assigned('token', 'token_hint', 'pat'), ...exact(':_auth=')],
    names: 'token(?:_hint)?|(?<![A-Za-z])pat|(?<=:)_auth',
    notBehind:
      /(?:page(?!rduty)|paging|next|continu|cont|resume|cursor|sync|invalid|unexpected|near|parse|first|last|prev|start|end|scroll|publickey)[a-z]*[ _.-]?$/i,
    isSecret: isRandom,
  },
  {
    kind: 'session',
    keywords: [
      ...assigned('session_id', 'session-id', 'sessionid'),
      ...assignedOnce('session id', 'sessid'),
      ...folded(' sid=', '&sid=', '?sid=', 'csrf=', 'xsrf='),
    ],
    names: '(?<![a-z])j?sess(?:ion)?[ _-]?id|(?<![A-Za-z0-9_-])sid|[cx]srf',
    isSecret: (value) =>
      value.length >= 32 && (isLongRandom(value) || /^(?=(?:[a-z]{0,24}\d){3})[a-z0-9]{32}$/.test(value)) && !UUID.test(value),
  },
  {
    kind: 'one-time-code',
    keywords: [
      ...assigned('verification_code', 'verification code', 'verificationcode', 'recovery_code', 'recovery code', 'backup_code'),
      ...assigned('activation_code', 'one_time_code', 'onetimecode', 'device_code', 'authorization_code', 'authcode', 'otp_code'),
      ...assigned('mfa_code', 'totp_code', 'code_verifier', 'codeverifier', 'assertion', 'samlresponse', 'saml_response'),
      { text: 'ticket=', folded: false, before: '?&' },
      { text: 'otp', folded: true, opens: true, behind: ['=', ': ', '"', "'", '\\'] },
    ],
    names:
      '(?:recovery|backup|activation|verification|one[_-]?time|otp|mfa|2fa|sms|pairing|login|reset)[ _-]?code|(?<![a-z])t?otp(?:[ _-]?(?:code|token))?|code[_-]?verifier|(?:client[_-]?)?assertion|saml[_-]?response|(?<![a-z])ticket|auth(?:orization)?[ _-]?code|device[_-]code',
    isSecret: (value, _isBare, name = '') =>
      /code|otp/i.test(name) && !/auth|verifier|device/i.test(name)
        ? /^\d{4,8}$/.test(value) || /^(?=\S{0,64}\d)[A-Za-z0-9]{4,12}(?:-[A-Za-z0-9]{4,12}){0,7}$/.test(value)
        : isLongRandom(value) && !UUID.test(value),
  },
  {
    kind: 'signature',
    keywords: [...assigned('-signature', '_signature', 'signature-256'), ...folded('hmac=', 'hmac":')],
    names:
      '(?<=t=\\d{10},)v[01]|x[_-]signature|(?:x-[a-z-]{1,32}|stripe|oauth|paypal|slack|twilio|request)[_-]signature(?:[_-](?:v\\d|sha1|(?:sha)?256|512))?|(?<![a-z])hmac(?:-sha256)?',
    isSecret: (value) => isLongRandom(value.replace(/^(?:sha\d{1,3}|v\d|t)=/, '').replace(/%[0-9A-F]{2}/gi, '')),
  },
  {
    kind: 'password-hash',
    keywords: assigned(
      'password_hash',
      'passwordhash',
      'password-hash',
      'password hash',
      'passwd_hash',
      'hashed_password',
      'nt_hash',
      'ntlm_hash',
      'pwd_hash',
    ),
    names: '(?:password|passwd|passwort|pass|pwd|(?<![a-z])(?:pw|nt|lm|ntlm))[ _-]?(?:hash|digest)',
    isSecret: (value) => isLongRandom(value) || /^[*$]/.test(value),
  },
  {
    kind: 'api-key',
    keywords: compoundKey,
    names: '(?<=[A-Z0-9])_KEY',
    notBehind: new RegExp(`(?:${FOUND_BY})$`, 'i'),
    isExactCase: true,
    isSecret: (value) => value.length >= 16 && isRandom(value) && !/^[0-9a-f]{8}-/i.test(value),
  },
  {
    kind: 'api-key',
    keywords: compoundKey,
    names: '(?<=[A-Za-z0-9])_?[_.-]key|(?<=[a-z0-9])Key|(?<=[a-z])authkey',
    notBehind: new RegExp(`(?:${FOUND_BY})$`, 'i'),
    isSecret: (value) => value.length >= 20 && isRandom(value) && isMany(value),
  },
  {
    kind: 'secret',
    keywords: assigned('auth', 'authkey', 'auth_key', 'honeycomb-team', 'license'),
    names: '(?<![a-z])auth(?:[_-]?key)?|x-honeycomb-team|licen[cs]e|serial|(?<![a-z])seed',
    isSecret: (value) => isLongRandom(value) && isMany(value) && !/^[a-z]{3,12}[_-]/.test(value),
  },
  ...FURTHER_FAMILIES,
];
