import { readFileSync } from 'node:fs';
import { LiteralScanner } from '../../src/core/analyze/literal-scan.ts';
import { LiteralHits } from '../../src/core/analyze/matching/literal-hits.ts';
import { MatcherSet } from '../../src/core/analyze/matching/matcher-set.ts';
import type { Matcher } from '../../src/core/model/matcher.ts';
import { childInput, childResult } from '../harness/child.ts';
import { median } from '../harness/median.ts';

export interface MatchingInput {
  readonly files: readonly string[];
  readonly patterns: readonly string[];
  readonly rounds: number;
}

export interface MatchingResult {
  readonly bytes: number;
  /** CPU milliseconds for everything once: medians. */
  readonly v8Ms: number;
  readonly ownMs: number;
  /** Median of the pairs: V8's time over ours, of the same file one after the other. */
  readonly ratio: number;
  /** Lines that matched, by pattern. */
  readonly v8: readonly number[];
  readonly own: readonly number[];
}

const BLOCK_BYTES = 64 * 1024;

const { files, patterns, rounds } = childInput<MatchingInput>();
const bodies = files.map((path) => readFileSync(path));
const expressions = patterns.map((source) => new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? 'i' : ''));
const set = new MatcherSet(patterns.map((pattern): Matcher => ({ kind: 'pattern', pattern })));
const scanner = new LiteralScanner(set.literals);
const counts = { v8: patterns.map(() => 0), own: patterns.map(() => 0) };
const ratios: number[] = [];
const times = { v8: [] as number[], own: [] as number[] };
for (let round = -1; round < rounds; round++) {
  let [v8Ms, ownMs] = [0, 0];
  counts.v8.fill(0);
  counts.own.fill(0);
  for (const [index, body] of bodies.entries()) {
    const isFirst = (index + round) % 2 === 0;
    const early = cpuOf(() => (isFirst ? matchV8(body) : matchOwn(body)));
    const late = cpuOf(() => (isFirst ? matchOwn(body) : matchV8(body)));
    const [theirs, ours] = isFirst ? [early, late] : [late, early];
    v8Ms += theirs;
    ownMs += ours;
    if (round >= 0) ratios.push(theirs / ours);
  }
  if (round < 0) continue; // to warm up
  times.v8.push(v8Ms);
  times.own.push(ownMs);
}
childResult({
  bytes: bodies.reduce((sum, body) => sum + body.length, 0),
  v8Ms: median(times.v8),
  ownMs: median(times.own),
  ratio: median(ratios),
  ...counts,
} satisfies MatchingResult);

/** What one would write without thinking: every line as a text, every expression on it. */
function matchV8(body: Buffer): void {
  for (let at = 0; at < body.length; ) {
    const newline = body.indexOf(10, at);
    const end = newline === -1 ? body.length : newline;
    const line = body.toString('latin1', at, end);
    for (let index = 0; index < expressions.length; index++)
      if (expressions[index]?.test(line)) counts.v8[index] = (counts.v8[index] ?? 0) + 1;
    at = end + 1;
  }
}

/** The same with the parts that the daemon matches with: literals in the block, then RE2 on what is left. */
function matchOwn(body: Buffer): void {
  const hits = new LiteralHits(set);
  const matched = (index: number) => {
    counts.own[index] = (counts.own[index] ?? 0) + 1;
  };
  for (let from = 0; from < body.length; ) {
    const block = body.subarray(from, Math.min(from + BLOCK_BYTES, body.length));
    const last = from + block.length === body.length ? block.length : block.lastIndexOf(10) + 1;
    for (let at = 0; at < last; ) {
      const newline = block.indexOf(10, at);
      const [start, end] = [at, newline === -1 ? last : newline];
      at = end + 1;
      if (scanner.scan(block, start, end)) hits.note(scanner);
      const text = () => block.toString('utf8', start, end);
      set.match({ level: 0, status: 0, hits: hits.parts, text, encoded: { bytes: block, start, end } }, hits, matched);
      hits.clear();
    }
    from += last;
  }
}

function cpuOf(work: () => void): number {
  const cpu = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000;
}
