import { decodeRecords } from '../../../core/analyze/record.ts';
import type { Segment } from '../../../core/analyze/segment.ts';

/** The segment itself, or several of at most `most` bytes each when it is larger; a single record is never split. */
export function splitSegment(segment: Segment, most: number): readonly Segment[] {
  if (segment.bytes.length <= most) return [segment];
  const parts: Segment[] = [];
  let part = empty(0);
  const close = () => {
    if (part.lines > 0) {
      const { start, end, ...counts } = part;
      parts.push({ ref: segment.ref, bytes: segment.bytes.subarray(start, end), ...counts });
    }
  };
  decodeRecords(segment.bytes, (record) => {
    if (record.end - part.start > most) {
      close();
      part = empty(record.start);
    }
    part.end = record.end;
    part.lines++;
    part.from = Math.min(part.from, record.second);
    part.to = Math.max(part.to, record.second);
    part.levels |= 1 << record.level;
    return true;
  });
  close();
  return parts;
}

function empty(start: number) {
  return { start, end: start, lines: 0, from: Number.MAX_SAFE_INTEGER, to: Number.MIN_SAFE_INTEGER, levels: 0 };
}
