/** Words that stand where a secret would, and say that it is not there. */
const NO_SECRET = new Set(
  `true false null nil none undefined empty yes no on off missing required invalid incorrect wrong expired set unset not is are was has must
  should cannot can could will may for to of in the and or with by from too field value values string text varchar char bool boolean int
  number object array hidden masked redacted filtered removed secret password passwd token omitted protected encrypted sensitive example
  changed updated reset ok failed failure success error unknown n/a na please does did mismatch authentication auth login only`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
const PLACEHOLDER =
  /^(?:[*xX.•#_-]+|<.*|\[.*|\{.*|\(.*|\$.*|%.*|\.\.\.*|@\w*|&\w*|os\.\S*|process\.\S*|env\.\S*|your[_-]?\S*|my[_-](?:secret|password|token|api)\S*|insert\S*|(?:changeit|replace)[_-]?me\S*|placeholder\S*|REDACTED\S*|\S*\*{3,}\S*)$/i;

/** Algorithms and sizes of keys. */
const ALGORITHM =
  /^(?:(?:rsa|dsa|ecdsa|aes|sha|hmac)[_-]?(?:with)?\d{1,4}(?:[_-][a-z0-9]{2,6})?|[hrep]s(?:256|384|512)|[ex]d?25519|md5)$/i;

/** Whether a value is there at all: a variable, stars, a word for "none", a flag, or a short number is not. */
export function isPlaceholder(value: string): boolean {
  if (value.includes('[redacted:') || PLACEHOLDER.test(value) || ALGORITHM.test(value)) return true;
  return NO_SECRET.has(value.toLowerCase().replace(/[.!?]$/, '')) || /^[-+]?\d{0,5}(?:\.\d*)?$/.test(value);
}

/** Whether a quoted value is a sentence about a secret instead of one. */
export function isSentence(value: string): boolean {
  const words = value.split(/\s+/);
  return words.length > 1 && words.some((word) => NO_SECRET.has(word.toLowerCase().replace(/[.,!:]$/, '')));
}

/** Whether a value is none of a name, words joined by separators, or a path: for keys that are always followed by a key or by its name. */
export function isOpaque(value: string): boolean {
  if (value.length < 6 || /\s/.test(value)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return false;
  if (value.split(/[-_./:]/).every((part) => /^(?:[A-Z]?[a-z]*|[A-Z]*|\d{1,5})$/.test(part) && part.length < 20)) return false;
  return true;
}

/** Whether a value looks drawn by chance: for words such as "token", which often stand before something else. */
export function isRandom(value: string): boolean {
  if (/^\d{6,}$/.test(value)) return true;
  if (value.length < 8 || !isOpaque(value)) return false;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return true;
  const parts = value.split(/[-_./:]/);
  if (parts.length === 1) return hasDigitAndLetter(value) || isMixed(value);
  const mixed = parts.filter((part) => part.length >= 3 && hasDigitAndLetter(part));
  if (mixed.length >= 2 && value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value)) return true;
  return (
    parts.some((part) => part.length >= 12 && (hasDigitAndLetter(part) || isMixed(part))) || (mixed.length >= 2 && isMixed(value))
  );
}

/** Base64 of `user:password`, which words of the same letters are not. */
export function isCredentials(text: string): boolean {
  if (text.length < 8 || (text.length % 4 !== 0 && text.endsWith('='))) return false;
  return /[a-z]/.test(text) && /[A-Z]/.test(text.slice(1)) && /[\d=]/.test(text);
}

function hasDigitAndLetter(text: string): boolean {
  return /\d/.test(text) && /[A-Za-z]/.test(text);
}

/** Upper and lower case in no order that names have. */
function isMixed(text: string): boolean {
  return (
    text.length >= 12 &&
    /[a-z][A-Z].*[A-Z][a-z]/.test(text) &&
    (/\d/.test(text) || /[A-Z]{2}[a-z]|[a-z][A-Z][a-z]?[A-Z]/.test(text))
  );
}
