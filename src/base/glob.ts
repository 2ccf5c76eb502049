/** A compiled glob: `*` any run, `?` one character, `[abc]` and `[!abc]` one of a set, `{a,b}` either; the whole text must match. */
export interface Glob {
  readonly source: string;
  readonly literal: boolean;
  matches(text: string): boolean;
}

/** Compiles a glob; throws `Error` with a reason when brackets or braces do not close. */
export function compileGlob(source: string): Glob {
  if (!/[*?[\]{}]/.test(source)) return { source, literal: true, matches: (text) => text === source };
  const pattern = new RegExp(globPattern(source), 's');
  return { source, literal: false, matches: (text) => pattern.test(text) };
}

/** The glob as a regular expression (also RE2's) for a whole text; `.` must take line ends. Throws as {@link compileGlob} does. */
export function globPattern(source: string): string {
  return `^${translate(source)}$`;
}

function translate(source: string): string {
  let out = '';
  let braces = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    if (c === '*') out += '.*';
    else if (c === '?') out += '.';
    else if (c === '[') {
      const end = source.indexOf(']', i + 2);
      if (end === -1) throw new Error('"[" is not closed');
      const set = source.slice(i + 1, end);
      const negated = set.startsWith('!');
      out += `[${negated ? '^' : ''}${(negated ? set.slice(1) : set).replace(/[\\\]^]/g, '\\$&')}]`;
      i = end;
    } else if (c === '{') {
      braces++;
      out += '(?:';
    } else if (c === '}' && braces > 0) {
      braces--;
      out += ')';
    } else if (c === ',' && braces > 0) out += '|';
    else out += c.replace(/[.+^$()|\\\]}]/g, '\\$&');
  }
  if (braces > 0) throw new Error('"{" is not closed');
  // Several stars in a row mean one, and would backtrack needlessly.
  return out.replace(/(?:\.\*){2,}/g, '.*');
}

/** Whether any of the globs matches. */
export function matchesAny(globs: readonly Glob[], text: string): boolean {
  return globs.some((glob) => glob.matches(text));
}
