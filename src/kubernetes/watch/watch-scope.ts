import { type Glob, matchesAny } from '../../base/glob.ts';
import type { Place } from '../lists/namespaces.ts';

/** Connections of watches: what they do not reach is seen by the scheduled cycles alone. */
export const MOST_WATCHES = 50;

/** Which namespaces are watched, and over which lists. */
export interface WatchScope {
  readonly include: readonly Glob[];
  readonly exclude: readonly Glob[];
}

/** Whether cluster-wide lists are watched; a choice of namespaces without any glob never needs more than a Role in each. */
export function isClusterWide({ include }: WatchScope): boolean {
  return !include.every((glob) => glob.literal);
}

export function placesOf(scope: WatchScope): readonly Place[] {
  if (isClusterWide(scope)) return [null];
  return [...new Set(scope.include.map((glob) => glob.source))].filter((name) => !matchesAny(scope.exclude, name));
}

export function isChosen({ include, exclude }: WatchScope, namespace: string): boolean {
  return matchesAny(include, namespace) && !matchesAny(exclude, namespace);
}
