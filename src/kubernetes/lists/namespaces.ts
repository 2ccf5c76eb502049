import { CollectError } from '../../base/errors.ts';
import { type Glob, matchesAny } from '../../base/glob.ts';
import type { SourceError } from '../../core/model/cycle.ts';
import type { Api } from '../session/http.ts';
import { METADATA_ONLY, readList } from './list.ts';
import { child, text } from './raw-object.ts';
import { endsCollection, sourceError } from './source-error.ts';

/** At most this many namespaces are listed one by one where a list of the whole cluster would also do. */
const MAX_SINGLE_LISTS = 5;

/** Which namespaces a collection reads, and with which calls. */
export interface Scope {
  /** `cluster`: one list for all, whose items are kept when `selects` says so. `namespaces`: one list each. */
  readonly mode: 'cluster' | 'namespaces';
  /** The chosen namespaces; `null` when they could not be listed and only the globs are known. */
  readonly names: readonly string[] | null;
  /** Whether cluster-wide things (namespaces, nodes) may be asked for at all. */
  readonly clusterWide: boolean;
  selects(namespace: string): boolean;
}

/** Resolves the globs. A list without any glob never asks for anything cluster-wide, so that a Role suffices. */
export async function resolveScope(
  api: Api,
  globs: { readonly include: readonly Glob[]; readonly exclude: readonly Glob[] },
  signal: AbortSignal,
): Promise<{ readonly scope: Scope; readonly errors: readonly SourceError[] }> {
  const selects = (namespace: string) => matchesAny(globs.include, namespace) && !matchesAny(globs.exclude, namespace);
  if (globs.include.every((glob) => glob.literal)) {
    const names = [...new Set(globs.include.map((glob) => glob.source))].filter(selects);
    return { scope: { mode: 'namespaces', names, clusterWide: false, selects }, errors: [] };
  }
  let all: string[] = [];
  const read = {
    accept: METADATA_ONLY,
    onItem: (item: Readonly<Record<string, unknown>>) => void all.push(text(child(item, 'metadata'), 'name')),
    onRestart: () => {
      all = [];
    },
  };
  try {
    await readList(api, '/api/v1/namespaces', read, signal);
  } catch (error) {
    if (endsCollection(error)) throw error;
    // Without the list the globs are applied to the pods themselves.
    const told = sourceError('namespaces', null, error);
    return { scope: { mode: 'cluster', names: null, clusterWide: true, selects }, errors: [told] };
  }
  const names = all.filter(selects);
  const few = names.length <= MAX_SINGLE_LISTS && names.length < all.length;
  return { scope: { mode: few ? 'namespaces' : 'cluster', names, clusterWide: true, selects }, errors: [] };
}

/** One list request: the whole cluster (`null`) or one namespace. */
export type Place = string | null;

/** The path of a resource in a place: `placePath('/api/v1', 'pods', 'shop')`. */
export function placePath(group: string, resource: string, place: Place): string {
  return place === null ? `${group}/${resource}` : `${group}/namespaces/${encodeURIComponent(place)}/${resource}`;
}

/** Reads something in each place of a scope; a cluster-wide call that is forbidden is made namespace by namespace instead. */
export async function inEachPlace(
  scope: Scope,
  source: SourceError['source'],
  read: (place: Place) => Promise<void>,
): Promise<readonly SourceError[]> {
  const errors: SourceError[] = [];
  const attempt = async (place: Place): Promise<CollectError | null> => {
    try {
      await read(place);
      return null;
    } catch (error) {
      const told = sourceError(source, place, error);
      errors.push(told);
      return error instanceof CollectError ? error : null;
    }
  };
  if (scope.mode === 'cluster') {
    const failure = await attempt(null);
    if (failure?.reason !== 'forbidden' || scope.names === null) return errors;
    errors.pop();
  }
  for (const name of scope.names ?? []) await attempt(name);
  return errors;
}
