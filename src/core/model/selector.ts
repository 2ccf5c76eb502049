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

function holds(
  selector: Selector,
  pod: PodState,
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
  for (const [label, globs] of selector.labels ?? []) if (!matchesAny(globs, pod.labels[label] ?? '')) return false;
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
