import { MINUTE } from '../../../base/duration.ts';
import type { StateSample } from '../../model/window/window.ts';
import type { Condition, Subject, View } from '../condition.ts';
import type { WorkloadGroup } from '../evaluation/subjects.ts';

/** To choose takes about as long as to judge so many minutes. */
const PAYS_FROM = 2 * MINUTE;

interface Choice {
  readonly state: StateSample | null;
  readonly until: number;
  readonly groups: readonly WorkloadGroup[];
}

/**
 * Chooses the containers that are looked at minute after minute. A collection brings the minutes of a whole period at once: nearly all containers
 * cannot come true in any of them, which is found by one look over them all.
 */
export class WatchedContainers {
  readonly #condition: Pick<Condition, 'mayComeTrue'>;
  readonly #untilLast: boolean;
  #choice: Choice | null = null;

  /** `untilLast`: at the last moment no others are looked at either. */
  constructor(condition: Pick<Condition, 'mayComeTrue'>, { untilLast }: { readonly untilLast: boolean }) {
    this.#condition = condition;
    this.#untilLast = untilLast;
  }

  /** What is to be judged at `view.at`, of what stays as it is up to `until`: containers with an alert, and those that may come true by then. All at `until` itself, where that is asked for. */
  at(
    view: View,
    { state, until, hasAlert }: Omit<Choice, 'groups'> & { readonly hasAlert: (subject: Subject) => boolean },
  ): readonly WorkloadGroup[] {
    const { mayComeTrue } = this.#condition;
    if (mayComeTrue === undefined || (this.#untilLast ? view.at > until : view.at >= until)) return view.groups;
    if (this.#choice?.state === state && this.#choice.until === until) return this.#choice.groups;
    if (until - view.at < PAYS_FROM) return view.groups;
    const groups = view.groups.flatMap((group) => {
      const containers = group.containers.filter((each) => hasAlert(each.subject) || mayComeTrue(each, view, until));
      return containers.length === 0 ? [] : [{ ...group, containers }];
    });
    this.#choice = { state, until, groups };
    return groups;
  }
}
