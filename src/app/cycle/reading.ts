import { Analyzer } from '../../core/analyze/analyzer.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import type { SegmentSink } from '../../core/analyze/segment.ts';
import type { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { LogsRequest } from '../../kubernetes/collection.ts';
import type { CursorBook, CursorClaims } from '../../kubernetes/logs/cursor-book.ts';
import type { EngineParts } from './engine-parts.ts';

/** What one cycle reads logs with: its lines are analysed on their way into the draft. */
export function readingFor(from: {
  readonly book: CursorBook;
  readonly draft: SegmentSink;
  readonly rules: readonly Rule[];
  readonly miner: PatternMiner;
  readonly parts: Pick<EngineParts, 'collect' | 'followers' | 'patternWorker'>;
  /** Whether a followed log is read without a request. */
  readonly trustsFeeds: boolean;
}): { readonly analyzer: Analyzer; readonly claims: CursorClaims; readonly request: LogsRequest } {
  const { lookback, maxLine, maxPerContainer, redact } = from.parts.collect;
  const { followers } = from.parts;
  const redactor = createRedactor(redact);
  const { matchers, values, patternsFrom } = countedFor(from.rules);
  const analyzer = new Analyzer({
    matchers,
    values,
    patterns: { miner: from.miner, level: patternsFrom },
    redactor,
    maxLine,
    segments: from.draft,
    runner: from.parts.patternWorker,
  });
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
