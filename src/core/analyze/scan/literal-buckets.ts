import {
  allow,
  BUCKETS,
  emptyTables,
  type FilterTables,
  folded,
  HASHES,
  hashOf,
  highHalf,
  lowHalf,
  wordAt,
} from './literal-filter.ts';
import { PLACES } from './literal-program.ts';
import { type Frequencies, typicalBytes, typicalFrequencies } from './typical-text.ts';

/** The bytes that can stand at each place of a literal. */
export type LiteralPlaces = readonly (readonly number[])[];

/** The part of a literal that is looked for. */
export interface ChosenPart {
  readonly offset: number;
  /** All that it can be; see {@link wordAt}. */
  readonly words: readonly number[];
}

/** Where a literal was dealt by somebody who had more time: its bucket, and where in it its part begins. */
export interface KnownDeal {
  readonly bucket: number;
  readonly offset: number;
}

/** What a look at a bit costs, and what a comparison of a literal costs in the same measure. */
const LOOK = 1;
const COMPARISON = 3;
/** Each literal is dealt anew so many times, when it is known where the others lie. */
const ROUNDS = 3;
/** So many parts of a literal are tried: those that are rarest by themselves. */
const CHOICES = 4;
/** Odd numbers to make hashes with: the one is taken with which the least of the typical text that passes has the hash of a fingerprint that it is not. */
const MULTIPLIERS = Array.from({ length: 256 }, (_, index) => Math.imul(0x9e3779b1, 2 * index + 1) >>> 0);
const ANY = Array.from({ length: 256 }, (_, byte) => byte);
/** Every half of a byte. */
const ALL_HALVES = 0xffffffff;

/** A part of a literal: for each place, which low halves (in the lower 16 bits) and which high halves its bytes have. */
interface Part {
  readonly offset: number;
  readonly halves: readonly number[];
  /** What comparing costs where it occurs. */
  readonly compared: number;
}

/**
 * Deals literals into the buckets of the filter, and chooses the part of each that is looked for, so that little of typical text passes. Those that
 * `known` has go where it says; with any of these, `multiplier` is what hashes are made with.
 */
export function dealLiterals(
  literals: readonly LiteralPlaces[],
  known: readonly (KnownDeal | undefined)[] = [],
  multiplier = 0,
): { readonly tables: FilterTables; readonly parts: readonly ChosenPart[] } {
  const frequencies = typicalFrequencies();
  const buckets = Array.from({ length: BUCKETS }, () => new Bucket(new HalfShares(frequencies.byte)));
  const dealt: Dealt[] = [];
  for (const [index, places] of literals.entries()) {
    const deal = known[index];
    if (deal === undefined || deal.offset > Math.max(places.length - PLACES, 0)) continue;
    dealt[index] = { part: partAt(places, deal.offset, frequencies), bucket: deal.bucket };
    buckets[deal.bucket]?.add(dealt[index].part);
  }
  const isAnyKnown = dealt.length > 0;
  dealOthers(literals, dealt, buckets);
  const parts = dealt.map(({ part: { offset } }, index) => ({ offset, words: wordsOf(bytesAt(literals[index] ?? [], offset)) }));
  const tables = emptyTables(isAnyKnown ? multiplier : multiplierFor(parts, buckets));
  for (const [index, { offset, words }] of parts.entries()) {
    for (const [place, all] of bytesAt(literals[index] ?? [], offset).entries()) {
      for (const byte of all) allow(tables, dealt[index]?.bucket ?? 0, place, byte);
    }
    for (const word of words) {
      const hash = hashOf(word, tables.multiplier);
      tables.bits[hash >> 3] = (tables.bits[hash >> 3] ?? 0) | (1 << (hash & 7));
    }
  }
  return { tables, parts };
}

