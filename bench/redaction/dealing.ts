import { bytesAt, type KnownDeal, type LiteralPlaces, wordsOf } from '../../src/core/analyze/scan/literal-buckets.ts';
import { BUCKETS, highHalf, lowHalf, wordAt } from '../../src/core/analyze/scan/literal-filter.ts';
import { HASH_BITS, PLACES } from '../../src/core/analyze/scan/literal-program.ts';
import type { Chance } from '../harness/chance.ts';

/** A part of a literal, and the bucket that it is dealt into. */
export interface Deal {
  readonly bucket: number;
  readonly part: Part;
}

export interface Part {
  readonly offset: number;
  /** Which halves its bytes have: numbers below {@link HALVES}. */
  readonly halves: readonly number[];
  /** What it costs by itself. */
  readonly cost: number;
}

/** For each place: 16 lower halves, 16 upper ones. */
const HALVES = PLACES * 2 * 16;
/** What a place costs at which a literal's part stands, where one that passes the buckets costs 1: it is compared. */
const COMPARISON = 8;
/** How many places that pass are in a line, about: each of them has the hash of one of the words by chance. */
const PASSING = 8;
const WORD = (COMPARISON * PASSING) / 2 ** HASH_BITS / 4;
/** Parts of a literal that are tried: those that cost the least by themselves. */
const CHOICES = 6;
/** So many different words of the sample are taken, half of them the most frequent, and the others by chance. */
const WORDS = 16_000;
/** How much worse a try may make it, at the beginning and at the end. */
const HEAT = [0.004, 0.0001] as const;

/** Deals literals into buckets so that little of a sample passes, by trying. */
export class Dealing {
  /** What passes, and what is compared, of one line. */
  cost = 0;
  readonly deals: Deal[] = [];
  readonly #chance: Chance;
  /** Those that may be dealt anew. */
  readonly #movable: readonly number[];
  readonly #parts: readonly (readonly Part[])[];
  /** Of each word of the sample, how often it is in a line. */
  readonly #weights: Float64Array;
  /** By half: the words that have it. */
  readonly #having: readonly Int32Array[];
  /** By bucket: how many parts have each half. */
  readonly #counts = Array.from({ length: BUCKETS }, () => new Int32Array(HALVES));
  /** By bucket: how many of the eight halves of each word no part has. */
  readonly #missing: readonly Uint8Array[];
  /** How many buckets each word passes. */
  readonly #passed: Uint8Array;

