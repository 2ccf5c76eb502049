import { Recent } from '../../../base/recent.ts';
import type { Literal } from '../literal-scan.ts';
import { DEALT_WITH } from './dealt-keywords.ts';
import { knownDeal, literalKey } from './known-deals.ts';
import { dealLiterals, type LiteralPlaces } from './literal-buckets.ts';
import { type FilterTables, HASHES, hashOf } from './literal-filter.ts';

/** A literal in bytes; a folded one in small letters. */
export interface PreparedLiteral {
  readonly bytes: Buffer;
  readonly before: Buffer | null;
  readonly behind: readonly Buffer[];
  /** For each place that all of `behind` reach: a 1 for each byte that one of them has there. Most of what is no match ends here. */
  readonly followers: readonly Uint8Array[];
  readonly folded: boolean;
  readonly opens: boolean;
  /** Where in the literal its fingerprint is. */
  readonly offset: number;
}

/** All that a scanner needs to know of its literals. It never changes. */
export interface PreparedLiterals {
  readonly literals: readonly PreparedLiteral[];
  readonly tables: FilterTables;
  /** By the hash of a fingerprint: one more than the index of its literals in `sharing`. */
  readonly sharingOf: Uint16Array;
  readonly sharing: readonly (readonly number[])[];
}

/** Every cycle asks for the same two or three sets of literals, and dealing them takes longer than the lines of a small one. */
const prepared = new Recent<PreparedLiterals>(6);

export function prepareLiterals(literals: readonly Literal[]): PreparedLiterals {
  return prepared.get(literals.map(literalKey).join('\n'), () => prepare(literals));
}

function prepare(given: readonly Literal[]): PreparedLiterals {
  const written = given.map(write);
  const { tables, parts } = dealLiterals(written.map(placesOf), given.map(knownDeal), DEALT_WITH);
  const sharingOf = new Uint16Array(HASHES);
  const sharing: number[][] = [];
  for (const [index, { words }] of parts.entries()) {
    for (const hash of new Set(words.map((word) => hashOf(word, tables.multiplier)))) {
      const known = sharing[(sharingOf[hash] ?? 0) - 1];
      if (known === undefined) sharingOf[hash] = sharing.push([index]);
      else known.push(index);
    }
  }
  return {
    literals: written.map((literal, index) => ({ ...literal, offset: parts[index]?.offset ?? 0 })),
    tables,
    sharingOf,
    sharing,
  };
}

/** A literal in bytes, before it is known where it is looked for. */
function write({ text, folded, before, behind = [], opens }: Literal): Omit<PreparedLiteral, 'offset'> {
  const bytesOf = (part: string) => Buffer.from(folded ? lower(part) : part);
  const tails = behind.map(bytesOf);
  const followers = followersOf(tails, folded).map((bytes) => {
    const allowed = new Uint8Array(256);
    for (const byte of bytes) allowed[byte] = 1;
    return allowed;
  });
  return {
    bytes: bytesOf(text),
    before: before === undefined ? null : bytesOf(before),
    behind: tails,
    followers,
    folded,
    opens: opens === true,
  };
}

/** What {@link dealLiterals} deals. */
export function placesOfLiteral(literal: Literal): LiteralPlaces {
  return placesOf(write(literal));
}

/** The bytes that can stand at each place of a literal and of what has to follow, as far as the shortest of that reaches. */
function placesOf({ bytes, behind, folded }: Pick<PreparedLiteral, 'bytes' | 'behind' | 'folded'>): LiteralPlaces {
  return [...[...bytes].map((byte) => variants(byte, folded)), ...followersOf(behind, folded)];
}

/** For each place that all texts reach: the bytes that one of them has there. */
function followersOf(texts: readonly Buffer[], folded: boolean): readonly (readonly number[])[] {
  const shortest = texts.length === 0 ? 0 : Math.min(...texts.map((text) => text.length));
  return Array.from({ length: shortest }, (_, place) => [
    ...new Set(texts.flatMap((text) => variants(text[place] ?? 0, folded))),
  ]);
}

function variants(byte: number, folded: boolean): readonly number[] {
  return folded && byte >= 0x61 && byte <= 0x7a ? [byte, byte & ~0x20] : [byte];
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
