export interface ByNodeLimits {
  /** At the same time, in all. */
  readonly total: number;
  /** At the same time, on one node. */
  readonly perNode: number;
}

/**
 * Runs `work` for every item, at most `total` at a time and `perNode` on each node. Nodes take turns, so that one with many items
 * never keeps the others waiting. Rejects with the first error, after what had begun has ended.
 */
export async function forEachByNode<T>(
  items: readonly T[],
  limits: ByNodeLimits & { readonly nodeOf: (item: T) => string },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queues = new Map<string, { readonly items: T[]; active: number }>();
  for (const item of items) {
    const queue = queues.get(limits.nodeOf(item));
    if (queue === undefined) queues.set(limits.nodeOf(item), { items: [item], active: 0 });
    else queue.items.push(item);
  }
  for (const queue of queues.values()) queue.items.reverse();
  // Nodes that have work and room for it; each stands here once.
  const ready = [...queues.values()];
  let active = 0;
  const failures: unknown[] = [];
  await new Promise<void>((resolve) => {
    const pump = () => {
      while (active < limits.total && failures.length === 0) {
        const queue = ready.shift();
        const item = queue?.items.pop();
        if (queue === undefined || item === undefined) break;
        active++;
        queue.active++;
        if (queue.items.length > 0 && queue.active < limits.perNode) ready.push(queue);
        work(item)
          .catch((error: unknown) => {
            failures.push(error);
          })
          .finally(() => {
            active--;
            queue.active--;
            if (queue.items.length > 0 && queue.active === limits.perNode - 1) ready.push(queue);
            pump();
          });
      }
      if (active === 0) resolve();
    };
    pump();
  });
  if (failures.length > 0) throw failures[0];
}

/** A copy in random order (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [copy[i], copy[j]];
    if (a === undefined || b === undefined) continue;
    copy[i] = b;
    copy[j] = a;
  }
  return copy;
}
