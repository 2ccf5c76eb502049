import { compileReplacing } from '../pattern.ts';
import { type Detector, hidden } from './detector.ts';

/** What a user wants hidden: each match of an RE2 pattern becomes `[redacted:<name>]`. */
export interface UserSecret {
  readonly name: string;
  readonly pattern: string;
}

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
    redact: (text) => replace(text, mark),
  };
}
