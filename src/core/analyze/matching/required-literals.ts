import { type Literal, MIN_LITERAL } from '../literal-scan.ts';
import { isCommon } from '../scan/typical-text.ts';

/** More alternatives than this are no filter. */
const MAX_ALTERNATIVES = 64;

/** More parts of a pattern than this are not looked for. */
const MAX_PARTS = 8;

/** So many texts that an alternation makes together with what stands before and behind it. */
const MAX_PRODUCT = 16;

/** One of these occurs. */
export type AnyOf = readonly Literal[];

/**
 * What occurs in every match of an RE2 pattern: one literal of each of these parts. No part: nothing is known.
 * The pattern must be one that RE2 accepts. What this reader does not know ends a literal, which is always safe.
 */
export function requiredLiterals(source: string): readonly AnyOf[] {
  const reader = new Reader(source);
  const { parts } = reader.alternation(false);
  return reader.isAtEnd()
    ? telling(parts)
        .toSorted((a, b) => shortest(b) - shortest(a))
        .slice(0, MAX_PARTS)
    : [];
}

/** A literal of so many characters is rarely there without the rest of its pattern: short ones beside it would cost more to find than they spare. */
const LONG = 10;

/** What is worth looking for of a pattern whose test costs little: beside one such literal, a list of them would cost more than it spares, too. */
export function tellingMost(required: readonly AnyOf[]): readonly AnyOf[] {
  const long = required.filter((anyOf) => shortest(anyOf) >= LONG);
  const single = long.filter((anyOf) => anyOf.length === 1);
  return single.length > 0 ? single : long.length > 0 ? long : required;
}

/** Beside a rare word, one that most lines have (` in `) says nothing, and to find it in all of them costs much. */
function telling(parts: readonly AnyOf[]): readonly AnyOf[] {
  const rare = parts.filter((part) => !part.some(isCommon));
  return rare.length === 0 ? parts : rare;
}

/** What is known of a piece of a pattern: what its matches have in them, and, if it is nothing else, all that they can be. */
interface Found {
  readonly parts: readonly AnyOf[];
  readonly exact: readonly string[] | null;
}

const UNKNOWN: Found = { parts: [], exact: null };