/** Deals the literals that are not dealt yet. */
function dealOthers(literals: readonly LiteralPlaces[], dealt: Dealt[], buckets: readonly Bucket[]): void {
  const frequencies = typicalFrequencies();
  const shares = new HalfShares(frequencies.byte);
  const costOf = ({ compared, halves }: Part) => compared + LOOK * shares.pass(halves);
  const choices = literals.flatMap((places, index) => {
    if (dealt[index] !== undefined) return [];
    const parts = partsOf(places, frequencies).toSorted((a, b) => costOf(a) - costOf(b));
    return [{ index, parts: parts.slice(0, CHOICES) }];
  });
  const order = hardestFirst(choices, shares);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { index, parts } of order) {
      const own = dealt[index];
      if (own !== undefined) buckets[own.bucket]?.remove(own.part);
      let best = { part: parts[0], bucket: 0, cost: Number.POSITIVE_INFINITY };
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        for (const part of parts) {
          // Nothing that joins a bucket makes less pass.
          if (part.compared >= best.cost) continue;
          const cost = part.compared + LOOK * (buckets[bucket]?.costOf(part) ?? 0);
          if (cost < best.cost) best = { part, bucket, cost };
        }
      }
      if (best.part === undefined) throw new Error('a literal is too short to be looked for');
      dealt[index] = { part: best.part, bucket: best.bucket };
      buckets[best.bucket]?.add(best.part);
    }
  }
}

interface Choices {
  readonly index: number;
  readonly parts: readonly Part[];
}

/** Those of which most of typical text passes by themselves come first, and the others join them where that makes the least worse. */
function hardestFirst(choices: readonly Choices[], shares: HalfShares): readonly Choices[] {
  const shareOf = ({ parts: [part] }: Choices) => (part === undefined ? 0 : shares.pass(part.halves));
  const weighed = choices.map((each) => ({ each, share: shareOf(each) })).toSorted((a, b) => b.share - a.share);
  return weighed.map(({ each }) => each);
}

function multiplierFor(parts: readonly ChosenPart[], buckets: readonly Bucket[]): number {
  return bestMultiplier(MULTIPLIERS, parts, wordsThatPass(typicalBytes(), buckets));
}

/** The words of a text that buckets let pass. */
function wordsThatPass(text: Buffer, buckets: readonly Bucket[]): readonly number[] {
  const words: number[] = [];
  for (let at = 0; at + PLACES <= text.length; at++)
    if (buckets.some((bucket) => bucket.passes(text, at))) words.push(wordAt(text, at));
  return words;
}

/** The multiplier with which the fewest of `passing` have the hash of a part's word that they are not. */
export function bestMultiplier(multipliers: Iterable<number>, parts: readonly ChosenPart[], passing: readonly number[]): number {
  const words = new Set(parts.flatMap((part) => part.words));
  const others = passing.filter((word) => !words.has(word));
  // By hash: the last try in which it was a fingerprint's.
  const taken = new Uint32Array(HASHES);
  let [attempt, best] = [0, { multiplier: 0, count: Number.POSITIVE_INFINITY }];
  for (const multiplier of multipliers) {
    attempt++;
    for (const word of words) taken[hashOf(word, multiplier)] = attempt;
    let count = 0;
    for (const word of others) if (taken[hashOf(word, multiplier)] === attempt) count++;
    if (count < best.count) best = { multiplier, count };
    if (count === 0) break;
  }
  return best.multiplier;
}

interface Dealt {
  readonly part: Part;
  readonly bucket: number;
}

/** The parts that were dealt into one bucket. */
class Bucket {
  readonly #shares: HalfShares;
  readonly #parts = new Set<Part>();
  /** Of all parts, by place. */
  readonly #halves = new Array<number>(PLACES).fill(0);
  /** How much of typical text passes; 0 when there is no part. */
  #share = 0;

  constructor(shares: HalfShares) {
    this.#shares = shares;
  }

  /** How much more passes with a further part. */
  costOf({ halves }: Part): number {
    return this.#shares.passWith(this.#halves, halves) - this.#share;
  }

  /** Whether the bytes at `at` are let pass. */
  passes(bytes: Uint8Array, at: number): boolean {
    for (let place = 0; place < PLACES; place++) {
      const byte = bytes[at + place] ?? 0;
      const halves = this.#halves[place] ?? 0;
      if (((halves >>> lowHalf(byte)) & 1) === 0 || ((halves >>> (16 + highHalf(byte))) & 1) === 0) return false;
    }
    return this.#parts.size > 0;
  }

