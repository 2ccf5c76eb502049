import type { Labels } from '../../model/alert.ts';
import type { ClusterObject, ObjectKindName } from '../../model/objects/cluster-object.ts';
import { isObjectKind, isSurelyGone, objectsOf, wasRead } from '../../model/objects/object-reading.ts';
import { selectsObject } from '../../model/selector.ts';
import type { StateSample } from '../../model/window/window.ts';
import type { Subject, View } from '../condition.ts';

/** An object as the subject of an alert. */
export function subjectOf({ namespace, kind, name }: ClusterObject): Subject {
  return { namespace, kind, workload: name };
}

/** The objects of some kinds that the selection takes; none while the state is unknown. */
export function chosenObjects<K extends ObjectKindName>(
  { sample, selection }: View,
  ...kinds: readonly K[]
): readonly Extract<ClusterObject, { readonly kind: K }>[] {
  const reading = sample?.objects ?? null;
  if (reading === null) return [];
  return kinds
    .flatMap((kind) => objectsOf(reading, kind))
    .filter(({ namespace, kind, name: workload, labels }) => selectsObject(selection, { namespace, kind, workload, labels }));
}

/** When the view's state of an object was seen: with the list, or since then. */
export function seenAt({ sample, at }: View, { uid }: ClusterObject): number {
  return sample?.seenAt.get(uid) ?? sample?.listedAt ?? at;
}

/** Why an alert's object has no sample: it is gone when its kind was listed without it; `null` when it was not listed. */
export function whyObjectGone(labels: Labels, { objects }: StateSample): string | null {
  const { namespace = '', kind = '', workload: name = '' } = labels;
  if (objects === null || !isObjectKind(kind) || !wasRead(objects, kind, namespace)) return null;
  return isSurelyGone(objects, { namespace, kind, name }) ? `${kind} is gone` : 'rule no longer selects it';
}
