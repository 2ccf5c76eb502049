import { type Glob, matchesAny } from '../../base/glob.ts';
import type { PodState } from './pod.ts';

/** All of its keys must hold; a key that is not set holds. */
export interface Selector {
  readonly namespace: readonly Glob[] | null;
  readonly workload: readonly Glob[] | null;
  readonly kind: readonly Glob[] | null;
  readonly pod: readonly Glob[] | null;
  readonly container: readonly Glob[] | null;
  readonly node: readonly Glob[] | null;
  readonly image: readonly Glob[] | null;
  /** The pod's labels. */
  readonly labels: ReadonlyMap<string, readonly Glob[]> | null;
}

/** What a rule applies to: any of `match` (all when empty), and none of `except`. */
export interface Selection {
  readonly match: readonly Selector[];
  readonly except: readonly Selector[];
}

/** Whether the selection takes a container of a pod. For a condition about whole pods, leave `container` out: keys about containers then hold for `match` and fail for `except`. */
export function selects(
  selection: Selection,
  pod: PodState,
  container?: { readonly name: string; readonly image: string },
): boolean {
  if (selection.except.some((selector) => holds(selector, pod, container, false))) return false;
  return selection.match.length === 0 || selection.match.some((selector) => holds(selector, pod, container, true));
}

/** Something without a pod: an object of the cluster, an event about one. */
export interface SelectedObject {
  readonly namespace: string;
  readonly kind: string;
  readonly workload: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly node?: string;
}

/** Whether the selection takes something that has no pod; keys that ask for more than it has hold for `match` and fail for `except`. */
export function selectsObject(selection: Selection, object: SelectedObject): boolean {
  const { namespace, kind, workload: name, labels, node } = object;
  const seen: Seen = {
    namespace,
    workload: { kind, name },
    ...(labels === undefined ? {} : { labels }),
    ...(node === undefined ? {} : { node }),
  };
  if (selection.except.some((selector) => holds(selector, seen, undefined, false))) return false;
  return selection.match.length === 0 || selection.match.some((selector) => holds(selector, seen, undefined, true));
}

/** What selectors look at; what is left out is not known. */
interface Seen {
  readonly namespace: string;
  readonly workload: { readonly kind: string; readonly name: string };
  readonly name?: string;
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function holds(
  selector: Selector,
  pod: Seen,
  container: { readonly name: string; readonly image: string } | undefined,
  unset: boolean,
): boolean {
  const test = (globs: readonly Glob[] | null, value: string | undefined) =>
    globs === null || (value === undefined ? unset : matchesAny(globs, value));
  if (
    !test(selector.namespace, pod.namespace) ||
    !test(selector.kind, pod.workload.kind) ||
    !test(selector.workload, pod.workload.name)
  )
    return false;
  if (!test(selector.pod, pod.name) || !test(selector.node, pod.node)) return false;
  if (!test(selector.container, container?.name) || !test(selector.image, container?.image)) return false;
  if (selector.labels === null) return true;
  if (pod.labels === undefined) return unset;
  for (const [label, globs] of selector.labels) if (!matchesAny(globs, pod.labels[label] ?? '')) return false;
  return true;
}

/** Equal for selections that say the same: rules that are read again are other objects. */
export function selectionText({ match, except }: Selection): string {
  return JSON.stringify([match, except], (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Whether the selection looks at more than namespace, kind, workload and container: then per-workload counts cannot answer it. */
export function needsPods(selection: Selection): boolean {
  return [...selection.match, ...selection.except].some(
    (s) => s.pod !== null || s.node !== null || s.image !== null || s.labels !== null,
  );
}
