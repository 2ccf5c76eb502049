import { CollectError } from '../../base/errors.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { OBJECT_SOURCES, type ObjectKindName } from '../../core/model/objects/cluster-object.ts';
import type { NodeState, PodState } from '../../core/model/pod.ts';
import { placePath } from '../lists/namespaces.ts';
import { projectNode } from '../lists/nodes.ts';
import { PodProjector } from '../lists/pods.ts';
import { type RawObject, rawObject } from '../lists/raw-object.ts';
import type { Session } from '../session/session.ts';
import * as kinds from './kinds.ts';

/** What single reads need beside the name of what is read. */
export interface ReadOne {
  readonly session: Pick<Session, 'api' | 'owners'>;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

/** The pod of that name as it is now, which may be another one; `null` when there is none. Rejects with `CollectError`. */
export async function readPod(
  { namespace, name, uid, workload }: Pick<PodState, 'namespace' | 'name' | 'uid' | 'workload'>,
  { session, redact, signal }: ReadOne,
): Promise<PodState | null> {
  const found = await readNamed(session, `${placePath('/api/v1', 'pods', namespace)}/${encodeURIComponent(name)}`, signal);
  if (found === null) return null;
  const { state } = new PodProjector(session.owners, redact).project(found);
  return state.uid === uid ? { ...state, workload } : state;
}

/** An object as it is now; `null` when there is none. Rejects with `CollectError`. */
export async function readObject(
  { kind, namespace, name }: { readonly kind: ObjectKindName; readonly namespace: string; readonly name: string },
  { session, redact, signal }: ReadOne,
): Promise<ClusterObject | null> {
  const own = Object.values(kinds).find((each) => each.kind === kind);
  if (own === undefined) throw new Error(`no such kind of object: ${kind}`);
  const path = `${placePath(own.group, OBJECT_SOURCES[kind], namespace)}/${encodeURIComponent(name)}`;
  const found = await readNamed(session, path, signal);
  return found === null ? null : own.project(found, redact);
}

/** A node as it is now; `null` when there is none. Rejects with `CollectError`. */
export async function readNode(name: string, { session, redact, signal }: ReadOne): Promise<NodeState | null> {
  const found = await readNamed(session, `/api/v1/nodes/${encodeURIComponent(name)}`, signal);
  return found === null ? null : projectNode(found, redact);
}

async function readNamed({ api }: ReadOne['session'], path: string, signal: AbortSignal): Promise<RawObject | null> {
  try {
    const { value } = await api.json(path, signal);
    return rawObject(value);
  } catch (error) {
    if (error instanceof CollectError && error.reason === 'not_found') return null;
    throw error;
  }
}
