import type { ContainerRef } from '../../../core/model/log-line.ts';

/** A container instance as a row: what is written once per file instead of with everything that is about it. */
export type ContainerRow = readonly [
  namespace: string,
  kind: string,
  workload: string,
  pod: string,
  uid: string,
  container: string,
  containerID: string,
  node: string,
  image: string,
];

/** Numbers container instances in the order of their first use. */
export class ContainerTable {
  readonly rows: ContainerRow[] = [];
  readonly #numbers = new Map<string, number>();
  /** Refs that were asked for: most come again. */
  readonly #known = new Map<ContainerRef, number>();

  numberOf(ref: ContainerRef): number {
    const known = this.#known.get(ref);
    if (known !== undefined) return known;
    const { namespace, kind, name } = ref.workload;
    const row: ContainerRow = [namespace, kind, name, ref.pod, ref.uid, ref.container, ref.containerID, ref.node, ref.image];
    const key = row.join('\n');
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.rows.push(row) - 1;
      this.#numbers.set(key, number);
    }
    this.#known.set(ref, number);
    return number;
  }
}

export function refOfRow(row: ContainerRow): ContainerRef {
  const [namespace, kind, name, pod, uid, container, containerID, node, image] = row;
  return { workload: { namespace, kind, name }, pod, uid, container, containerID, node, image };
}
