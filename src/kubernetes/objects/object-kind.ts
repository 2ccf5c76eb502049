import type { ClusterObject, ObjectKindName } from '../../core/model/objects/cluster-object.ts';
import type { PodCondition } from '../../core/model/pod.ts';
import { isOwnAnnotation, projectCondition } from '../lists/pods.ts';
import { child, list, type RawObject, text, time } from '../lists/raw-object.ts';

/** How one kind of object is listed and what is kept of it. */
export interface ObjectKind {
  readonly kind: ObjectKindName;
  /** `/apis/apps/v1`, `/api/v1`. */
  readonly group: string;
  project(raw: RawObject, redact: (text: string) => string): ClusterObject;
}

/** What is kept of a condition's or an event's message. */
const MAX_MESSAGE = 1024;

/** What every object has; `labels` are those of its pods where it makes some. */
export function headOf(raw: RawObject, template: RawObject | null = null) {
  const metadata = child(raw, 'metadata');
  const ofPods = template === null ? {} : textsOf(child(child(template, 'metadata'), 'annotations'), isOwnAnnotation);
  return {
    namespace: text(metadata, 'namespace'),
    name: text(metadata, 'name'),
    uid: text(metadata, 'uid'),
    createdAt: time(metadata, 'creationTimestamp') ?? 0,
    labels: textsOf(child(template === null ? metadata : child(template, 'metadata'), 'labels')),
    ...(Object.keys(ofPods).length === 0 ? {} : { annotations: ofPods }),
  };
}

/** The condition of a type in `status.conditions`; `null` when it has none. */
export function statusCondition(raw: RawObject, type: string, redact: (text: string) => string): PodCondition | null {
  const found = list(child(raw, 'status'), 'conditions').find((condition) => condition['type'] === type);
  if (found === undefined) return null;
  const same = (value: string) => value;
  return projectCondition(found, same, (message) => redact(message).slice(0, MAX_MESSAGE));
}

function textsOf(raw: RawObject, isWanted: (name: string) => boolean = () => true): Readonly<Record<string, string>> {
  const texts = Object.entries(raw).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.filter(([name]) => isWanted(name)));
}
