import type { LineSink } from '../../core/analyze/line-sink.ts';
import { marksIn } from '../../core/analyze/scan/line-marks.ts';

/** A line with kubelet's time for it. */
export interface FedLine {
  readonly second: number;
  readonly nanos: number;
  readonly text: string;
}

/** Gives lines to a container's sink as a log read does: many in one block. The last record stays open until the sink is flushed. */
export function feedLines(sink: LineSink, lines: readonly FedLine[]): void {
  const block = Buffer.from(lines.map(({ text }) => text).join('\n'));
  let start = 0;
  for (const { second, nanos, text } of lines) {
    const end = start + Buffer.byteLength(text);
    sink.line({ block, textStart: start, end, second, nanos, cut: 0, marks: marksIn(block, start, end), head: -1 });
    start = end + 1;
  }
}
