import type { TextFilter } from '../../model/line-query.ts';
import { LiteralScanner, MIN_LITERAL } from '../literal-scan.ts';
import { Occurrence } from '../occurrence.ts';
import { type CompiledPattern, SEARCHED_BYTES } from '../pattern.ts';
import type { AnyOf } from './required-literals.ts';

/** Texts that a pattern matches within the part that patterns search. */
export function matching({ required, test, testEncoded }: CompiledPattern): TextFilter {
  const scans = required.flatMap((anyOf) => scanFor(anyOf) ?? []);
  return {
    mayHold: (bytes, start, end) => scans.every((occurs) => occurs(bytes, start, end)),
    // Of a longer text the part that is searched is counted in characters.
    matchesEncoded: (bytes, start, end) => (end - start > SEARCHED_BYTES ? null : testEncoded(bytes, start, end)),
    matches: (text) => test(text.length > SEARCHED_BYTES ? text.slice(0, SEARCHED_BYTES) : text),
  };
}

/** Texts that contain a text, wherever. */
export function containing(wanted: string): TextFilter {
  // The lines of a record do not lie directly behind each other.
  const longest = wanted.split('\n').reduce((a, b) => (b.length > a.length ? b : a));
  return {
    mayHold: scanFor([{ text: longest, folded: false }]) ?? (() => true),
    matchesEncoded: () => null,
    matches: (text) => text.includes(wanted),
  };
}

/** Texts that both filters take. */
export function both(a: TextFilter, b: TextFilter): TextFilter {
  return {
    mayHold: (bytes, start, end) => a.mayHold(bytes, start, end) && b.mayHold(bytes, start, end),
    matchesEncoded(bytes, start, end) {
      const [first, second] = [a.matchesEncoded(bytes, start, end), b.matchesEncoded(bytes, start, end)];
      return first === false || second === false ? false : first === true && second === true ? true : null;
    },
    matches: (text) => a.matches(text) && b.matches(text),
  };
}

/** Whether one of some literals may begin in `bytes[start, end)`; `null` when they cannot be looked for. */
function scanFor(anyOf: AnyOf): TextFilter['mayHold'] | null {
  // U+FFFD also stands for bytes that are not UTF-8.
  if (anyOf.length === 0 || anyOf.some(({ text }) => text === '' || text.includes('\ufffd'))) return null;
  const [only] = anyOf;
  if (only !== undefined && anyOf.length === 1 && !only.folded) {
    const occurrence = new Occurrence(only.text);
    return (bytes, start, end) => occurrence.within(bytes, start, end);
  }
  if (anyOf.some(({ text }) => Buffer.byteLength(text) < MIN_LITERAL)) return null;
  const scanner = new LiteralScanner(anyOf);
  return (bytes, start, end) => scanner.scan(bytes, start, end);
}
