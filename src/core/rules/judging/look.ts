import type { Touched } from '../../model/window/touched.ts';
import type { StateSample, Window } from '../../model/window/window.ts';
import type { WorkloadGroup } from '../evaluation/subjects.ts';
import type { Moment } from './moments.ts';

/** What a rule is judged by at one moment. */
export interface Look {
  readonly moment: Moment;
  readonly window: Window;
  /** The state at the moment; for conditions on logs that of the collection that read them. */
  readonly state: StateSample | null;
  /** The newest fresh state at the moment. */
  readonly sample: StateSample | null;
  readonly groups: readonly WorkloadGroup[];
  /** What the collection saw that ends the time of this moment; `null` where that is no later. */
  readonly next: { readonly sample: StateSample; readonly groups: readonly WorkloadGroup[] } | null;
  /** The last of the minutes that are judged by this state's collection, if samples of false containers before it are not asked for; else this moment. */
  readonly until: number;
  /** Of what something new is known; `null` when the whole state is new. The others' alerts stay as they are. */
  readonly only: Touched | null;
}
