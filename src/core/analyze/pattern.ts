import { RE2JS } from 're2js';
import { toError } from '../../base/errors.ts';
import { Recent } from '../../base/recent.ts';
import { type AnyOf, requiredLiterals } from './required-literals.ts';

/** How much of a record's text is searched, in bytes. */
export const SEARCHED_BYTES = 16_384;
const MAX_INSTRUCTIONS = 1_000;
const MAX_REPLACING_INSTRUCTIONS = 100;
const TAME_INSTRUCTIONS = 64;
const COST_OF_INSTRUCTION = 4;

/** A user's pattern in RE2 syntax. Matching takes time linear in the length of the text. */
export interface CompiledPattern {
  readonly source: string;
  /** What a test costs at most for each character; 1 for a pattern that no text makes slow. */
  readonly cost: number;
  /** A text can match only when it contains one literal of each of these parts. */
  readonly required: readonly AnyOf[];
  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean;
}

/** A pattern whose matches are replaced. */
export interface ReplacingPattern extends Pick<CompiledPattern, 'required'> {
  replace(text: string, by: string): string;
}

/** So many patterns stay compiled: every cycle asks for those of all rules. */
const compiled = new Recent<CompiledPattern>(1_000);

/** Throws an Error whose message is the reason when the pattern is not RE2, or too large. */
export function compilePattern(source: string): CompiledPattern {
  return compiled.get(source, () => compileAnew(source));
}

function compileAnew(source: string): CompiledPattern {
  const whole = compile(source);
  const size = whole.programSize();
  if (size > MAX_INSTRUCTIONS) throw new Error(`the pattern needs ${size} instructions, at most ${MAX_INSTRUCTIONS} are allowed`);
  const bare = withoutEdges(source);
  const regex = bare === source ? whole : compile(bare);
  return { source, cost: costOf(source, size), required: requiredLiterals(source), test: (text) => regex.test(text) };
}

/** The same for a pattern that every line has to be searched with before it goes on, however long that takes; it must not match nothing. */
export function compileReplacing(source: string): ReplacingPattern {
  const regex = compile(source);
  const size = regex.programSize();
  if (size > MAX_REPLACING_INSTRUCTIONS)
    throw new Error(`the pattern needs ${size} instructions, at most ${MAX_REPLACING_INSTRUCTIONS} are allowed here`);
  if (regex.test('')) throw new Error('the pattern matches the empty text');
  return { required: requiredLiterals(source), replace: (text, by) => regex.matcher(text).replaceAll(by) };
}

/** Counted repeats and many alternatives can make a state of every character, each of them as large as the program. */
function costOf(source: string, size: number): number {
  return size <= TAME_INSTRUCTIONS && !/\{\d/.test(source) ? 1 : COST_OF_INSTRUCTION * size;
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (thrown) {
    throw new Error(reasonOf(source, toError(thrown)), { cause: thrown });
  }
}

function reasonOf(source: string, error: Error): string {
  if (/\(\?<?[=!]/.test(source)) return 'look-around is not part of RE2 syntax';
  if (/\\[1-9]|\\k<|\(\?P=/.test(source)) return 'back-references are not part of RE2 syntax';
  return error.message.replace('error parsing regexp: ', '');
}

/** `.*` at either end changes nothing about whether a pattern occurs, and costs much. */
function withoutEdges(source: string): string {
  if (source.includes('\\Q')) return source;
  return source.replace(/^(\(\?[a-zA-Z]+\))?(?:\.\*\??)+(?![*+?{])/, '$1').replace(/(?<!\\)(?:\.\*\??)+$/, '');
}
