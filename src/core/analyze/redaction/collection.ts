import { assigned, type Detector, folded, hidden } from './detector.ts';
import { isPlaceholder, isSentence } from './placeholder.ts';
import { isDrawn, isPasswordLike, isShuffled } from './secret-value.ts';

/** A list or an object of what a word in the plural names. */
const COLLECTION =
  /((?:passwords|passwds|passphrases|secrets|tokens|credentials|creds|(?:api|access|secret|private|auth)[_-]?keys)\\{0,3}["']?\s{0,2}(?:[:=]|=>)\s{0,2}[[{])([^[\]{}]{4,8192})(?=[\]}])/gi;
/** A text in quotes that is no key. */
const ELEMENT = /(\\{0,3}["'])([^"'\\\n]{3,1024})(?=\\{0,3}["'](?!\s{0,2}(?::|=>)))/g;

/** What a table's columns are given: their names, and the values. */
const INSERT =
  /(\b(?:insert|replace)\s(?:\w+\s){0,2}?into\s[^\s(]{1,128}\s?\()([^()]{1,2048})(\)\s{0,4}values\s{0,4}\()([^()]{1,8192})(?=\))/gi;
const COLUMN = /^["'`[]?\w{0,40}(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|private_?key)["'`\]]?$/i;
const VALUES = /'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|\\.)*"|[^,\s][^,]*/g;

/** Values that only the name of what holds many of them tells. */
export const collections: readonly Detector[] = [
  {
    keywords: assigned('passwords', 'secrets', 'tokens', 'credentials', 'creds'),
    redact: (text) =>
      text.replace(COLLECTION, (_, before: string, elements: string) => before + elements.replace(ELEMENT, replacerFor(before))),
  },
  {
    keywords: folded('insert into '),
    redact: (text) =>
      text.replace(INSERT, (whole, start: string, columns: string, between: string, values: string) => {
        const names = columns.split(',').map((name) => name.trim());
        if (!names.some((name) => COLUMN.test(name))) return whole;
        let index = 0;
        const kept = values.replace(VALUES, (value) => (COLUMN.test(names[index++] ?? '') ? replaceColumn(value) : value));
        return `${start}${columns}${between}${kept}`;
      }),
  },
];

function replacerFor(name: string): (whole: string, quote: string, value: string) => string {
  const isSecret = /^pass/i.test(name) ? isPasswordLike : isShuffled;
  return (whole, quote, value) =>
    isSecret(value) && !isPlaceholder(value) && !isSentence(value) ? quote + hidden('secret') : whole;
}

/** A value in quotes; what is computed is none. */
function replaceColumn(value: string): string {
  const inner = /^(['"])(.+)\1$/.exec(value)?.[2];
  if (inner === undefined || isPlaceholder(inner) || !(isPasswordLike(inner) || isDrawn(inner))) return value;
  return value.charAt(0) + hidden('password') + value.charAt(0);
}
