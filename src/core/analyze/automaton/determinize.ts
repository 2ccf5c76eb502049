import {
  type Instruction,
  LINE_BEGIN,
  LINE_END,
  NO_WORD_EDGE,
  OTHER_CHARACTER,
  type Program,
  SYMBOLS,
  TEXT_BEGIN,
  TEXT_END,
  WORD_EDGE,
} from './program.ts';

/** More entries than this have tables that are not worth their memory. */
const MAX_ENTRIES = 8_192;
/** So many steps through the program may be gone before a pattern counts as too large. */
const MAX_STEPS = 16_000;

const NEWLINE = 0x0a;
/** Of what stood before a place: the bits of `State.context`. */
const [AT_TEXT_BEGIN, AT_LINE_BEGIN, BEHIND_WORD] = [1, 2, 4] as const;

/** All that a program can be in the middle of, as a table. */
export interface Determinized {
  /** For each symbol: its column. */
  readonly columns: Uint8Array;
  /** Width of a row; the last column is the end of the text. */
  readonly width: number;
  /** The row that follows, by row and column; `FOUND` when it matches whatever follows, `DEAD` when nothing can match. */
  readonly rows: readonly (readonly number[])[];
}

export const [FOUND, DEAD] = [-1, -2] as const;

/** The states that a search through a text can be in; the first row is the start. `null` when there are too many. */
export function determinize(program: Program): Determinized | null {
  return new Builder(program).build();
}

/** Places in the program that wait for the next character: those that take one, and assertions about what follows. */
interface State {
  readonly waiting: readonly number[];
  readonly context: number;
}

class Builder {
  readonly #instructions: readonly Instruction[];
  readonly #start: number;
  readonly #columns: Uint8Array;
  readonly #width: number;
  readonly #states: State[] = [];
  readonly #rowOf = new Map<string, number>();
  #steps = 0;
  /** When an instruction was last reached. */
  readonly #reached: Uint32Array;
  #round = 0;

  constructor({ instructions, start }: Program) {
    this.#instructions = instructions;
    this.#start = start;
    this.#columns = columnsOf(instructions);
    this.#width = Math.max(...this.#columns) + 2;
    this.#reached = new Uint32Array(instructions.length);
  }

  build(): Determinized | null {
    const rows: number[][] = [];
    const samples = Array.from({ length: this.#width - 1 }, (_, column) => this.#columns.indexOf(column));
    const first = this.#enter([this.#start], AT_TEXT_BEGIN | AT_LINE_BEGIN);
    if (first < 0) return { columns: this.#columns, width: this.#width, rows: [Array(this.#width).fill(first)] };
    for (let row = 0; row < this.#states.length; row++) {
      const state = this.#states[row];
      if (state === undefined || this.#states.length * this.#width > MAX_ENTRIES || this.#steps > MAX_STEPS) return null;
      rows.push([...samples.map((symbol) => this.#follow(state, symbol)), this.#follow(state, null)]);
    }
    return { columns: this.#columns, width: this.#width, rows };
  }

  /** The row behind `symbol`; `null` is the end of the text. */
  #follow({ waiting, context }: State, symbol: number | null): number {
    const around = aroundOf(context, symbol);
    const here = this.#expand(waiting, around);
    if (here === null) return FOUND;
    if (symbol === null) return DEAD;
    const next: number[] = [this.#start];
    this.#steps += here.length;
    for (const place of here) {
      const instruction = this.#instructions[place];
      if (instruction?.kind === 'take' && instruction.takes[symbol] === 1) next.push(instruction.next);
    }
    return this.#enter(next, (symbol === NEWLINE ? AT_LINE_BEGIN : 0) | (isWord(symbol) ? BEHIND_WORD : 0));
  }

  /** The row of the state that some places lead to. */
  #enter(places: readonly number[], context: number): number {
    const waiting = this.#expand(places, null, context);
    if (waiting === null) return FOUND;
    if (waiting.length === 0) return DEAD;
    this.#steps += waiting.length;
    const asserts = waiting.some((place) => this.#instructions[place]?.kind === 'assert');
    const state = { waiting: waiting.sort((a, b) => a - b), context: asserts ? context : 0 };
    const key = `${state.context} ${state.waiting.join(' ')}`;
    const known = this.#rowOf.get(key);
    if (known !== undefined) return known;
    const row = this.#states.push(state) - 1;
    this.#rowOf.set(key, row);
    return row;
  }

  /** Follows what takes no character; `null` when the pattern matches. Assertions wait as long as `around` is not known. */
  #expand(places: readonly number[], around: number | null, context = 0): number[] | null {
    const round = ++this.#round;
    const waiting: number[] = [];
    const open = [...places];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (this.#reached[place] === round) continue;
      this.#reached[place] = round;
      this.#steps++;
      const instruction = this.#instructions[place];
      switch (instruction?.kind) {
        case 'match':
          return null;
        case 'either':
          open.push(instruction.other, instruction.next);
          break;
        case 'pass':
          open.push(instruction.next);
          break;
        case 'take':
          waiting.push(place);
          break;
        case 'assert':
          if (around === null) {
            if ((instruction.needs & TEXT_BEGIN) === 0 || (context & AT_TEXT_BEGIN) !== 0) waiting.push(place);
          } else if ((instruction.needs & ~around) === 0) open.push(instruction.next);
          break;
        default:
      }
    }
    return waiting;
  }
}

/** The bits that hold between what stood before and `symbol`. */
function aroundOf(context: number, symbol: number | null): number {
  const isEdge = ((context & BEHIND_WORD) !== 0) !== (symbol !== null && isWord(symbol));
  return (
    (context & AT_TEXT_BEGIN ? TEXT_BEGIN : 0) |
    (context & AT_LINE_BEGIN ? LINE_BEGIN : 0) |
    (symbol === null ? TEXT_END : 0) |
    (symbol === null || symbol === NEWLINE ? LINE_END : 0) |
    (isEdge ? WORD_EDGE : NO_WORD_EDGE)
  );
}

function isWord(symbol: number): boolean {
  return (
    (symbol >= 0x30 && symbol <= 0x39) ||
    (symbol >= 0x41 && symbol <= 0x5a) ||
    symbol === 0x5f ||
    (symbol >= 0x61 && symbol <= 0x7a)
  );
}

/** Symbols that no instruction tells apart share a column. Line ends and what is not ASCII have columns of their own. */
function columnsOf(instructions: readonly Instruction[]): Uint8Array {
  const columns = new Uint8Array(SYMBOLS);
  columns[NEWLINE] = 1;
  columns[OTHER_CHARACTER] = 2;
  let count = 3;
  const split = (isIn: ArrayLike<number>) => {
    const inside = new Int16Array(count).fill(-1);
    const outside = new Int16Array(count).fill(-1);
    count = 0;
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const side = isIn[symbol] === 1 ? inside : outside;
      const column = columns[symbol] ?? 0;
      if (side[column] === -1) side[column] = count++;
      columns[symbol] = side[column] ?? 0;
    }
  };
  if (instructions.some((each) => each.kind === 'assert' && (each.needs & (WORD_EDGE | NO_WORD_EDGE)) !== 0)) {
    split(Uint8Array.from(columns, (_, symbol) => (isWord(symbol) ? 1 : 0)));
  }
  // Instructions that take the same share what tells it.
  for (const takes of new Set(instructions.flatMap((each) => (each.kind === 'take' ? [each.takes] : [])))) split(takes);
  return columns;
}
