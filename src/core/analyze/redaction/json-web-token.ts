import { type Detector, exact, hidden, opening, TOKEN_START } from './detector.ts';

/** JSON Web Tokens: around each `.eyJ` (the payload begins with `{"`), as far as their characters reach. */
export const jsonWebToken: Detector = { keywords: exact('.eyJ'), redact };

/** Tokens whose payload is encrypted, or nothing that is read: a header, and two parts or four behind it. */
const ENCRYPTED = new RegExp(
  `${TOKEN_START}eyJ[A-Za-z0-9_-]{12,2048}\\.[A-Za-z0-9_-]{0,8192}(?:\\.[A-Za-z0-9_-]{10,8192}){1,3}`,
  'g',
);

export const encryptedWebToken: Detector = {
  keywords: opening('eyJhbGci', 'eyJlbmMi', 'eyJ0eXAi', 'eyJraWQi'),
  redact: (text) =>
    text.replace(ENCRYPTED, (token) =>
      /"alg":|"enc":/.test(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('latin1'))
        ? hidden('jwt')
        : token,
    ),
};

/** The secret part of a key in JSON: `d` of a pair, `k` of a shared one. */
const KEY_PART = /(\\{0,3}"(?:d|k)\\{0,3}"\s?:\s?\\{0,3}")([A-Za-z0-9_-]{20,1024})/g;

/** Private and shared JSON Web Keys. */
export const jsonWebKey: Detector = {
  keywords: exact('kty"', 'kty\\"'),
  redact: (text) => text.replace(KEY_PART, `$1${hidden('private-key')}`),
};

function redact(text: string): string {
  let redacted = '';
  let copied = 0;
  let dot = text.indexOf('.eyJ');
  while (dot !== -1) {
    let start = dot;
    while (start > copied && isTokenChar(text.charCodeAt(start - 1))) start--;
    const header = text.indexOf('eyJ', start);
    let end = dot + 1;
    while (isTokenChar(text.charCodeAt(end))) end++;
    if (header !== -1 && dot - header >= 8 && end - dot >= 8) {
      if (text[end] === '.')
        do end++;
        while (isTokenChar(text.charCodeAt(end)));
      redacted += `${text.slice(copied, header)}${hidden('jwt')}`;
      copied = end;
    }
    dot = text.indexOf('.eyJ', end);
  }
  return copied === 0 ? text : redacted + text.slice(copied);
}

/** Letters, digits, `-` and `_`. */
function isTokenChar(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}
