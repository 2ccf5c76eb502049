import type { ClusterEvent } from './cycle.ts';
import type { Workload } from './workload.ts';

/** Whose event it is: the workload's, or the object's own where no workload is known. */
export function ownerOf({ workload, namespace, kind, name }: ClusterEvent): Workload {
  if (workload !== null) return workload;
  // Events about cluster-wide objects lie in a namespace, but are not of it.
  return { namespace: kind === 'Node' ? '' : namespace, kind, name };
}
