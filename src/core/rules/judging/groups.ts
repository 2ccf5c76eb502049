import type { Selection } from '../../model/selector.ts';
import type { StateSample } from '../../model/window/window.ts';
import { groupSubjects, selectSubjects, type WorkloadGroup } from '../evaluation/subjects.ts';

interface Grouped {
  readonly all: readonly WorkloadGroup[];
  readonly selected: WeakMap<Selection, readonly WorkloadGroup[]>;
}

/** Pods that have not changed are the same map in sample after sample, and so their groups and subjects are. */
const grouped = new WeakMap<StateSample['byWorkload'], Grouped>();

/** What a selection takes of a state, found once. */
export function groupsOf({ byWorkload }: StateSample, selection: Selection): readonly WorkloadGroup[] {
  let known = grouped.get(byWorkload);
  if (known === undefined) {
    known = { all: groupSubjects({ byWorkload }), selected: new WeakMap() };
    grouped.set(byWorkload, known);
  }
  const { all, selected } = known;
  if (selection.match.length === 0 && selection.except.length === 0) return all;
  let groups = selected.get(selection);
  if (groups === undefined) {
    groups = selectSubjects(all, selection);
    selected.set(selection, groups);
  }
  return groups;
}
