import type { SourceError } from '../../core/model/cycle.ts';
import { type ClusterObject, OBJECT_SOURCES, type ObjectKindName } from '../../core/model/objects/cluster-object.ts';
import type { ObjectReading } from '../../core/model/objects/object-reading.ts';
import { readList } from '../lists/list.ts';
import { inEachPlace, placePath, type Scope } from '../lists/namespaces.ts';
import { child, type RawObject, text } from '../lists/raw-object.ts';
import type { Session } from '../session/session.ts';
import * as kinds from './kinds.ts';
import type { ObjectKind } from './object-kind.ts';

/** Where a list of the whole cluster is forbidden, at most this many namespaces are asked one by one, in every cycle and for every kind. */
const MOST_SINGLE_LISTS = 50;

export interface ObjectsRequest {
  readonly scope: Scope;
  /** The kinds that rules ask for; no others are read. */
  readonly kinds: ReadonlySet<ObjectKindName>;
  readonly redact: (text: string) => string;
}

/** Lists the kinds of objects that rules ask for, one kind after the other, and projects each object at once. */
export async function readObjects(
  session: Session,
  request: ObjectsRequest,
  signal: AbortSignal,
): Promise<{ readonly reading: ObjectReading; readonly errors: readonly SourceError[] }> {
  const items: ClusterObject[] = [];
  const unread: Partial<Record<ObjectKindName, readonly (string | null)[]>> = {};
  const errors: SourceError[] = [];
  for (const kind of Object.values(kinds)) {
    if (!request.kinds.has(kind.kind)) continue;
    const failed = await readKind(session, { ...request, kind, items }, signal);
    unread[kind.kind] = failed.map(({ namespace }) => namespace);
    errors.push(...failed);
  }
  return { reading: { items, unread }, errors };
}

async function readKind(
  session: Session,
  { kind, scope, items, redact }: ObjectsRequest & { readonly kind: ObjectKind; readonly items: ClusterObject[] },
  signal: AbortSignal,
): Promise<readonly SourceError[]> {
  const source = OBJECT_SOURCES[kind.kind];
  const many = scope.mode === 'cluster' && (scope.names?.length ?? 0) > MOST_SINGLE_LISTS;
  return inEachPlace(many ? { ...scope, names: null } : scope, source, async (place) => {
    let found: ClusterObject[] = [];
    const read = {
      onItem: (raw: RawObject) => {
        if (scope.selects(text(child(raw, 'metadata'), 'namespace'))) found.push(kind.project(raw, redact));
      },
      onRestart: () => {
        found = [];
      },
    };
    await readList(session.api, placePath(kind.group, source, place), read, signal);
    items.push(...found);
  });
}
