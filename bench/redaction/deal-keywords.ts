import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRedactor } from '../../src/core/analyze/redact.ts';
import { DEALT_WITH } from '../../src/core/analyze/scan/dealt-keywords.ts';
import { entryFor, knownDeal } from '../../src/core/analyze/scan/known-deals.ts';
import { bestMultiplier, bytesAt, wordsOf } from '../../src/core/analyze/scan/literal-buckets.ts';
import { placesOfLiteral } from '../../src/core/analyze/scan/prepared-literals.ts';
import { typicalBytes } from '../../src/core/analyze/scan/typical-text.ts';
import { Chance } from '../harness/chance.ts';
import { Dealing } from './dealing.ts';

/*
 * Deals the keywords of redaction ahead, which takes two minutes: `npm run deal-keywords` writes src/core/analyze/scan/dealt-keywords.ts anew. The
 * sample is the lines of test/fixtures/formats and typical-text.ts, and not the benchmark's corpus. With `-- --new`, what is dealt stays where it is, and
 * only what is not yet is dealt.
 */

const TRIES = 2_400_000;
const NEW_TRIES = 100_000;
const MULTIPLIERS = 8_000;
/** The fixtures show every format alike; most lines of logs are of a few. */
const TYPICAL_TIMES = 20;
const ENTRIES_A_ROW = 16;
const FIXTURES = fileURLToPath(new URL('../../test/fixtures', import.meta.url));
const WRITTEN = fileURLToPath(new URL('../../src/core/analyze/scan/dealt-keywords.ts', import.meta.url));

const chance = new Chance(1);
const { keywords } = createRedactor(['default']);
const places = keywords.map(placesOfLiteral);
const sample = Buffer.concat([...Array.from({ length: TYPICAL_TIMES }, typicalBytes), textsOf('formats')]);
const isForNew = process.argv.includes('--new');
const dealing = new Dealing(places, sample, chance, isForNew ? keywords.map(knownDeal) : []);
const before = dealing.cost;
dealing.improve(isForNew ? NEW_TRIES : TRIES);
const parts = dealing.deals.map(({ part: { offset } }, index) => ({
  offset,
  words: wordsOf(bytesAt(places[index] ?? [], offset)),
}));
const multipliers = isForNew ? [DEALT_WITH] : Array.from({ length: MULTIPLIERS }, () => (chance.below(2 ** 31) * 2 + 1) >>> 0);
const multiplier = bestMultiplier(multipliers, parts, dealing.wordsThatPass(sample));
const entries = keywords.map((literal, index) => {
  const { bucket = 0, part } = dealing.deals[index] ?? {};
  return entryFor(literal, { bucket, offset: part?.offset ?? 0 });
});
if (new Set(entries.map((entry) => entry.slice(0, -2))).size < entries.length) throw new Error('two keywords have the same key');
const rows = Array.from({ length: Math.ceil(entries.length / ENTRIES_A_ROW) }, (_, row) =>
  entries.slice(row * ENTRIES_A_ROW, (row + 1) * ENTRIES_A_ROW).join(''),
);
writeFileSync(
  WRITTEN,
  `/*
 * Written by \`npm run deal-keywords\`: which part of each keyword of redaction is looked for, and in which bucket (see known-deals.ts). A keyword
 * that is not in it is dealt when Tocsin starts.
 */

/** What hashes are made with. */
export const DEALT_WITH = ${multiplier};

export const DEALT: readonly string[] = [
${rows.map((row) => `  '${row}',`).join('\n')}
];
`,
);
process.stdout.write(
  `${keywords.length} keywords: a line costs ${dealing.cost.toFixed(2)}, and ${before.toFixed(2)} before tries\n`,
);

/** The texts of all lines of such fixtures. */
function textsOf(folder: string): Buffer {
  const files = readdirSync(`${FIXTURES}/${folder}`).filter((file) => file.endsWith('.jsonl'));
  const lines = files.sort().flatMap((file) => readFileSync(`${FIXTURES}/${folder}/${file}`, 'utf8').split('\n'));
  // Lines of this form, as the benchmarks read them.
  const texts = lines.filter((line) => line.trim() !== '').map((line) => (JSON.parse(line) as { readonly text: string }).text);
  return Buffer.from(`${texts.join('\n')}\n`);
}
