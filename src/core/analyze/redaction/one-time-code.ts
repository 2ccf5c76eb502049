import { type Detector, folded, hidden } from './detector.ts';

const KIND = '(?:verification|security|one[- ]time|login|sign-?in|confirmation|2fa|mfa|otp|sms|totp|auth(?:entication)?)';
/** `verification code is 123456`, `otp for ann: 1234`. */
const TOLD = new RegExp(
  String.raw`(\b(?:${KIND}[ -](?:code|password|pin|passcode|token)|otp|passcode)(?: (?:for|of|to) \S{1,128})?(?: is| was|:){1,2} ["'\x60]?)((?:[A-Z]{1,2}-)?\d{4,8})(?![\w.:-]\d|\w)`,
  'gi',
);
/** `123456 is your verification code`. */
const TOLD_BEFORE = /(?<![\w.:-])((?:[A-Z]{1,2}-)?\d{4,8})(?= is (?:your|the) [^\n]{0,48}?\b(?:code|otp|passcode|pin)\b)/gi;
/** The words that a wallet is made anew from. */
const PHRASE =
  /(\b(?:mnemonic|(?:seed|recovery|backup|secret)[ _-]phrase)\\{0,3}["']?\s?[:=]\s?\\{0,3}["']?)([a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){5,23})/gi;

/** Codes for one login that are told in words, and phrases that open a wallet. */
export const oneTimeCodes: readonly Detector[] = [
  {
    keywords: [
      { text: ' code', folded: true, before: 'nyaph', behind: [' is', ' for', ' was', ' to', ':'] },
      { text: 'otp', folded: true, opens: true, behind: [' ', ':'] },
      { text: 'passcode', folded: true, behind: [' ', ':'] },
      ...folded(' is your ', 'one-time '),
    ],
    redact: (text) => text.replace(TOLD, `$1${hidden('one-time-code')}`).replace(TOLD_BEFORE, hidden('one-time-code')),
  },
  {
    keywords: [...folded('mnemonic'), { text: 'phrase', folded: true, before: ' _-', behind: ['=', ':', '"', ' ='] }],
    redact: (text) => text.replace(PHRASE, `$1${hidden('secret')}`),
  },
];
