import { Analyzer } from '../../../src/core/analyze/analyzer.ts';
import { LineFramer } from '../../../src/core/analyze/frame.ts';
import { decodeRecords, recordText } from '../../../src/core/analyze/record.ts';
import { createRedactor } from '../../../src/core/analyze/redact.ts';
import type { Segment } from '../../../src/core/analyze/segment.ts';
import type { PatternMiner } from '../../../src/core/analyze/templates/pattern-miner.ts';
import type { Cursor } from '../../../src/core/model/cycle.ts';
import type { LineValue } from '../../../src/core/model/line-value.ts';
import type { ContainerRef, Level } from '../../../src/core/model/log-line.ts';
import type { Matcher } from '../../../src/core/model/matcher.ts';

export const START = Date.UTC(2026, 10, 21, 14) / 1000;

export function refOf(container: string): ContainerRef {
  const workload = { namespace: 'shop', kind: 'Deployment', name: 'checkout' };
  return { workload, pod: 'checkout-1', uid: 'u1', container, containerID: `containerd://${container}`, node: 'n1', image: 'i' };
}

/** A stored record as a test looks at it. */
export interface Stored {
  readonly second: number;
  readonly level: number;
  readonly status: number;
  readonly text: string;
}

export interface AnalysisOptions {
  readonly matchers?: readonly Matcher[];
  readonly values?: readonly LineValue[];
  readonly maxLine?: number;
  /** Where the analysis before this one ended. */
  readonly cursors?: readonly Cursor[];
  /** Who looks for patterns, and from which level on. */
  readonly patterns?: { readonly miner: PatternMiner; readonly level: Level };
}

/** A real analyzer whose segments are kept. */
export function startAnalysis({ matchers = [], values = [], maxLine = 4096, cursors = [], patterns }: AnalysisOptions = {}) {
  const segments: Segment[] = [];
  const analyzer = new Analyzer({
    matchers,
    values,
    redactor: createRedactor(['default']),
    maxLine,
    cursors,
    ...(patterns === undefined ? {} : { patterns }),
    segments: {
      write(segment) {
        segments.push(segment);
        return undefined;
      },
    },
  });
  const framerFor = (ref: ContainerRef) => {
    const sink = analyzer.sinkFor(ref);
    const framer = new LineFramer(maxLine, {
      onLine: (frame) => sink.line(frame),
      onOrphan: () => undefined,
    });
    return { framer, sink };
  };
  return { analyzer, segments, framerFor };
}

export function storedOf(segments: readonly Segment[]): Stored[] {
  const stored: Stored[] = [];
  for (const { bytes } of segments) {
    decodeRecords(bytes, (view) => {
      stored.push({ second: view.second, level: view.level, status: view.status, text: recordText(bytes, view) });
      return undefined;
    });
  }
  return stored;
}

/** Analyses lines of one container, a millisecond apart unless a line says `@seconds ` in front. */
export async function analyze(lines: readonly string[], options: AnalysisOptions = {}) {
  const { analyzer, segments, framerFor } = startAnalysis(options);
  const { framer, sink } = framerFor(refOf('app'));
  const body = lines.map((line, index) => {
    const [, at = '0', text = line] = /^@(\d+) ([\s\S]*)$/.exec(line) ?? [];
    return `${new Date((START + Number(at)) * 1000 + index).toISOString()} ${text}\n`;
  });
  framer.push(Buffer.from(body.join('')));
  await sink.flush();
  return { analyzer, stored: storedOf(segments), segments, minutes: analyzer.minutes(), linesSeen: analyzer.linesSeen };
}
