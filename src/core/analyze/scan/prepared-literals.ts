import { Recent } from '../../../base/recent.ts';
import type { Literal } from '../literal-scan.ts';
import { DEALT_WITH } from './dealt-keywords.ts';
import { knownDeal, literalKey } from './known-deals.ts';
import { type ChosenPart, dealLiterals, type LiteralPlaces } from './literal-buckets.ts';
import { type FilterTables, HASHES, hashOf } from './literal-filter.ts';

/** The bytes of a text, small letters where case is ignored, and all that counts where they occur. */
export interface SharedText {
  readonly bytes: Buffer;
  readonly folded: boolean;
  /** Where in it the fingerprint is. */
  readonly offset: number;
  /** Of most texts that are no match, it is another. */
  readonly lastByte: number;
  readonly literals: readonly PreparedLiteral[];
}

export interface PreparedLiteral {
  readonly index: number;
  /** A 1 for each byte that may stand before it; `null`: anything may. */
  readonly before: Uint8Array | null;
  /** What has to follow; `null`: anything may. */
  readonly behind: Tails | null;
  readonly opens: boolean;
}

/** Texts of which one is wanted, as a tree: what follows each byte (of a letter that may be of any case, of both), and whether one ends before. */
export interface Tails {
  isEnd: boolean;
  readonly next: Map<number, Tails>;
}

/** All that a scanner needs to know of its literals. It never changes. */
export interface PreparedLiterals {
  readonly count: number;
  readonly tables: FilterTables;
  /** By the hash of a fingerprint: one more than the index of its texts in `sharing`. */
  readonly sharingOf: Uint16Array;
  readonly sharing: readonly (readonly SharedText[])[];
}

/** Every cycle asks for the same two or three sets of literals, and dealing them takes longer than the lines of a small one. */
const prepared = new Recent<PreparedLiterals>(6);

export function prepareLiterals(literals: readonly Literal[]): PreparedLiterals {
  return prepared.get(literals.map(literalKey).join('\n'), () => prepare(literals));
}

function prepare(given: readonly Literal[]): PreparedLiterals {
  const { tables, parts } = dealLiterals(given.map(placesOfLiteral), given.map(knownDeal), DEALT_WITH);
  const texts = shareTexts(given, parts);
  const sharingOf = new Uint16Array(HASHES);
  const sharing: SharedText[][] = [];
  for (const [index, { words }] of parts.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    for (const hash of new Set(words.map((word) => hashOf(word, tables.multiplier)))) {
      const known = sharing[(sharingOf[hash] ?? 0) - 1];
      if (known === undefined) sharingOf[hash] = sharing.push([text]);
      else if (!known.includes(text)) known.push(text);
    }
  }
  return { count: given.length, tables, sharingOf, sharing };
}

/** By literal: its text, one for all that are looked for by the same part of the same text. */
function shareTexts(given: readonly Literal[], parts: readonly ChosenPart[]): readonly SharedText[] {
  const texts = new Map<string, SharedText & { readonly literals: PreparedLiteral[] }>();
  const trees = new Map<string, Tails>();
  return given.map((literal, index) => {
    const { text, folded, before, opens } = literal;
    const offset = parts[index]?.offset ?? 0;
    const bytes = bytesOf(text, folded);
    const key = `${offset} ${folded} ${bytes.toString('latin1')}`;
    const shared = texts.get(key) ?? { bytes, folded, offset, lastByte: bytes[bytes.length - 1] ?? 0, literals: [] };
    texts.set(key, shared);
    shared.literals.push({
      index,
      before: before === undefined ? null : setOf(bytesOf(before, folded), folded),
      behind: treeFor(literal, trees),
      opens: opens === true,
    });
    return shared;
  });
}

function setOf(bytes: Uint8Array, folded: boolean): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of bytes) for (const variant of variants(byte, folded)) set[variant] = 1;
  return set;
}

/** One for all literals that the same has to follow. */
function treeFor(literal: Literal, trees: Map<string, Tails>): Tails | null {
  const texts = tailsOf(literal);
  if (texts.length === 0) return null;
  const key = `${literal.folded} ${texts.join('\n')}`;
  const tree = trees.get(key) ?? treeOf(texts, literal.folded);
  trees.set(key, tree);
  return tree;
}

/** The bytes that can stand at each place of a literal and of what has to follow, as far as the shortest of that reaches. */
export function placesOfLiteral(literal: Literal): LiteralPlaces {
  const { text, folded } = literal;
  return [...[...bytesOf(text, folded)].map((byte) => variants(byte, folded)), ...followersOf(tailsOf(literal), folded)];
}

function tailsOf({ behind = [], folded }: Literal): readonly Buffer[] {
  return behind.map((text) => bytesOf(text, folded));
}

function bytesOf(text: string, folded: boolean): Buffer {
  return Buffer.from(folded ? lower(text) : text);
}

function treeOf(texts: readonly Buffer[], folded: boolean): Tails {
  const tree: Tails = { isEnd: false, next: new Map() };
  for (const text of texts) {
    let tails = tree;
    for (const byte of text) {
      const next = tails.next.get(byte) ?? { isEnd: false, next: new Map() };
      for (const variant of variants(byte, folded)) tails.next.set(variant, next);
      tails = next;
    }
    tails.isEnd = true;
  }
  return tree;
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
