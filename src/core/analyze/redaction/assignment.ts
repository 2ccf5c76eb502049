import { FAMILIES, type Family } from './assigned-keys.ts';
import { type Detector, hidden } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { isPasswordLike, isRandom } from './secret-value.ts';

/** What a terminal colours a word with. */
const COLOUR = String.raw`(?:\x1b\[[\d;]{0,8}m)?`;
/** What closes the key's quotes, in JSON, in a map, in a URL or in HTML. */
const CLOSES = String.raw`(?:\\{0,3}["'\x60]?[\])]?|%22|&quot;)`;
/** What says that the value is a text. */
const TEXT_MARK = String.raw`(?:Some\(|[bunN](?=["'])|string\(\d{1,5}\) (?=")|\[(?=\\{0,3}["']?[A-Za-z0-9])|%22|&quot;)?`;
/** What assigns: `=`, `:`, `:=`, `=>`, the line of a table, or the room between two columns. */
const ASSIGNS = String.raw`(${COLOUR}${CLOSES}[ \t]{0,40}(?:=>|:=|==?|:|\||%3[Dd]|%3[Aa])(?:[ \t]{0,64}|\s{0,4})${COLOUR}${TEXT_MARK}|(?:\t|[ ][ \t])[ \t]{0,64}(?=[^\s=:|]))`;
/** A value in escaped quotes, in quotes, or bare as far as it can reach in logfmt, a URL, a connection string. */
const VALUE = String.raw`(?:(\\{1,3}["'])([^"'\\\n]+)|"((?:[^"\\\n]|\\[^\n])+)|'((?:[^'\\\n]|\\[^\n])+)|\x60([^\x60\n]+)|([^\s"'\x60&;,<>\\]{3,}))`;

/** The kind in a mark is no key. */
const IN_MARK = /\[redacted:[a-z-]*$/;

/** Values of keys that say they are secret, in logfmt, JSON, YAML, environment, tables and connection strings. */
export const assignments: readonly Detector[] = FAMILIES.map(assignmentOf);

/** A detector for what is assigned to keys of one family. */
export function assignmentOf({ kind, keywords, names, notBehind, isSecret, isExactCase, byCharacter }: Family): Detector {
  const pattern = new RegExp(`(${names})${ASSIGNS}${VALUE}`, isExactCase ? 'g' : 'gi');
  const mark = hidden(kind);
  const redact = (
    ...[whole, name, assigns, escaped = '', inEscaped, inDouble, inSingle, inBack, bare, at, text]: Match
  ): string => {
    const before = text.slice(Math.max(0, at - 24), at);
    if (IN_MARK.test(before) || notBehind?.test(before)) return whole;
    const start = `${name}${assigns}${escaped}`;
    if (bare !== undefined) {
      const value = bare.replace(/[)\]}.:|]+$/, '');
      if (value.length < 3 || isPlaceholder(bare) || isPlaceholder(value) || !isSecret(value, true)) return whole;
      if (assigns.endsWith('[') && !isRandom(value)) return whole;
      // Of an empty value, the next pair is none.
      if (/\S=\s/.test(name + assigns) && /^[A-Za-z_][\w.-]*=/.test(value)) return whole;
      if (isColumn(assigns) ? !isPasswordLike(value) : /:\s/.test(assigns) && isProse(value, text.slice(at + whole.length)))
        return whole;
      return start + mark + bare.slice(value.length);
    }
    const value = inEscaped ?? inDouble ?? inSingle ?? inBack ?? '';
    // The quote ended a text: `getpass("Password: ")`.
    if (/^[)\]](?:[\s,;)\]]|$)/.test(value)) return whole;
    if (isPlaceholder(value) || !isSecret(value, false) || (isColumn(assigns) && !isPasswordLike(value))) return whole;
    const quote = [inDouble, inSingle, inBack].findIndex((quoted) => quoted !== undefined);
    return `${start}${'"\'`'[quote] ?? ''}${mark}`;
  };
  return { keywords, redact: (text) => text.replace(pattern, redact), ...(byCharacter ? { byCharacter } : {}) };
}

type Optional = string | undefined;
type Match = [string, string, string, Optional, Optional, Optional, Optional, Optional, Optional, number, string];

/** Whether nothing assigns but the columns of a table. */
function isColumn(assigns: string): boolean {
  return !/[=:%]/.test(assigns);
}

/** Whether what follows a colon goes on as a sentence, or is an assignment of its own. */
function isProse(value: string, rest: string): boolean {
  if (/^[A-Za-z_.-]+[=:]./.test(value)) return true;
  return /^[A-Za-z][a-z'-]*$/.test(value) && /^[ \t]+\S/.test(rest);
}
