import { type Detector, hidden } from './detector.ts';

const EMAIL =
  /(?<![A-Za-z0-9._%+/:-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![A-Za-z0-9-])/g;
const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`(?<![\\w.])${BYTE}(?:\\.${BYTE}){3}(?![\\w]|\\.\\d)`, 'g');
const IPV6 = /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:.])/g;

/** E-mail addresses. */
export const email: Detector = { keywords: [], isMarked: () => true, redact: (text) => text.replace(EMAIL, hidden('email')) };

/** Addresses of version 4 and 6; a version of four numbers cannot be told from one. */
export const ip: Detector = {
  keywords: [],
  nextSuspect: (_, start) => start,
  redact: (text) =>
    text
      .replace(IPV4, hidden('ip'))
      .replace(IPV6, (whole) =>
        /[0-9A-Fa-f]/.test(whole) && (whole.includes('::') || whole.split(':').length === 8) ? hidden('ip') : whole,
      ),
};
