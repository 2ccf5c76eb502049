import type { ContainerRef } from '../model/log-line.ts';

/** Encoded records (see record.ts) of one container, in file order: what the analysis hands to the store. */
export interface Segment {
  readonly ref: ContainerRef;
  readonly bytes: Buffer;
  readonly lines: number;
  /** Smallest and largest kubelet second of its records. */
  readonly from: number;
  readonly to: number;
  /** Bit n is set when a record of level n is in it. */
  readonly levels: number;
}

/** Takes segments. The bytes are lent: they are only there until `write` returns. A returned promise is back-pressure: the reader waits for it. */
export interface SegmentSink {
  write(segment: Segment): Promise<void> | undefined;
}
