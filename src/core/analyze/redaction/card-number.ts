import { digitRuns, MIN_RUN, RUN_WINDOW } from '../scan/digit-runs.ts';
import { type Detector, hidden } from './detector.ts';

const MIN_DIGITS = MIN_RUN;
const MAX_DIGITS = 19;
const MIN_WINDOW = 1024;
/** Digits in one piece or in the groups that are embossed, apart from other numbers. */
const NUMBER =
  /(?<![A-Za-z0-9_.+-]|[A-Za-z]{2}\d\d[ -]|\d[ -])([2-6]\d{12,18}|[2-6]\d{3}([ -])\d{4}\2\d{4}\2\d{4}(?:\2\d{1,3})?|3\d{3}([ -])\d{6}\3\d{4,5})(?![A-Za-z0-9_]|[ -]\d|\.\d|-[A-Za-z])/g;
const CARD_WORD = /(?:card|\bpan\b|\bcc|credit|debit|visa|master|amex|diners|discover|maestro|payment)[^\d]{0,24}$/i;
/** Keys whose numbers are long and none of a card. */
const OTHER_WORD =
  /(?:id|ids|uuid|time|timestamp|ts|at|date|epoch|nanos?|micros?|millis?|ns|us|ms|seq|sequence|offset|lsn|xid|version|revision|rev|size|bytes|total|count|nonce|hash|trace|span|serial|checksum|crc|sum|key|phone|tel|order|ref|reference|invoice|iban|account|index|number|no|nr|duration|port|pid|cursor|addr|address|ean|isbn|tracking|imei|msisdn|\/)["'\]\\)]*\s{0,2}(?:[:=#]|=>)?\s{0,2}\\{0,3}["'[(#]{0,2}$/i;

/** Behind a number that counts something. */
const UNIT = /^ ?(?:bytes|[kmg]i?b|[mun]s|s|rows|items|records)\b/i;

/** Card numbers: an issuer's prefix, a right length, and the check digit. */
export const cardNumber: Detector = {
  keywords: [],
  nextSuspect: nextNumber,
  redact: (text) =>
    text.replace(NUMBER, (whole, ...[, , , at, line]: [string, Sep, Sep, number, string]) => {
      const digits = whole.replace(/\D/g, '');
      const before = line.slice(Math.max(0, at - 32), at);
      const isNamed = CARD_WORD.test(before);
      const isGrouped = digits.length !== whole.length;
      if (!isNamed && !isGrouped && (OTHER_WORD.test(before) || UNIT.test(line.slice(at + whole.length)))) return whole;
      return hasIssuer(digits, isNamed) && passesLuhn(digits) ? hidden('card-number') : whole;
    }),
};
type Sep = string | undefined;

/** Where the next run of digits begins, single spaces and dashes in between, that is as long as a card number and has one of its beginnings. */
function nextNumber(bytes: Uint8Array, start: number, end: number): number {
  // Not far at first: the next may be in the next line.
  let window = MIN_WINDOW;
  let done = start;
  for (let from = start; end - from >= MIN_RUN; from += window - MIN_RUN + 1, window = Math.min(window * 2, RUN_WINDOW)) {
    const { places, count } = digitRuns(bytes, from, Math.min(from + window, end));
    for (let index = 0; index < count; index++) {
      let at = from + (places[index] ?? 0);
      if (at < done) continue;
      while (at > done && mayBeInRun(bytes[at - 1] ?? 0)) at--;
      for (; at < end && mayBeInRun(bytes[at] ?? 0); at++) {
        const first = at;
        while (at < end && isInRun(bytes, at)) at++;
        if (at - first >= MIN_DIGITS && hasNumber(bytes, first, at)) return first;
      }
      done = at;
    }
    if (from + window >= end) break;
  }
  return end;
}

function mayBeInRun(byte: number): boolean {
  return byte <= 0x39 && (byte >= 0x30 || byte === 0x20 || byte === 0x2d);
}

/** A digit, or a separator between two digits. */
function isInRun(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] ?? 0;
  if (isDigit(byte)) return true;
  return (byte === 0x20 || byte === 0x2d) && isDigit(bytes[at - 1] ?? 0) && isDigit(bytes[at + 1] ?? 0);
}

/** Whether a number of the right length, or groups of four or six digits, begin in a run. */
function hasNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at + MIN_DIGITS <= to; ) {
    let end = at;
    while (end < to && isDigit(bytes[end] ?? 0)) end++;
    const first = bytes[at] ?? 0;
    if (first >= 0x32 && first <= 0x36) {
      if (end - at >= MIN_DIGITS && end - at <= MAX_DIGITS) return true;
      if (end - at === 4 && to - at >= 16) return true;
    }
    at = Math.max(end, at) + 1;
  }
  return false;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Ranges of issuers with the lengths of their numbers; rare ones only where the text says that it is a card. */
function hasIssuer(digits: string, isNamed: boolean): boolean {
  const two = Number(digits.slice(0, 2));
  const three = Number(digits.slice(0, 3));
  const four = Number(digits.slice(0, 4));
  const { length } = digits;
  if (digits.startsWith('4')) return length === 16 || (isNamed && (length === 13 || length === 19));
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (four === 6011 || two === 65 || (three >= 644 && three <= 649)) return length === 16 || (isNamed && length === 19);
  if (four >= 3528 && four <= 3589) return length === 16;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return length === 14 && isNamed;
  if (two === 62 || two === 81) return length === 16 || (isNamed && length <= 19 && length >= 16);
  return isNamed && (two === 50 || (two >= 56 && two <= 69));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^(\d)\1+$/.test(digits);
}
