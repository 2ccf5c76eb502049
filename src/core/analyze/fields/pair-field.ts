import { closingQuote, unescaped } from './json-field.ts';

/** The value of a logfmt key, `name=value` or `name="value"`, wherever the pair stands outside of quotes in `line`; `null` when there is none. */
export function pairField(line: string, name: string): string | null {
  const key = `${name}=`;
  for (let at = line.indexOf(key); at !== -1; at = line.indexOf(key, at + 1)) {
    if ((at > 0 && !BEFORE.test(line[at - 1] ?? '')) || isInsideQuotes(line, at)) continue;
    const value = at + key.length;
    if (line[value] !== '"') return /^[^\s,;)\]}]*/.exec(line.slice(value))?.[0] ?? null;
    const quote = closingQuote(line, value + 1);
    return quote === -1 ? null : unescaped(line.slice(value + 1, quote));
  }
  return null;
}

/** What may stand in front of a key. */
const BEFORE = /[\s,;([{|]/;

function isInsideQuotes(line: string, position: number): boolean {
  let inside = false;
  for (let i = line.indexOf('"'); i !== -1 && i < position; i = line.indexOf('"', i + 1))
    if (line[i - 1] !== '\\') inside = !inside;
  return inside;
}
