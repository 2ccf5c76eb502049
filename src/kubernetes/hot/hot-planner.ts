import type { Cursor } from '../../core/model/cycle.ts';
import { type HotPlan, planHot } from './plan-hot.ts';

/** The cursors as committed; every change raises the version. */
export interface CommittedCursors {
  readonly version: number;
  all(): Iterable<Cursor>;
}

interface Planned {
  readonly plan: HotPlan;
  readonly cursors: CommittedCursors;
  readonly version: number;
  readonly following: ReadonlySet<string>;
  readonly at: number;
}

/** Plans as {@link planHot} does, which is asked every second of thousands of containers, only when something may have changed. */
export class HotPlanner {
  #newest: Planned | null = null;

  plan(cursors: CommittedCursors, following: ReadonlySet<string>, now: number): HotPlan {
    const newest = this.#newest;
    if (newest !== null && isStillGood(newest, cursors, following) && now >= newest.at && now < newest.plan.nextAt)
      return newest.plan;
    const plan = planHot(cursors.all(), following, now);
    this.#newest = { plan, cursors, version: cursors.version, following, at: now };
    return plan;
  }
}

function isStillGood(planned: Planned, cursors: CommittedCursors, following: ReadonlySet<string>): boolean {
  const isSame = planned.cursors === cursors && planned.version === cursors.version;
  return isSame && planned.following.size === following.size && [...following].every((id) => planned.following.has(id));
}
