import type { ContainerMinutes } from '../model/cycle.ts';
import type { ContainerRef } from '../model/log-line.ts';
import type { Matcher } from '../model/matcher.ts';
import { Classifier } from './classifier.ts';
import { ContainerSink, type LineTools } from './container-sink.ts';
import type { LineSink } from './line-sink.ts';
import { LiteralScanner } from './literal-scan.ts';
import { MatcherSet } from './matcher-set.ts';
import { Occurrence } from './occurrence.ts';
import type { Redactor } from './redact.ts';
import type { SegmentSink } from './segment.ts';

export interface AnalyzerOptions {
  /** Of all rules; those that the built-in columns answer cost nothing. */
  readonly matchers: readonly Matcher[];
  readonly redactor: Redactor;
  /** Bytes; bounds a record as well. */
  readonly maxLine: number;
  readonly segments: SegmentSink;
}

/** Analyses the log lines of one cycle, of all containers, in one pass over their bytes. */
export class Analyzer {
  readonly #sinks = new Map<string, ContainerSink>();
  readonly #tools: LineTools;

  constructor({ matchers, redactor, maxLine, segments }: AnalyzerOptions) {
    const set = new MatcherSet(matchers);
    this.#tools = {
      matchers: set,
      redactor,
      maxLine,
      segments,
      classifier: new Classifier(),
      scanner: new LiteralScanner([...redactor.keywords, ...set.literals]),
      keywords: redactor.keywords.length,
      mark: new Occurrence(redactor.mark),
      ansi: new Occurrence('\x1b'),
    };
  }

  /** Log lines so far, before stitching. */
  get linesSeen(): number {
    let lines = 0;
    for (const sink of this.#sinks.values()) lines += sink.linesSeen;
    return lines;
  }

  /** Where the lines of one container instance go; the same sink for the same instance. */
  sinkFor(ref: ContainerRef): LineSink {
    const key = `${ref.uid}/${ref.container}/${ref.containerID}`;
    const known = this.#sinks.get(key);
    if (known !== undefined) return known;
    const sink = new ContainerSink(ref, this.#tools);
    this.#sinks.set(key, sink);
    return sink;
  }

  /** The counts of every container that had lines; complete once every sink was flushed. */
  minutes(): readonly ContainerMinutes[] {
    return [...this.#sinks.values()].map((sink) => sink.minutes()).filter(({ minutes }) => minutes.length > 0);
  }
}
