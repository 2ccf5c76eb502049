/** Failures in a row after which a node is left alone for the rest of a collection. */
const LIMIT = 5;

/** Counts failures of reads node by node, for one collection. */
export class NodeBreaker {
  readonly #failures = new Map<string, number>();
  readonly #suspects: ReadonlySet<string>;

  /** `suspects` are nodes that do not report to the cluster: one failure is enough for them. */
  constructor(suspects: ReadonlySet<string>) {
    this.#suspects = suspects;
  }

  isOpen(node: string): boolean {
    return (this.#failures.get(node) ?? 0) >= (this.#suspects.has(node) ? 1 : LIMIT);
  }

  failed(node: string): void {
    this.#failures.set(node, (this.#failures.get(node) ?? 0) + 1);
  }

  /** The node's kubelet answered, if only with a refusal. */
  answered(node: string): void {
    if (!this.isOpen(node)) this.#failures.delete(node);
  }
}
