/** A token of a template that stands for whatever varies. */
export const WILDCARD = '<*>';

/** Of a text so many tokens make its template. */
export const MOST_TOKENS = 48;
const LONGEST_TOKEN = 64;

const HEX = '[0-9a-fA-F]';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?';
const TIMES = [
  `\\b\\d{4}[-/]\\d\\d[-/]\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d)?(?:[.,]\\d+)?(?: ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d))?)?`,
  `\\b\\d\\d?[/ ]${MONTH}[/ ]\\d{4}[: ]${CLOCK}(?: [+-]\\d{4})?`,
  `\\b${MONTH} [ \\d]\\d ${CLOCK}`,
  `\\b${CLOCK}`,
];
const ADDRESSES = [
  '(?<![\\w.])\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?(?![\\w.])',
  `(?<![\\w:])\\[?(?:${HEX}{0,4}:){2,7}${HEX}{1,4}\\]?(?::\\d{1,5})?(?!\\w)`,
];
const QUOTED = ['"(?:[^"\\\\]|\\\\.)*"', "(?<![\\w'])'[^']*'(?!\\w)", '(?<!\\w)`[^`]*`(?!\\w)'];

/** What varies from line to line, more special kinds first. None takes more than linear time. */
const KINDS: readonly (readonly [kind: string, pattern: string])[] = [
  ['uuid', `\\b${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}\\b`],
  ['time', TIMES.join('|')],
  // What was redacted in an address is a part of it.
  ['url', '\\b[a-z][a-z0-9+.-]{1,10}:\\/\\/(?:\\[redacted:[\\w-]+\\]|[^\\s"\'<>)\\]}])+'],
  ['ip', ADDRESSES.join('|')],
  ['str', QUOTED.join('|')],
  ['path', '(?<![\\w.<])~?\\/[\\w.@%+~:=-]+(?:\\/[\\w.@%+~:=-]*)*'],
  ['hex', `\\b0x${HEX}+\\b`],
  ['num', '(?<![\\w.-])[-+]?\\d+(?:[.,]\\d+)*(?:%|[a-zA-Zµμ]{1,3})?(?![\\w-])'],
  ['email', '\\b[\\w.+-]{1,64}@[\\w-]+(?:\\.[\\w-]+)+'],
  ['id', '(?<![A-Za-z0-9_-])[A-Za-z0-9_-]*\\d[A-Za-z0-9_-]*'],
];
const VARIABLE = new RegExp(KINDS.map(([, pattern]) => `(${pattern})`).join('|'), 'g');
const MARKS = KINDS.map(([kind]) => `<${kind}>`);

/** A text with `<num>`, `<ip>` and so on for what varies. */
export function masked(text: string): string {
  return text.replace(VARIABLE, (...found: readonly unknown[]) => {
    for (let kind = 0; kind < MARKS.length; kind++) if (found[kind + 1] !== undefined) return MARKS[kind] ?? WILDCARD;
    return WILDCARD;
  });
}

/** The tokens of a masked text, cut at {@link MOST_TOKENS}. */
export function tokensOf(text: string): readonly string[] {
  const tokens = masked(text)
    .split(/\s+/)
    .filter((token) => token !== '')
    .map((token) => (token.length > LONGEST_TOKEN ? `${token.slice(0, LONGEST_TOKEN)}…` : token));
  return tokens.length > MOST_TOKENS ? [...tokens.slice(0, MOST_TOKENS), '…'] : tokens;
}

const MARK = new RegExp(`<(?:\\*|${KINDS.map(([kind]) => kind).join('|')})>`, 'g');

/** Tokens as they are compared: every mark is a wildcard. */
export function shapeOf(tokens: readonly string[]): readonly string[] {
  return tokens.map((token) => (token.includes('<') ? token.replace(MARK, WILDCARD) : token));
}