  /** Those that `known` has stay where it says. */
  constructor(
    literals: readonly LiteralPlaces[],
    sample: Buffer,
    chance: Chance,
    known: readonly (KnownDeal | undefined)[] = [],
  ) {
    this.#chance = chance;
    const words = drawWords(sample, chance);
    this.#weights = Float64Array.from(words, ({ share }) => share);
    this.#having = Array.from({ length: HALVES }, (_, half) =>
      Int32Array.from(words.flatMap(({ halves }, word) => (halves.includes(half) ? [word] : []))),
    );
    this.#missing = Array.from({ length: BUCKETS }, () => new Uint8Array(words.length).fill(2 * PLACES));
    this.#passed = new Uint8Array(words.length);
    this.#parts = literals.map((places, index) => partsOf(places, words, known[index]?.offset));
    for (const [literal, deal] of known.entries()) {
      const part = this.#parts[literal]?.find(({ offset }) => offset === deal?.offset);
      if (deal === undefined || part === undefined) continue;
      this.deals[literal] = { bucket: deal.bucket, part };
      this.#add(this.deals[literal]);
    }
    const others = [...this.#parts.keys()].filter((literal) => this.deals[literal] === undefined);
    this.#movable = others;
    const hardest = others.toSorted((a, b) => sizeOf(this.#parts[b]) - sizeOf(this.#parts[a]));
    for (const literal of hardest) this.#dealBest(literal);
  }

  /** Tries other parts and buckets, one literal at a time. */
  improve(tries: number): void {
    for (let attempt = 0; attempt < tries; attempt++) {
      const heat = HEAT[0] * (HEAT[1] / HEAT[0]) ** (attempt / tries);
      const literal = this.#movable[this.#chance.below(this.#movable.length)] ?? 0;
      const known = this.deals[literal];
      const parts = this.#parts[literal] ?? [];
      const part = parts[this.#chance.below(parts.length)];
      const bucket = this.#chance.below(BUCKETS);
      if (known === undefined || part === undefined || (part === known.part && bucket === known.bucket)) continue;
      const before = this.cost;
      this.#remove(known);
      this.#add({ bucket, part });
      if (this.cost <= before || this.#chance.below(1e6) / 1e6 < Math.exp((before - this.cost) / heat))
        this.deals[literal] = { bucket, part };
      else {
        this.#remove({ bucket, part });
        this.#add(known);
      }
    }
  }

  /** Those of a text that pass, as often as they are in it. */
  wordsThatPass(text: Buffer): readonly number[] {
    const counts = this.#counts;
    const passes = (at: number) =>
      counts.some((count) =>
        [0, 1, 2, 3].every((place) => {
          const byte = text[at + place] ?? 0;
          return (count[32 * place + lowHalf(byte)] ?? 0) > 0 && (count[32 * place + 16 + highHalf(byte)] ?? 0) > 0;
        }),
      );
    return Array.from({ length: Math.max(0, text.length - PLACES + 1) }, (_, at) => at)
      .filter(passes)
      .map((at) => wordAt(text, at));
  }

  #dealBest(literal: number): void {
    let best: { readonly deal: Deal; readonly cost: number } | null = null;
    for (const part of this.#parts[literal] ?? []) {
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const deal = { bucket, part };
        this.#add(deal);
        if (best === null || this.cost < best.cost) best = { deal, cost: this.cost };
        this.#remove(deal);
      }
    }
    if (best === null) throw new Error('a literal is too short to be looked for');
    this.deals[literal] = best.deal;
    this.#add(best.deal);
  }

  #add({ bucket, part }: Deal): void {
    const [counts, missing] = [this.#counts[bucket], this.#missing[bucket]];
    if (counts === undefined || missing === undefined) return;
    for (const half of part.halves) {
      const count = counts[half] ?? 0;
      counts[half] = count + 1;
      if (count > 0) continue;
      for (const word of this.#having[half] ?? []) {
        const left = (missing[word] ?? 0) - 1;
        missing[word] = left;
        if (left > 0) continue;
        const passed = this.#passed[word] ?? 0;
        this.#passed[word] = passed + 1;
        if (passed === 0) this.cost += this.#weights[word] ?? 0;
      }
    }
    this.cost += part.cost;
  }

  #remove({ bucket, part }: Deal): void {
    const [counts, missing] = [this.#counts[bucket], this.#missing[bucket]];
    if (counts === undefined || missing === undefined) return;
    for (const half of part.halves) {
      const count = (counts[half] ?? 0) - 1;
      counts[half] = count;
      if (count > 0) continue;
      for (const word of this.#having[half] ?? []) {
        const left = missing[word] ?? 0;
        missing[word] = left + 1;
        if (left > 0) continue;
        const passed = (this.#passed[word] ?? 0) - 1;
        this.#passed[word] = passed;
        if (passed === 0) this.cost -= this.#weights[word] ?? 0;
      }
    }
    this.cost -= part.cost;
  }
}

interface SampleWord {
  readonly folded: number;
  readonly halves: readonly number[];
  share: number;
}

/** The different words of four bytes in a sample, with how often each is in a line. */
function drawWords(sample: Buffer, chance: Chance): readonly SampleWord[] {
  const counts = new Map<number, number>();
  for (let at = 0; at + PLACES <= sample.length; at++) {
    const word = sample.readUInt32LE(at);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const lines = sample.toString('latin1').split('\n').length;
  const all = [...counts].sort((a, b) => b[1] - a[1]);
  const [frequent, others] = [all.slice(0, WORDS / 2), all.slice(WORDS / 2)];
  const part = Math.max(1, others.length / (WORDS / 2));
  const drawn = others.filter(() => chance.below(1e6) < 1e6 / part);
  const wordOf = ([word, count]: readonly [number, number], weight: number): SampleWord => {
    const bytes = Buffer.alloc(PLACES);
    bytes.writeUInt32LE(word);
    return { folded: wordAt(bytes, 0), halves: halvesOf([...bytes].map((byte) => [byte])), share: (count * weight) / lines };
  };
  return [...frequent.map((entry) => wordOf(entry, 1)), ...drawn.map((entry) => wordOf(entry, part))];
}

function halvesOf(places: LiteralPlaces): readonly number[] {
  return places.flatMap((bytes, place) => [
    ...new Set(bytes.flatMap((byte) => [32 * place + lowHalf(byte), 32 * place + 16 + highHalf(byte)])),
  ]);
}

function partsOf(places: LiteralPlaces, words: readonly SampleWord[], known?: number): readonly Part[] {
  const parts = Array.from({ length: Math.max(places.length - PLACES, 0) + 1 }, (_, offset): Part => {
    const bytes = bytesAt(places, offset);
    const own = new Set(wordsOf(bytes));
    const share = words.reduce((sum, word) => sum + (own.has(word.folded) ? word.share : 0), 0);
    return { offset, halves: halvesOf(bytes), cost: COMPARISON * share + WORD * own.size };
  });
  return known === undefined
    ? parts.sort((a, b) => a.cost - b.cost).slice(0, CHOICES)
    : parts.filter(({ offset }) => offset === known);
}

function sizeOf(parts: readonly Part[] | undefined): number {
  return parts?.[0]?.halves.length ?? 0;
}
