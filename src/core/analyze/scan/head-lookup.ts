import {
  ADD,
  AND,
  ATLEAST,
  BYTES_ALL,
  BYTES_ATMOST,
  BYTES_MAX,
  BYTES_SUB,
  block,
  branch,
  branchIf,
  type Code,
  CTZ,
  EQ,
  get,
  I32,
  i32,
  i64,
  LESS,
  load,
  loadByte,
  loadShort,
  loadVector,
  loop,
  MUL64,
  OR,
  type Procedure,
  SHL,
  SHR,
  SHR64,
  SUB,
  set,
  splat,
  store,
  tee,
  V128,
  VAND,
  WORDS_ADD,
  WORDS_BITS,
  WORDS_EQ,
  WORDS_MUL,
  WORDS_SPLAT,
  WRAP,
  when,
  word64,
  XOR64,
} from './assembler.ts';

/*
 * Finds the remembered heads with which texts begin: a WebAssembly procedure over tables that line-heads.ts writes. Some places of the beginning
 * tell the group of the text; how much of a text is hashed depends on the group, as no head of it is shorter. The hash tells a list of heads,
 * and which of them to compare with. For group and hash all digits are the same, as is punctuation that stands before them in ASCII.
 */

/** Lists of heads, and the most heads in each. */
export const LISTS = 1024;
export const WAYS = 8;
const WAY_BITS = 3;
const LIST_SHIFT = 22;
/** Groups of lines that begin alike in some places. */
export const GROUPS = 4096;
const GROUP_SHIFT = 52n;
/** The places that tell a line's group are in front of this; a line that ends there has no head. */
export const GROUP_END = 28;
/** So much of a line is hashed at least. A head that is longer than the other is not remembered. */
export const MIN_HASHED = 16;
export const MAX_LENGTH = 96;
/** So often the recognised lines of a group are counted. */
export const MAX_CREDIT = 1024;

/** What is told of the last text without a remembered head: its group, the first place of its list, and its tag. */
export const ASKED = { group: 0, first: 4, tag: 8 } as const;
/** What the vectors of a text are multiplied by. */
const MULTIPLIERS = 16;
/** A question of its own, and its text. */
export const LONE_QUESTION = 112;
export const LONE_TEXT = 256;
export const LONE_BYTES = MAX_LENGTH + 32;
/** By group: how much is hashed, 0 when it has no head yet; and how many lines were recognised. */
export const HASHED = 512;
export const CREDIT = HASHED + GROUPS;
/** By list and way: what is left of the hash, 0 where there is no head. */
export const TAGS = CREDIT + 4 * GROUPS;
/** By list and way: the head's number. Heads lie in the order in which they came, or each would be on a page of its own. */
export const NUMBERS = TAGS + 4 * LISTS * WAYS;
/** By number: for each byte the least that it may be, and how much more; the head's length; and what a lookup answers. */
export const HEADS = NUMBERS + 2 * LISTS * WAYS;
const HEAD_BITS = 8;
export const HEAD_BYTES = 1 << HEAD_BITS;
export const HEAD_LENGTH = 2 * MAX_LENGTH;
export const HEAD_RANGES = HEAD_LENGTH / 2;
export const HEAD_ANSWER = HEAD_LENGTH + 4;
export const TABLES_END = HEADS + HEAD_BYTES * LISTS * WAYS;

const MIXERS = [0x9e3779b97f4a7c15n, 0xc2b2ae3d27d4eb4fn] as const;

/** Words of a question: where a text begins, which the answer takes the place of, and where it ends; 0 for no text. */
export const QUESTION = { text: 0, limit: 4 } as const;

/** Parameters: where the questions begin and end. */
const NEXT = 0;
const LAST = 1;
const TEXT = 2;
const LIMIT = 3;
const GROUP = 4;
const LENGTH = 5;
const AT = 6;
const INDEX = 7;
const FOUND = 8;
const TAG = 9;
const HEAD = 10;
const ANSWER = 11;
const SUM = 12;
const NINES = 13;
const VECTORS = 2;

/** Writes the multipliers: odd, and each another. */
export function prepareTables(memory: DataView): void {
  for (let i = 0; i < MAX_LENGTH / 4; i++) memory.setUint32(MULTIPLIERS + 4 * i, Math.imul(0x9e3779b1, 2 * i + 1) | 1, true);
}

/** Answers questions that lie `step` bytes apart: by what was remembered with the head, or by 0. */
export function lookUpHeads(step: number): Procedure {
  return {
    parameters: 2,
    locals: [
      [SUM - LAST - 1, I32],
      [VECTORS, V128],
    ],
    code: [
      ...[...splat(0x39), ...set(NINES)],
      ...block(
        loop(
          ...[...get(NEXT), ...get(LAST), ATLEAST, ...branchIf(1), ...i32(0), ...set(ANSWER)],
          ...block(lookUp()),
          ...[...get(ANSWER), ...i32(0), EQ, ...when(...tellWhere())],
          ...[...get(NEXT), ...get(ANSWER), ...store(QUESTION.text), ...get(NEXT), ...i32(step), ADD, ...set(NEXT), ...branch(0)],
        ),
      ),
      ...i32(0),
    ],
  };
}

