import { type Literal, MIN_LITERAL } from './literal-scan.ts';

/** More alternatives than this are no filter. */
const MAX_ALTERNATIVES = 64;

/** More parts of a pattern than this are not looked for. */
const MAX_PARTS = 8;

/** One of these occurs. */
export type AnyOf = readonly Literal[];

/**
 * What occurs in every match of an RE2 pattern: one literal of each of these parts. No part: nothing is known.
 * The pattern must be one that RE2 accepts. What this reader does not know ends a literal, which is always safe.
 */
export function requiredLiterals(source: string): readonly AnyOf[] {
  const reader = new Reader(source);
  const parts = reader.alternation(false);
  return reader.isAtEnd() ? parts.toSorted((a, b) => shortest(b) - shortest(a)).slice(0, MAX_PARTS) : [];
}

class Reader {
  readonly #source: string;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
  }

  isAtEnd(): boolean {
    return this.#position >= this.#source.length;
  }

  alternation(folded: boolean): readonly AnyOf[] {
    const flags = { folded };
    const branches = [this.#concatenation(flags)];
    while (this.#source[this.#position] === '|') {
      this.#position++;
      branches.push(this.#concatenation(flags));
    }
    if (branches.length === 1) return branches[0] ?? [];
    const best = branches.map((parts) => parts.toSorted((a, b) => shortest(b) - shortest(a))[0]);
    const all = best.flatMap((part) => part ?? []);
    return best.includes(undefined) || all.length > MAX_ALTERNATIVES ? [] : [all];
  }

  #concatenation(flags: { folded: boolean }): readonly AnyOf[] {
    const parts: AnyOf[] = [];
    let run = '';
    const endRun = (folded: boolean) => {
      if (Buffer.byteLength(run) >= MIN_LITERAL) parts.push([{ text: run, folded }]);
      run = '';
    };
    while (!this.isAtEnd() && this.#source[this.#position] !== '|' && this.#source[this.#position] !== ')') {
      const { folded } = flags;
      const item = this.#item(flags);
      const times = this.#quantifier();
      if (typeof item === 'string' && times !== 'maybe' && isPlain(item, folded)) {
        run += item;
        if (times === 'once') continue;
      }
      endRun(folded);
      if (typeof item !== 'string' && times !== 'maybe') parts.push(...item);
    }
    endRun(flags.folded);
    return parts;
  }

  /** A literal character, or the parts of a group; anything else has none. */
  #item(flags: { folded: boolean }): string | readonly AnyOf[] {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#position) ?? 0);
    this.#position += char.length;
    switch (char) {
      case '(':
        return this.#group(flags);
      case '[':
        this.#skipClass();
        return [];
      case '\\':
        return this.#escape();
      case '.':
      case '^':
      case '$':
        return [];
      default:
        return char;
    }
  }

  #group(flags: { folded: boolean }): readonly AnyOf[] {
    let folded = flags.folded;
    const [head, on = '', off = '', close] =
      /^\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(this.#source.slice(this.#position)) ?? [];
    if (head !== undefined) {
      this.#position += head.length;
      if (on.includes('i')) folded = true;
      if (off.includes('i')) folded = false;
      if (close === ')') {
        flags.folded = folded;
        return [];
      }
    } else {
      const [name] = /^\?P?<[^>]*>/.exec(this.#source.slice(this.#position)) ?? [];
      this.#position += name?.length ?? 0;
    }
    const found = this.alternation(folded);
    if (this.#source[this.#position] === ')') this.#position++;
    return found;
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

  #escape(): string | readonly AnyOf[] {
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
    return [];
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

function shortest(literals: AnyOf): number {
  return Math.min(...literals.map(({ text }) => text.length));
}
