import type { Literal } from '../literal-scan.ts';
import { DEALT } from './dealt-keywords.ts';
import type { KnownDeal } from './literal-buckets.ts';

/** An entry of the table: the key of a literal, and a character each for its bucket and the offset of its part. */
const KEY_LENGTH = 5;
const ENTRY_LENGTH = KEY_LENGTH + 2;
const BASE = 36;

/** Every cycle asks for those of the same literals, some of which have thousands of texts behind them. */
const keys = new WeakMap<Literal, string>();
let deals: ReadonlyMap<string, KnownDeal> | null = null;

/** Where a literal was dealt ahead, if it was. Whatever the table says, a literal is found: it decides only how much else passes. */
export function knownDeal(literal: Literal): KnownDeal | undefined {
  deals ??= readDeals();
  return deals.get(keyOf(literal));
}

/** The entry for a literal. */
export function entryFor(literal: Literal, { bucket, offset }: KnownDeal): string {
  return `${keyOf(literal)}${bucket.toString(BASE)}${offset.toString(BASE)}`;
}

function readDeals(): ReadonlyMap<string, KnownDeal> {
  const entries = DEALT.flatMap((row) => row.match(new RegExp(`.{${ENTRY_LENGTH}}`, 'g')) ?? []);
  return new Map(
    entries.map((entry) => {
      const [bucket = '', offset = ''] = entry.slice(KEY_LENGTH);
      return [entry.slice(0, KEY_LENGTH), { bucket: Number.parseInt(bucket, BASE), offset: Number.parseInt(offset, BASE) }];
    }),
  );
}

/** All that a literal is, as one text. */
export function literalKey(literal: Literal): string {
  const known = keys.get(literal);
  if (known !== undefined) return known;
  const key = JSON.stringify(literal);
  keys.set(literal, key);
  return key;
}

/** A hash of that (FNV-1a). */
function keyOf(literal: Literal): string {
  const text = literalKey(literal);
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return ((hash >>> 0) % BASE ** KEY_LENGTH).toString(BASE).padStart(KEY_LENGTH, '0');
}