  add(part: Part): void {
    this.#parts.add(part);
    this.#join(part);
    this.#share = this.#shares.pass(this.#halves);
  }

  remove(part: Part): void {
    this.#parts.delete(part);
    this.#halves.fill(0);
    for (const each of this.#parts) this.#join(each);
    this.#share = this.#parts.size === 0 ? 0 : this.#shares.pass(this.#halves);
  }

  #join({ halves }: Part): void {
    for (let place = 0; place < PLACES; place++) this.#halves[place] = (this.#halves[place] ?? 0) | (halves[place] ?? 0);
  }
}

function partsOf(places: LiteralPlaces, frequencies: Frequencies): readonly Part[] {
  return Array.from({ length: Math.max(places.length - PLACES, 0) + 1 }, (_, offset) => partAt(places, offset, frequencies));
}

function partAt(places: LiteralPlaces, offset: number, frequencies: Frequencies): Part {
  const bytes = bytesAt(places, offset);
  return { offset, halves: bytes.map(halvesOf), compared: COMPARISON * shareOf(bytes, frequencies) };
}

/** Behind the end of a literal any byte can stand. */
export function bytesAt(places: LiteralPlaces, offset: number): LiteralPlaces {
  return Array.from({ length: PLACES }, (_, place) => places[offset + place] ?? ANY);
}

function halvesOf(bytes: readonly number[]): number {
  return bytes === ANY ? ALL_HALVES : bytes.reduce((all, byte) => all | (1 << lowHalf(byte)) | (1 << (16 + highHalf(byte))), 0);
}

/** All words that four places can be; see {@link wordAt}. */
export function wordsOf(places: LiteralPlaces): readonly number[] {
  const [firsts = [], seconds = [], thirds = [], fourths = []] = places.map((bytes) => [...new Set(bytes.map(folded))]);
  return firsts.flatMap((first) =>
    seconds.flatMap((second) =>
      thirds.flatMap((third) => fourths.map((fourth) => first | (second << 8) | (third << 16) | (fourth << 24))),
    ),
  );
}

/** How often one of the fingerprints occurs in typical text, by the three bytes at either end. */
function shareOf([firsts = [], seconds = [], thirds = [], fourths = []]: LiteralPlaces, frequencies: Frequencies): number {
  const early = tripleShare([firsts, seconds, thirds], frequencies);
  return fourths === ANY ? early : Math.min(early, tripleShare([seconds, thirds, fourths], frequencies));
}

function tripleShare([firsts = [], seconds = [], thirds = []]: LiteralPlaces, { byte, pair, triple }: Frequencies): number {
  let share = 0;
  for (const first of firsts) {
    for (const second of seconds) {
      for (const third of thirds) {
        const apart = Math.max(pair(first, second) * (byte[third] ?? 0), (byte[first] ?? 0) * pair(second, third)) / 2;
        share += Math.max(triple(first, second, third), apart, (byte[first] ?? 0) * (byte[second] ?? 0) * (byte[third] ?? 0));
      }
    }
  }
  return share;
}

/** How much of typical text passes. */
class HalfShares {
  readonly #byte: Float64Array;
  readonly #known = new Map<number, number>();

  constructor(byte: Float64Array) {
    this.#byte = byte;
  }

  /** The share of places where each of a row of bytes passes. */
  pass(halves: readonly number[]): number {
    let share = 1;
    for (const half of halves) share *= this.#shareOf(half);
    return share;
  }

  /** The same with further bytes at each place. */
  passWith(halves: readonly number[], further: readonly number[]): number {
    let share = 1;
    for (let place = 0; place < further.length; place++) share *= this.#shareOf((halves[place] ?? 0) | (further[place] ?? 0));
    return share;
  }

  #shareOf(halves: number): number {
    const known = this.#known.get(halves);
    if (known !== undefined) return known;
    let share = 0;
    for (let byte = 0; byte < 256; byte++) {
      // A byte that the sample does not have is rare, but not absent.
      if ((halves >>> lowHalf(byte)) & (halves >>> (16 + highHalf(byte))) & 1) share += (this.#byte[byte] ?? 0) + 1e-4;
    }
    this.#known.set(halves, share);
    return share;
  }
}
