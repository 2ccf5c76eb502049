/**
 * Takes new whole log lines of one container instance, in file order, each once. `block` holds many lines and stays unchanged
 * until `ready`, `flush` or the next block, so a sink may scan it as a whole when it first sees it.
 */
export interface LineSink {
  /**
   * One line: `block[start, end)` without kubelet's timestamp and without the line end. `second` and `nanos` are kubelet's time.
   * `cut` is how many bytes of an overlong line are missing at its end.
   */
  line(block: Buffer, start: number, end: number, second: number, nanos: number, cut: number): void;
  /** In the middle of a read: `undefined` when more lines can be taken, else a promise for that. */
  ready(): Promise<void> | undefined;
  /** The read ends: the last record is complete, and what is buffered goes on to the store. */
  flush(): Promise<void>;
}
