import { RE2JS } from 're2js';
import { toError } from '../../base/errors.ts';
import { Recent } from '../../base/recent.ts';
import { ByteAutomaton } from './automaton/byte-automaton.ts';
import { type Instruction, MAX_INSTRUCTIONS as MAX_TABLE_INSTRUCTIONS, OTHER_CHARACTER, SYMBOLS } from './automaton/program.ts';
import { type AnyOf, requiredLiterals, tellingMost } from './matching/required-literals.ts';

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
  /** The same of a record's text as it is encoded (see record.ts), several times as fast; `null` when the text has to be decoded and tested. */
  testEncoded(bytes: Uint8Array, start: number, end: number): boolean | null;
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
  // Now, when rules are read: not in the middle of a log.
  const automaton = automatonOf(regex);
  return {
    source,
    cost: costOf(source, size),
    required: automaton === null ? requiredLiterals(source) : tellingMost(requiredLiterals(source)),
    test: (text) => regex.test(text),
    testEncoded: (bytes, start, end) => automaton?.test(bytes, start, end) ?? null,
  };
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

/** The operations of re2js's programs, by their numbers. */
const OPERATIONS = [
  null,
  'either',
  'either',
  'pass',
  'assert',
  'fail',
  'match',
  'pass',
  'take',
  'take',
  'any',
  'anyButNewline',
] as const;
const FOLDS_CASE = 1;
const NEWLINE = 0x0a;
const LAST_CHARACTER = 0x10ffff;

interface Re2Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  /** One character, or the first and last of ranges. */
  readonly runes: ArrayLike<number>;
  matchRune(character: number): boolean;
}

/** `null` for a pattern that is too large, or that has what re2js's programs are not known to have. */
function automatonOf(regex: RE2JS): ByteAutomaton | null {
  // re2js tells no types of its programs; an operation that is not known is refused below, and tests hold what the others do.
  const { inst, start } = regex.re2().prog as { readonly inst: readonly Re2Instruction[]; readonly start: number };
  if (inst.length > MAX_TABLE_INSTRUCTIONS) return null;
  const instructions: Instruction[] = [];
  const taken = new Map<string, Uint8Array>();
  let othersAreAlike = true;
  for (const each of inst) {
    const instruction = instructionOf(each, taken);
    if (instruction === null) return null;
    instructions.push(instruction);
    if (instruction.kind === 'take' && OPERATIONS[each.op] === 'take' && takesOthers(each) === null) othersAreAlike = false;
  }
  return ByteAutomaton.of({ instructions, start, othersAreAlike });
}

/** Those that take the same characters share what tells it. */
function instructionOf(each: Re2Instruction, taken: Map<string, Uint8Array>): Instruction | null {
  const next = each.out;
  const operation = OPERATIONS[each.op] ?? null;
  switch (operation) {
    case 'either':
      return { kind: 'either', next, other: each.arg };
    case 'pass':
      return { kind: 'pass', next };
    case 'assert':
      return { kind: 'assert', next, needs: each.arg };
    case 'match':
    case 'fail':
      return { kind: operation };
    case 'any':
    case 'anyButNewline':
    case 'take': {
      const key = `${operation} ${each.arg & FOLDS_CASE} ${each.runes}`;
      const takes = taken.get(key) ?? symbolsOf(each, operation);
      taken.set(key, takes);
      return { kind: 'take', next, takes };
    }
    case null:
      return null;
    default:
      return operation satisfies never;
  }
}

function symbolsOf(each: Re2Instruction, operation: 'any' | 'anyButNewline' | 'take'): Uint8Array {
  const takes = new Uint8Array(SYMBOLS);
  for (let symbol = 0; symbol < OTHER_CHARACTER; symbol++)
    takes[symbol] = operation === 'take' ? Number(each.matchRune(symbol)) : Number(operation === 'any' || symbol !== NEWLINE);
  takes[OTHER_CHARACTER] = operation !== 'take' || takesOthers(each) === true ? 1 : 0;
  return takes;
}

/** Whether it takes all characters outside of ASCII, or none; `null` when some. */
function takesOthers({ runes, arg }: Re2Instruction): boolean | null {
  if (runes.length === 1) {
    const only = String.fromCodePoint(runes[0] ?? 0);
    const folds = (arg & FOLDS_CASE) !== 0;
    return only >= '\u0080' || (folds && /[ks]/i.test(only)) ? null : false;
  }
  for (let i = 0; i < runes.length; i += 2) {
    const [first, last] = [runes[i] ?? 0, runes[i + 1] ?? 0];
    if (last < OTHER_CHARACTER) continue;
    return first <= OTHER_CHARACTER && last >= LAST_CHARACTER ? true : null;
  }
  return false;
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (thrown) {
    // Without its cause, which says the same: what prints errors with their causes would say it twice.
    throw new Error(reasonOf(source, toError(thrown)));
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
