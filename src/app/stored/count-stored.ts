import type { RecordCounter } from '../../core/analyze/record-counter.ts';
import type { Segment } from '../../core/analyze/segment.ts';
import type { LateCounts } from '../../core/model/late-counts.ts';

interface Pace {
  /** Whether it is time for {@link Pace.rest}. */
  readonly isLate: () => boolean;
  /** Resolves with false when it is to end. */
  readonly rest: () => Promise<boolean>;
  /** Told of bytes that are no records; the rest of their segment is passed over. */
  readonly onDamage: (error: unknown) => void;
}

/** Counts a cycle's stored lines; `null` when it was ended. */
export async function countStored(
  segments: AsyncIterable<Segment>,
  counter: RecordCounter,
  { isLate, rest, onDamage }: Pace,
): Promise<LateCounts | null> {
  for await (const segment of segments) {
    for (let position = 0; position < segment.bytes.length; ) {
      try {
        position = counter.count(segment, position, isLate);
      } catch (error) {
        onDamage(error);
        position = segment.bytes.length;
      }
      await counter.relief();
      if (isLate() && !(await rest())) return null;
    }
  }
  return counter.take();
}
