import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';

interface Entry {
  readonly at: number;
  readonly gone: true | null;
}

/** What is known of one object at a moment. */
export interface Known<E extends Entry> {
  /** Its entries so far, the later over the earlier. */
  readonly entry: E;
  readonly born: number;
  /** What was known after each of them, the newest last. */
  readonly states: readonly E[];
}

/** What is known at a moment of all objects that have not gone by then. */
export function newest<E extends Entry>(entries: readonly E[], at: number, keyOf: (entry: E) => string): readonly Known<E>[] {
  const found = new Map<string, Known<E>>();
  for (const said of entries.filter((each) => each.at <= at).toSorted((a, b) => a.at - b.at)) {
    const key = keyOf(said);
    if (said.gone !== null) {
      found.delete(key);
      continue;
    }
    const before = found.get(key);
    const entry = before === undefined ? said : over(before.entry, said);
    found.set(key, { entry, born: before?.born ?? said.at, states: [...(before?.states ?? []), entry] });
  }
  return [...found.values()];
}

/** Since when something holds that holds now, as a condition's own time says it, however often it was said again. */
export function sinceWhen<E extends Entry>({ states, born }: Known<E>, holds: (entry: E) => boolean): number {
  const other = states.findLastIndex((entry) => !holds(entry));
  return states[other + 1]?.at ?? born;
}

function over<E extends Entry>(before: E, after: E): E {
  const said = Object.entries(after).filter(([, value]) => value !== null);
  return { ...before, ...Object.fromEntries(said) };
}

/** What every object has. */
export function head(namespace: string, kind: string, name: string, createdAt: number): Omit<ClusterObject, 'kind'> {
  return { namespace, name, uid: `${namespace}-${kind}-${name}-${createdAt}`, createdAt, labels: {} };
}
