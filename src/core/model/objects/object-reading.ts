import { type ClusterObject, OBJECT_SOURCES, type ObjectKindName } from './cluster-object.ts';

/** What one collection saw of the objects beside pods and nodes. */
export interface ObjectReading {
  readonly items: readonly ClusterObject[];
  /** For each kind that was asked for: the namespaces whose list failed, `null` for the list of the whole cluster. */
  readonly unread: Readonly<Partial<Record<ObjectKindName, readonly (string | null)[]>>>;
}

/** Every object of a kind. */
export function objectsOf<K extends ObjectKindName>(
  reading: ObjectReading,
  kind: K,
): readonly Extract<ClusterObject, { readonly kind: K }>[] {
  // Checked: `kind` tells the union's members apart, and three kinds share one.
  return reading.items.filter((object) => object.kind === kind) as Extract<ClusterObject, { readonly kind: K }>[];
}

/** Whether all objects of a kind in a namespace are in the reading: then what is missing does not exist. */
export function wasRead(reading: ObjectReading, kind: ObjectKindName, namespace: string): boolean {
  const unread = reading.unread[kind];
  return unread !== undefined && !unread.includes(null) && !unread.includes(namespace);
}

/** Whether an object is surely not there any more: of kinds and namespaces that were not read nobody knows. */
export function isSurelyGone(
  reading: ObjectReading | null,
  { namespace, kind, name }: Pick<ClusterObject, 'namespace' | 'name'> & { readonly kind: string },
): boolean {
  if (reading === null || !isObjectKind(kind) || !wasRead(reading, kind, namespace)) return false;
  return !objectsOf(reading, kind).some((object) => object.name === name && object.namespace === namespace);
}

/** Whether a kind of object is named in the list of kinds. */
export function isObjectKind(kind: string): kind is ObjectKindName {
  return Object.hasOwn(OBJECT_SOURCES, kind);
}
