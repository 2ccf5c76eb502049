/** An ID: a secret only where what stands before it says so. */
export const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A word, words in one, an abbreviation or a number. */
const NAME_PART =
  /^(?:[A-Z]?[a-z]*|[A-Z]*|\d{1,5}|[A-Z]{0,3}[a-z]{2,}(?:[A-Z]{1,4}[a-z]{2,}){1,5}[A-Z]{0,3}\d{0,2}|[A-Z]\d[A-Z][a-z]+)$/;

/** A path that ends in the name of a file. */
const FILE = /^[\w.=-]{1,128}(?:\/[\w.=-]{1,128}){1,16}\.[a-z][a-z0-9]{1,7}$/;

/** Whether a value is none of a name, words joined by separators, or a path: for keys that are always followed by a key or by its name. */
export function isOpaque(value: string): boolean {
  if (value.length < 6 || /\s/.test(value)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || FILE.test(value)) return false;
  if (value.split(/[-_./:]/).every((part) => part.length < 32 && NAME_PART.test(part))) return false;
  return true;
}

/** Whether a value looks drawn by chance: for words such as "token", which often stand before something else. */
export function isRandom(value: string): boolean {
  if (/^\d{6,}$/.test(value)) return true;
  if (value.length < 8 || !isOpaque(value)) return false;
  if (UUID.test(value)) return true;
  const parts = value.split(/[-_./:]/);
  if (/^[\w-]{18,}$/.test(value) && isMany(value) && changesOf(value) * 2 >= value.length) return true;
  if (parts.length === 1) return hasDigitAndLetter(value) || isMixed(value);
  const mixed = parts.filter((part) => part.length >= 3 && hasDigitAndLetter(part));
  if (mixed.length >= 2 && value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value)) return true;
  if (value.length >= 16 && parts.some((part) => part.length >= 8 && isScattered(part))) return true;
  return (
    parts.some((part) => part.length >= 12 && (hasDigitAndLetter(part) || isMixed(part))) || (mixed.length >= 2 && isMixed(value))
  );
}

/** Whether a value is long enough to open something, and drawn by chance. */
export function isLongRandom(value: string): boolean {
  return (value.length >= 20 && isRandom(value) && isMany(value)) || /^[0-9a-f]{32,}$/i.test(value);
}

/** Whether a value has letters of both cases and digits. */
export function isMany(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}

/** Whether a value is the path of a file. */
export function isPath(value: string): boolean {
  return /^(?:(?:~|\.{1,2})?\/|[A-Z]:\\)/.test(value);
}

/** Whether a value is drawn by chance beyond doubt: long hexadecimal, or long with all kinds of characters and hardly a word in it. */
export function isShuffled(value: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(value)) return true;
  if (value.length < 12 || !/^[A-Za-z0-9+/_=~!@#$%^&*-]+$/.test(value)) return false;
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value)) return false;
  const inWords = (value.match(/[A-Z]?[a-z]{3,}|[A-Z]{4,}|\d{4,}/g) ?? []).join('').length;
  return (
    (/\d/.test(value) ? inWords * 2 < value.length : value.length >= 16 && inWords * 4 < value.length) &&
    changesOf(value) * 3 >= value.length
  );
}

/** Whether a password can only be one: of both cases, digits and a sign that no name has, or many changes between them. */
export function isStrong(value: string): boolean {
  if (/^(?:base|sha|aes|md|utf|argon|ripemd|crc|rsa|pbkdf)\d/i.test(value)) return false;
  if (/^[a-z]{3,}(?:[-.][a-z]{3,}){1,4}\d{2,}[!?*#$%]?$|^[a-z]{8,}\d{4}$/.test(value)) return true;
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value) || /^\/|:\/\/|^[\w.+-]+@[\w-]+\./.test(value))
    return false;
  if (/^[A-Z]?[a-z]{3,}(?:[A-Z][a-z]{2,}){0,3}\d{2,4}[!?*#$%.@]?$/.test(value)) return true;
  if (/^[A-Z][a-z]{3,}[_.-]?\d{2,4}[a-z]{3,}$/.test(value)) return true;
  if (/={1,2}$/.test(value)) return value.length >= 12 && isShuffled(value);
  return /[!@#$%^&*?~]/.test(value) ? !/[/:(]/.test(value) : /^[\w-]{10,}$/.test(value) && changesOf(value) >= value.length / 3;
}

/** How often capitals, small letters and digits take turns. */
export function changesOf(value: string): number {
  let count = 0;
  let last: number = OTHER;
  for (let i = 0; i < value.length; i++) {
    const kind = kindOf(value.charCodeAt(i));
    if (kind !== OTHER && kind !== last) {
      count++;
      last = kind;
    }
  }
  return count;
}

const [OTHER, SMALL, CAPITAL, DIGIT] = [0, 1, 2, 3] as const;

function kindOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return SMALL;
  if (code >= 0x41 && code <= 0x5a) return CAPITAL;
  return code >= 0x30 && code <= 0x39 ? DIGIT : OTHER;
}

/** Whether a value can only be a password: it has letters and, besides, a digit or what no word has. */
export function isPasswordLike(value: string): boolean {
  return value.length >= 6 && /[A-Za-z]/.test(value) && /[^A-Za-z\u0080-\uffff\s'.,!?-]|[a-z][A-Z]/.test(value);
}

/** Whether a value is neither a name nor a path, nor a piece of code: for where it may be anything. */
export function isDrawn(value: string): boolean {
  if (/\s/.test(value) || value.length < 8) return false;
  return isRandom(value) || isScrambled(value) || (/^[\w!@#$%^&*?~+-]+$/.test(value) && isMany(value));
}

/** Whether a value has letters of both cases, digits, and signs that neither names nor code have between them. */
export function isScrambled(value: string): boolean {
  return /^\S{8,}$/.test(value) && isMany(value) && /[@^?!#~]/.test(value);
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

/** Digits between letters of both cases. */
function isScattered(text: string): boolean {
  return /[A-Za-z]\d+[A-Za-z]/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}
