/** One line. The object is reused for the next one: take from it what is needed before returning. */
export interface TextLine {
  /** `block[textStart, end)` is the line without kubelet's timestamp and without the line end. The block holds many lines. */
  readonly block: Buffer;
  readonly textStart: number;
  readonly end: number;
  /** Kubelet's time. */
  readonly second: number;
  readonly nanos: number;
  /** Bytes of an overlong line that are missing at its end; 0 for nearly every line. */
  readonly cut: number;
  /** What is in the line, as bits of MARK. Of no meaning where it was cut. */
  readonly marks: number;
  /** The remembered head of the text, as the scan of its block found it; 0 for none, -1 when nobody looked. */
  readonly head: number;
}

/**
 * Takes new whole log lines of one container instance, in file order, each once. A line's block stays unchanged
 * until `ready`, `flush` or the next block, so a sink may scan it as a whole when it first sees it.
 */
export interface LineSink {
  line(line: TextLine): void;
  /** In the middle of a read: `undefined` when more lines can be taken, else a promise for that. */
  ready(): Promise<void> | undefined;
  /** The read ends: the last record is complete, and what is buffered goes on to the store. */
  flush(): Promise<void>;
}