/** Sets the answer to one question, or leaves the block. */
function lookUp(): Code {
  return [
    ...[...get(NEXT), ...load(QUESTION.text), ...tee(TEXT), ...i32(0), EQ, ...branchIf(0)],
    ...[...get(NEXT), ...load(QUESTION.limit), ...tee(LIMIT), ...get(TEXT), SUB, ...i32(GROUP_END + 1), LESS, ...branchIf(0)],
    ...findGroup(),
    ...[...get(GROUP), ...loadByte(HASHED), ...tee(LENGTH), ...i32(0), EQ, ...branchIf(0)],
    ...[...get(TEXT), ...get(LENGTH), ADD, ...get(LIMIT), ATLEAST, ...branchIf(0)],
    ...hashText(),
    ...findInList(),
  ];
}

/** The 16 bytes from the address that is left and `offset`, the least of which are nines. */
function folded(offset: number): Code {
  return [...loadVector(offset), ...get(NINES), ...BYTES_MAX];
}

/** The upper bits of what two words of 64 bits are mixed to. */
function mixed(first: Code, second: Code): Code {
  const by = (mixer: bigint) => [...i64(BigInt.asIntN(64, mixer)), MUL64];
  return [...first, ...by(MIXERS[0]), ...second, ...by(MIXERS[1]), XOR64];
}

/** Times mostly stand first, and names and levels behind them. */
function findGroup(): Code {
  const behind = GROUP_END - 16;
  return [
    ...mixed([...get(TEXT), ...folded(0), ...word64(0)], [...get(TEXT), ...folded(behind), ...word64(1)]),
    ...[...i64(GROUP_SHIFT), SHR64, WRAP, ...set(GROUP)],
  ];
}

/** Sets the tag, and FOUND as the list. The last 16 bytes overlap those before them. */
function hashText(): Code {
  const last = [...get(TEXT), ...get(LENGTH), ADD, ...i32(16), SUB, ...folded(0)];
  const multiplied = [...get(AT), ...loadVector(MULTIPLIERS), ...WORDS_MUL];
  return [
    ...[...last, ...i32(MULTIPLIERS), ...loadVector(MAX_LENGTH - 16), ...WORDS_MUL, ...set(SUM), ...i32(0), ...set(AT)],
    ...block(
      loop(
        ...[...get(AT), ...i32(16), ADD, ...get(LENGTH), ATLEAST, ...branchIf(1)],
        ...[...get(TEXT), ...get(AT), ADD, ...folded(0), ...multiplied, ...get(SUM), ...WORDS_ADD, ...set(SUM)],
        ...[...get(AT), ...i32(16), ADD, ...set(AT), ...branch(0)],
      ),
    ),
    ...[...mixed([...get(SUM), ...word64(0)], [...get(SUM), ...word64(1)]), ...i64(32n), SHR64, WRAP, ...tee(TAG)],
    ...[...i32(LIST_SHIFT), SHR, ...set(FOUND), ...get(TAG), ...i32(1), OR, ...set(TAG)],
  ];
}

/** Compares with the heads of the list that have the tag. */
function findInList(): Code {
  const same = (offset: number): Code => [
    ...[...get(INDEX), ...i32(2), SHL, ...loadVector(TAGS + offset), ...get(SUM), ...WORDS_EQ, ...WORDS_BITS],
  ];
  return [
    ...[...get(TAG), ...WORDS_SPLAT, ...set(SUM), ...get(FOUND), ...i32(WAY_BITS), SHL, ...set(INDEX)],
    ...[...same(0), ...same(16), ...i32(4), SHL, OR, ...set(FOUND)],
    ...loop(
      ...[...get(FOUND), ...i32(0), EQ, ...branchIf(1)],
      ...[...get(INDEX), ...get(FOUND), CTZ, ADD, ...i32(1), SHL, ...loadShort(NUMBERS), ...i32(HEAD_BITS), SHL, ...set(HEAD)],
      ...[...get(FOUND), ...get(FOUND), ...i32(1), SUB, AND, ...set(FOUND)],
      ...[...compareHead(), ...get(TEXT), ...get(HEAD), ...load(HEADS + HEAD_LENGTH), ADD, ...get(LIMIT), LESS, AND],
      ...[...i32(0), EQ, ...branchIf(0)],
      ...[...countCredit(), ...get(HEAD), ...load(HEADS + HEAD_ANSWER), ...set(ANSWER)],
    ),
  ];
}

/** Leaves whether the text begins with the head. Behind its end bytes may be anything; that is quicker than a loop as far as it goes. */
function compareHead(): Code {
  const parts = Array.from({ length: MAX_LENGTH / 16 }, (_, part) => 16 * part);
  return [
    ...parts.flatMap((at) => [
      ...[...get(TEXT), ...loadVector(at), ...get(HEAD), ...loadVector(HEADS + at), ...BYTES_SUB],
      ...[...get(HEAD), ...loadVector(HEADS + HEAD_RANGES + at), ...BYTES_ATMOST, ...(at === 0 ? [] : VAND)],
    ]),
    ...BYTES_ALL,
  ];
}

/** Mostly there is nothing to count: it has come to its end. */
function countCredit(): Code {
  const own = [...get(GROUP), ...i32(2), SHL];
  const count = [...own, ...own, ...load(CREDIT), ...i32(1), ADD, ...store(CREDIT)];
  return [...own, ...load(CREDIT), ...i32(MAX_CREDIT), LESS, ...when(...count)];
}

function tellWhere(): Code {
  const told = [[GROUP, ASKED.group] as const, [INDEX, ASKED.first] as const, [TAG, ASKED.tag] as const];
  return told.flatMap(([local, place]) => [...i32(0), ...get(local), ...store(place)]);
}
