import { compileReplacing } from '../pattern.ts';
import { type Detector, hidden } from './detector.ts';

/** What a user wants hidden: each match of an RE2 pattern becomes `[redacted:<name>]`. */
export interface UserSecret {
  readonly name: string;
  readonly pattern: string;
}

/** The marks of what is hidden already, as separators that are kept: words in them are no match. */
const MARKS = /(\[redacted:[^\]]*\])/;

/** Throws an Error whose message is the reason when the pattern cannot be used. */
export function userPattern({ name, pattern }: UserSecret): Detector {
  const { required, replace } = compileReplacing(pattern);
  const [keywords] = required;
  const mark = hidden(name);
  return {
    keywords: keywords ?? [],
    byCharacter: true,
    // What has no keyword has to be looked for in every line.
    ...(keywords === undefined ? { nextSuspect: (_: Uint8Array, start: number) => start } : {}),
    redact: (text) =>
      text.includes('[redacted:')
        ? text
            .split(MARKS)
            .map((part, index) => (index % 2 === 0 ? replace(part, mark) : part))
            .join('')
        : replace(text, mark),
  };
}
