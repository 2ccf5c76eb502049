import { isDigit } from '../formats/head/word.ts';
import { type Detector, hidden } from './detector.ts';

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
const SPACE = 0x20;
const DASH = 0x2d;
/** Digits in one piece or in the groups that are embossed, apart from other numbers. */
const NUMBER =
  /(?<![A-Za-z0-9_.+-](?<!%[0-9A-F]{2})|[A-Za-z]{2}\d\d[ -]|\d[ -])([2-6]\d{12,18}|[2-6]\d{3}([ -])\d{4}\2\d{4}\2\d{4}(?:\2\d{1,3})?|3\d{3}([ -])\d{6}\3\d{4,5})(?![A-Za-z0-9_]|[ -]\d|\.\d|-[A-Za-z])/g;
const CARD_WORD =
  /(?:card|karte|tarjeta|carte|\bpan\b|\bcc|credit|debit|visa|master|amex|diners|discover|maestro|payment|declined|\bf2=|iso8583)(?:%[0-9A-F]{2}|\D){0,24}$/i;
/** The same behind a number. */
const CARD_BEHIND =
  /^.{0,12}?(?:\bcard|brand|visa|master ?card|amex|\bexp(?:iry|ires|_|=|:|%3D)|cvv|cvc|do_not_honor|insufficient_funds|issuer|reason=(?:expired|declined|stolen|lost))/i;
/** Keys whose numbers are long and none of a card. */
const OTHER_WORD =
  /(?:id|ids|uuid|txn|trx|tx|inode|block|time|timestamp|ts|at|date|epoch|nanos?|micros?|millis?|ns|us|ms|seq|sequence|offset|lsn|xid|version|revision|rev|size|bytes|total|count|nonce|hash|trace|span|serial|checksum|crc|sum|key|phone|tel|order|ref|reference|invoice|iban|account|index|number|no|nr|duration|port|pid|cursor|addr|address|ean|isbn|tracking|imei|msisdn|\/)["'\]\\)]*\s{0,2}(?:[:=#]|=>)?\s{0,2}\\{0,3}["'[(#]{0,2}$/i;

/** Behind a number that counts something. */
const UNIT = /^ ?(?:bytes|[kmg]i?b|[mun]s|s|rows|items|records)\b/i;

/** Card numbers: an issuer's prefix, a right length, and the check digit. */
export const cardNumber: Detector = {
  keywords: [],
  isNumber: isCard,
  redact: (text) =>
    text.replace(NUMBER, (whole, ...[, , , at, line]: [string, Sep, Sep, number, string]) => {
      const digits = whole.replace(/\D/g, '');
      const before = line.slice(Math.max(0, at - 32), at);
      const isNamed = CARD_WORD.test(before) || CARD_BEHIND.test(line.slice(at + whole.length, at + whole.length + 48));
      const isGrouped = digits.length !== whole.length;
      if (!isNamed && !isGrouped && (OTHER_WORD.test(before) || UNIT.test(line.slice(at + whole.length)))) return whole;
      const isOne =
        hasIssuer(Number(digits.slice(0, 4)), digits.length, isNamed || (isGrouped && digits.length === 14)) &&
        passesLuhn(Buffer.from(digits), 0, digits.length);
      return isOne ? hidden('card-number') : whole;
    }),
};
type Sep = string | undefined;

/** Whether the digits of a card begin at `at`, whatever stands around them. */
function isCard(bytes: Uint8Array, at: number, end: number): boolean {
  let [digits, to] = [0, at];
  for (; digits <= MAX_DIGITS && to < end && isInNumber(bytes, to, end); to++) if (isDigit(bytes[to] ?? 0)) digits++;
  if (digits < MIN_DIGITS || digits > MAX_DIGITS) return false;
  let firstFour = 0;
  for (let i = 0; i < 4; i++) firstFour = firstFour * 10 + (bytes[at + i] ?? 0) - 0x30;
  return hasIssuer(firstFour, digits, true) && passesLuhn(bytes, at, to);
}

/** A digit, or a separator before one. */
function isInNumber(bytes: Uint8Array, at: number, end: number): boolean {
  const byte = bytes[at] ?? 0;
  return isDigit(byte) || ((byte === SPACE || byte === DASH) && at + 1 < end && isDigit(bytes[at + 1] ?? 0));
}

/** Ranges of issuers with the lengths of their numbers; rare ones only where the text says that it is a card. */
function hasIssuer(four: number, length: number, isNamed: boolean): boolean {
  const three = Math.floor(four / 10);
  const two = Math.floor(four / 100);
  if (two >= 40 && two <= 49) return length === 16 || (isNamed && (length === 13 || length === 19));
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (four >= 2200 && four <= 2204) return length === 16 && isNamed;
  if (four === 6011 || two === 65 || (three >= 644 && three <= 649)) return length === 16 || (isNamed && length === 19);
  if (four >= 3528 && four <= 3589) return length === 16;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return length === 14 && isNamed;
  if (two === 62 || two === 81) return length === 16 || (isNamed && length <= 19 && length >= 16);
  return isNamed && (two === 50 || (two >= 56 && two <= 69));
}

/** The check digit of the digits in `bytes[from, to)`; one digit over and over is no number. */
function passesLuhn(bytes: Uint8Array, from: number, to: number): boolean {
  let [sum, place, isMixed] = [0, 0, false];
  for (let at = to - 1; at >= from; at--) {
    const byte = bytes[at] ?? 0;
    if (!isDigit(byte)) continue;
    if (byte !== bytes[from]) isMixed = true;
    const weighted = (byte - 0x30) * (place % 2 === 1 ? 2 : 1);
    sum += weighted > 9 ? weighted - 9 : weighted;
    place++;
  }
  return isMixed && sum % 10 === 0;
}