class Reader {
  readonly #source: string;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
  }

  isAtEnd(): boolean {
    return this.#position >= this.#source.length;
  }

  alternation(folded: boolean): Found {
    const flags = { folded };
    const branches = [this.#concatenation(flags)];
    while (this.#source[this.#position] === '|') {
      this.#position++;
      branches.push(this.#concatenation(flags));
    }
    const [only] = branches;
    if (only !== undefined && branches.length === 1) return only;
    const best = branches.map(({ parts }) => parts.toSorted((a, b) => shortest(b) - shortest(a))[0]);
    const all = best.flatMap((part) => part ?? []);
    const exact = branches.flatMap((branch) => branch.exact ?? []);
    return {
      parts: best.includes(undefined) || all.length > MAX_ALTERNATIVES ? [] : [all],
      exact: branches.some((branch) => branch.exact === null) || exact.length > MAX_PRODUCT ? null : exact,
    };
  }

  #concatenation(flags: { folded: boolean }): Found {
    const before = flags.folded;
    const parts: AnyOf[] = [];
    /** What the text since the last unknown item can be. */
    let runs: readonly string[] = [''];
    let isExact = true;
    const endRun = (folded: boolean) => {
      if (runs.every((run) => Buffer.byteLength(run) >= MIN_LITERAL)) parts.push(runs.map((text) => ({ text, folded })));
      runs = [''];
    };
    while (!this.isAtEnd() && this.#source[this.#position] !== '|' && this.#source[this.#position] !== ')') {
      const { folded } = flags;
      const item = this.#item(flags);
      const times = this.#quantifier();
      const texts = exactTexts(item, folded);
      if (texts !== null && times !== 'maybe' && runs.length * texts.length <= MAX_PRODUCT) {
        runs = runs.flatMap((run) => texts.map((text) => run + text));
        if (times === 'once') continue;
      } else if (typeof item !== 'string' && times !== 'maybe') parts.push(...item.parts);
      isExact = false;
      endRun(folded);
    }
    const exact = isExact && flags.folded === before ? runs : null;
    endRun(flags.folded);
    return { parts, exact };
  }

  /** A literal character, or what is in a group; of anything else nothing is known. */
  #item(flags: { folded: boolean }): string | Found {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#position) ?? 0);
    this.#position += char.length;
    switch (char) {
      case '(':
        return this.#group(flags);
      case '[':
        this.#skipClass();
        return UNKNOWN;
      case '\\':
        return this.#escape();
      case '.':
      case '^':
      case '$':
        return UNKNOWN;
      default:
        return char;
    }
  }

  #group(flags: { folded: boolean }): Found {
    let folded = flags.folded;
    const [head, on = '', off = '', close] =
      /^\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(this.#source.slice(this.#position)) ?? [];
    if (head !== undefined) {
      this.#position += head.length;
      if (on.includes('i')) folded = true;
      if (off.includes('i')) folded = false;
      if (close === ')') {
        flags.folded = folded;
        return UNKNOWN;
      }
    } else {
      const [name] = /^\?P?<[^>]*>/.exec(this.#source.slice(this.#position)) ?? [];
      this.#position += name?.length ?? 0;
    }
    const found = this.alternation(folded);
    if (this.#source[this.#position] === ')') this.#position++;
    return folded === flags.folded ? found : { ...found, exact: null };
  }

  #skipClass(): void {
    if (this.#source[this.#position] === '^') this.#position++;
    if (this.#source[this.#position] === ']') this.#position++;
    while (!this.isAtEnd() && this.#source[this.#position] !== ']') {
      if (this.#source[this.#position] === '\\') this.#position++;
      else if (this.#source.startsWith('[:', this.#position)) this.#position = this.#source.indexOf(':]', this.#position) + 1;
      this.#position++;
    }
    this.#position++;
  }

  #escape(): string | Found {
    const char = this.#source[this.#position] ?? '';
    this.#position++;
    if (!/[A-Za-z0-9]/.test(char)) return char;
    if (char === 't') return '\t';
    // Everything else with a letter or digit may be longer than one character: what follows is skipped as far as it can belong to it.
    if (char === 'Q') this.#position = this.#behind('\\E');
    else if ((char === 'p' || char === 'P' || char === 'x') && this.#source[this.#position] === '{')
      this.#position = this.#behind('}');
    else if (char === 'p' || char === 'P') this.#position++;
    else if (char === 'x') this.#position += 2;
    else if (/[0-7]/.test(char)) this.#position += /^[0-7]{0,2}/.exec(this.#source.slice(this.#position))?.[0].length ?? 0;
    return UNKNOWN;
  }

  #behind(text: string): number {
    const found = this.#source.indexOf(text, this.#position);
    return found === -1 ? this.#source.length : found + text.length;
  }

  /** How often the item before must occur: exactly once, at least once and perhaps again, or perhaps never. */
  #quantifier(): 'once' | 'again' | 'maybe' {
    const [text, least] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#position)) ?? [];
    if (text === undefined) return 'once';
    this.#position += text.length;
    if (least !== undefined) return Number(least) > 0 ? 'again' : 'maybe';
    return text.startsWith('+') ? 'again' : 'maybe';
  }
}

/** Line ends lie between the lines that are searched. With case ignored, `k` and `s` have partners outside of ASCII, as other letters outside of it may. */
function isPlain(char: string, folded: boolean): boolean {
  return char !== '\n' && !(folded && /[kKsS\u0080-\u{10ffff}]/u.test(char));
}

function exactTexts(item: string | Found, folded: boolean): readonly string[] | null {
  if (typeof item !== 'string') return item.exact;
  return isPlain(item, folded) ? [item] : null;
}

function shortest(literals: AnyOf): number {
  return Math.min(...literals.map(({ text }) => text.length));
}
