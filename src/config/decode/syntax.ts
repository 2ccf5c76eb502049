import { type Document, type ErrorCode, visit, type YAMLError, type Node as YamlNode } from 'yaml';
import type { Findings, Position } from '../../base/node.ts';
import { cut } from '../../base/visible.ts';

const MAX_SYNTAX_ERRORS = 5;
/** The parser quotes all that it could not read, which may be the rest of the file. */
const SYNTAX_CHARACTERS = 200;

/** The parser reports a quote or bracket that nothing closes where it gave up looking. */
const UNCLOSED: ReadonlySet<string> = new Set<ErrorCode>(['MISSING_CHAR', 'BAD_INDENT']);

/** Spaces that look like one and are none to YAML: copied from a web page or a chat. */
const ODD_SPACE = /[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/;

/** What to do about a text that YAML takes for something else. */
export function wantsQuotes(start: string): string {
  return `a text that begins with ${start} must be in quotes`;
}

const TOO_DEEP = 'indented deeper than the key above, which has its value in its own line';

interface Explained {
  readonly offset: number;
  readonly message: string;
  /** What comes after it in the file was read wrongly because of it. */
  readonly isLast?: true;
}

/** Reports the parser's errors, the first of each line and the first few, in words that say how to mend them; whether there was one. */
export function reportSyntax(
  documents: readonly Document[],
  source: string,
  findings: Findings,
  place: (offset: number) => Position,
): boolean {
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  const [first] = errors;
  if (first === undefined) return false;
  if (errors.some((error) => error.message.startsWith('Maximum call stack'))) {
    findings.error(place(first.pos[0]), 'nested too deeply');
    return true;
  }
  const opened = openings(documents);
  const lines = new Set<number>();
  for (const error of errors) {
    const { offset, message, isLast } = explain(error, source, opened);
    const line = place(error.pos[0]).line;
    if (!lines.has(line)) findings.error(place(offset), message);
    lines.add(line);
    if (isLast || lines.size === MAX_SYNTAX_ERRORS) break;
  }
  return true;
}

function explain({ code, message, pos: [offset] }: YAMLError, source: string, opened: ReadonlyMap<number, number>): Explained {
  const rest = source.slice(offset, offset + SYNTAX_CHARACTERS).split('\n', 1)[0] ?? '';
  const said = cut(message, SYNTAX_CHARACTERS).replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  const start = UNCLOSED.has(code) ? opened.get(offset) : undefined;
  if (start !== undefined)
    return { offset: start, message: `the ${source[start]} that opens here is never closed`, isLast: true };
  if (/^(<{7}|={7}|>{7})/.test(rest)) return { offset, message: 'a merge conflict is left here' };
  switch (code) {
    case 'UNEXPECTED_TOKEN':
      return unexpected(offset, said, source, opened);
    case 'BAD_SCALAR_START':
    case 'BAD_ALIAS':
      return { offset, message: wantsQuotes(source[offset] ?? '') };
    case 'TAG_RESOLVE_FAILED':
      return { offset, message: source[offset] === '!' ? `${said}; ${wantsQuotes('!')}` : said };
    case 'BAD_DQ_ESCAPE':
      return { offset, message: `${said}: in double quotes a backslash is written \\\\, in single quotes as it is` };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return rest.includes(': ')
        ? { offset, message: 'a text with ": " in it must be in quotes' }
        : { offset: offset + rest.length + indentAfter(source, offset + rest.length), message: TOO_DEEP };
    case 'MISSING_CHAR':
    case 'MULTILINE_IMPLICIT_KEY':
      return notAnEntry(offset, rest);
    case 'BLOCK_IN_FLOW':
      return { offset, message: `${said}: is a comma missing?` };
    case 'BAD_INDENT':
      return { offset: offset + rest.length - rest.trimStart().length, message: said };
    default:
      return { offset, message: said };
  }
}

/** From the end of a line to the first character of the next one. */
function indentAfter(source: string, end: number): number {
  return /^\s*/.exec(source.slice(end, end + SYNTAX_CHARACTERS))?.[0].length ?? 0;
}

function notAnEntry(offset: number, line: string): Explained {
  const odd = ODD_SPACE.exec(line);
  if (odd !== null) return { offset: offset + odd.index, message: 'expected a plain space, found one of another kind' };
  return { offset, message: `expected "key: value", with a space behind the colon, found ${JSON.stringify(cut(line, 80))}` };
}

/** A text that was taken for a quoted one or a collection, because it begins or goes on like one. */
function unexpected(offset: number, said: string, source: string, opened: ReadonlyMap<number, number>): Explained {
  if (!said.endsWith('at node end')) return { offset, message: said };
  const before = source.slice(Math.max(0, offset - SYNTAX_CHARACTERS), offset);
  const start = opened.get(offset - (before.length - before.trimEnd().length));
  if (start !== undefined) return { offset: start, message: wantsQuotes(source[start] ?? '') };
  const found = source[offset] ?? '';
  return { offset, message: '{}[]'.includes(found) ? `a text with ${found} in it must be in quotes here` : said };
}

/** Where each quoted text and bracketed collection begins, by where it ends. */
function openings(documents: readonly Document[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const note = ({ range }: YamlNode): void => void (range && found.set(range[1], range[0]));
  for (const document of documents)
    visit(document, {
      Scalar: (_, node) => (node.type?.startsWith('QUOTE_') ? note(node) : undefined),
      Collection: (_, node) => (node.flow === true ? note(node) : undefined),
    });
  return found;
}
