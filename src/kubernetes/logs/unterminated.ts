import { LineFramer, type Tail } from '../../core/analyze/frame.ts';
import type { LineSink } from '../../core/analyze/line-sink.ts';

export interface TailTaking {
  readonly tail: Tail | null;
  readonly maxLine: number;
  /** Counts the line and its bytes. */
  readonly count: (lines: number, bytes: number) => void;
}

/** Takes the last line of an instance that ended without a line end. */
export async function takeTail(sinkOf: () => LineSink, { tail, maxLine, count }: TailTaking): Promise<void> {
  if (tail?.timestamped !== true) return;
  const sink = sinkOf();
  const framer = new LineFramer(maxLine, {
    onLine(frame) {
      sink.line({ ...frame, cut: frame.cut + tail.cut });
      count(1, frame.end - frame.textStart + tail.cut);
    },
    onOrphan() {},
  });
  framer.push(tail.bytes);
  framer.end(true);
  await sink.flush();
}

export function isSameTail(one: Tail | null, other: Tail | null): boolean {
  if (one === null || other === null) return one === other;
  return one.bytes.equals(other.bytes) && one.cut === other.cut && one.cutHash === other.cutHash;
}
