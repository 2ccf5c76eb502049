import { Analyzer } from '../../core/analyze/analyzer.ts';
import { createRedactor, type Redactor } from '../../core/analyze/redact.ts';
import type { SegmentSink } from '../../core/analyze/segment.ts';
import type { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { LogsRequest } from '../../kubernetes/collection.ts';
import type { CursorBook, CursorClaims } from '../../kubernetes/logs/cursor-book.ts';
import type { EngineParts } from './engine-parts.ts';

type ReadingParts = Pick<EngineParts, 'collect' | 'followers' | 'patternWorker'>;

/** What one cycle reads logs with: its lines are analysed on their way into the draft. */
export function readingFor(from: {
  readonly book: CursorBook;
  readonly draft: SegmentSink;
  readonly rules: readonly Rule[];
  readonly miner: PatternMiner;
  readonly parts: ReadingParts;
  /** Whether a followed log is read without a request. */
  readonly trustsFeeds: boolean;
}): { readonly analyzer: Analyzer; readonly claims: CursorClaims; readonly request: LogsRequest } {
  const { lookback, maxLine, maxPerContainer } = from.parts.collect;
  const { followers } = from.parts;
  const { analyzer, redactor } = analysisFor(from.rules, { ...from, segments: from.draft });
  const claims = from.book.begin((cursors) => analyzer.resumeFrom(cursors));
  const request: LogsRequest = {
    cursors: claims,
    lookback,
    maxLine,
    maxPerContainer,
    sinkFor: (ref) => analyzer.sinkFor(ref),
    redact: (text) => redactor.redactText(text),
    ...(followers === undefined ? {} : { feeds: { from: followers, areTrusted: from.trustsFeeds } }),
  };
  return { analyzer, claims, request };
}

/** Makes the tables by which lines are looked through for these rules, and which are remembered: the first cycle would stand still meanwhile. */
export function prepareReading(
  rules: readonly Rule[],
  using: { readonly miner: PatternMiner; readonly parts: ReadingParts },
): void {
  analysisFor(rules, { ...using, segments: null });
}

function analysisFor(
  rules: readonly Rule[],
  {
    miner,
    parts,
    segments,
  }: { readonly miner: PatternMiner; readonly parts: ReadingParts; readonly segments: SegmentSink | null },
): { readonly analyzer: Analyzer; readonly redactor: Redactor } {
  const { maxLine, redact } = parts.collect;
  const redactor = createRedactor(redact);
  const { matchers, values, patternsFrom } = countedFor(rules);
  const patterns = { miner, level: patternsFrom };
  const analyzer = new Analyzer({ matchers, values, patterns, redactor, maxLine, segments, runner: parts.patternWorker });
  return { analyzer, redactor };
}
