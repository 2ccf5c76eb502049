import type { Type } from '../../base/schema/type.ts';
import type { Alert, Facts, Labels } from '../model/alert.ts';
import type { LineValue } from '../model/line-value.ts';
import type { Level } from '../model/log-line.ts';
import type { Matcher } from '../model/matcher.ts';
import type { ClusterObject, ObjectKindName } from '../model/objects/cluster-object.ts';
import type { Selection } from '../model/selector.ts';
import type { RecordKind, SeenPattern, StateSample, Window } from '../model/window/window.ts';
import type { Past, PastView } from './evaluation/past.ts';
import type { ContainerGroup, WorkloadGroup } from './evaluation/subjects.ts';

/** Whom a sample is about; what is set becomes the alert's labels (interface.md section 4.1 points 8 and 10). */
export interface Subject {
  /** Left out for what belongs to the cluster as a whole. */
  readonly namespace?: string;
  readonly kind: string;
  readonly workload: string;
  readonly container?: string;
  readonly pod?: string;
  readonly node?: string;
}

/** One judgement of one subject. `unknown` means that it could not be seen: it neither advances, resets nor resolves. */
export interface Sample {
  readonly subject: Subject;
  readonly verdict: 'true' | 'false' | 'unknown';
  /** What was compared with the threshold; `null` when the condition has no number or nothing was seen. */
  readonly value: number | null;
  readonly facts: Facts;
  /**
   * Since when the longest of the pods that make it true now has done so, as the cluster dates it: `for` counts from no earlier. Else pods that
   * are each not ready for a moment, one after the other as in a rollout, would add up.
   */
  readonly since?: number;
  /** What decided, where it is not the comparison with the threshold: `min_count: 12 of 20 lines`. For people who ask why. */
  readonly clause?: string;
  /** It is so sure that `for` is not waited for. */
  readonly isSure?: true;
  /** When something joined what makes it true, so that a firing alert is told again. */
  readonly newsAt?: number;
  /** When the newest of what makes it true happened, where that is counted back over a time; left out where it is so at the moment. */
  readonly lastAt?: number;
}

/** What a condition sees when it is judged: nothing else, so that the daemon, `once`, `test` and `backtest` agree. */
export interface View {
  /** The moment of the judgement: a whole minute, or the time of a sample. Only what was before it counts. */
  readonly at: number;
  readonly window: Window;
  readonly selection: Selection;
  /** The state at `at`: the newest sample not older than 2.5 schedule periods; `null` is unknown. */
  readonly sample: StateSample | null;
  /**
   * What the selection takes of the state at `at`; for conditions on logs, of the collection that read the lines, so that a workload is judged
   * from its first line on. Empty when the state is unknown.
   */
  readonly groups: readonly WorkloadGroup[];
  /** How long what was told is not told again, in milliseconds; 4 h when left out. */
  readonly repeatInterval?: number | undefined;
}

/** A compiled condition of one rule. */
export interface Condition {
  readonly kind: string;
  /** `minute`: judged at every whole minute once. `state`: also at each new sample. */
  readonly judged: 'minute' | 'state';
  /** What a message's evidence is drawn from. */
  readonly about: 'pods' | 'logs' | 'usage';
  /** Only containers that ended with an error are the evidence: others of the workload may have ended well since. */
  readonly failedEnds?: true;
  /** As a person says it: `more than 5 restarts within 1h`. */
  readonly text: string;
  /** Log matchers whose per-minute counts `evaluate` asks the window for. */
  readonly matchers: readonly Matcher[];
  /** Numbers in lines whose distributions `evaluate` asks the window for, back to `reach`. */
  readonly values?: readonly LineValue[];
  /** Patterns of this level and worse are what `evaluate` asks the window for. */
  readonly patterns?: Level;
  /** Which patterns an alert shows; left out: those whose sample the evidence matcher takes. */
  readonly showsPattern?: (pattern: SeenPattern, at: number) => boolean;
  /** The matcher whose lines are the evidence; `null` for conditions that are not about logs. */
  readonly evidence: Matcher | null;
  /** Its last lines say most, such as before a silence; else the first ones do. */
  readonly showsLast?: true;
  /** How far back a judgement counts those lines, in milliseconds. */
  readonly reach?: number;
  readonly threshold: number | null;
  readonly unit: Alert['unit'];
  /** The same condition with another threshold, for conditions that have one which people tune. */
  withThreshold?(threshold: number): Condition;
  /** Set when a lower value is the worse one. */
  readonly worst?: 'lowest';
  /**
   * Set when samples depend on the state and on these records within the time before the moment, and on nothing else: while the state is the same, and
   * no record comes into the time or leaves it, they need not be looked at again. `true`: on the state alone. With `fades` it counts for how long
   * the records are in the time.
   */
  readonly steady?: true | { readonly records: readonly RecordKind[]; readonly within: number; readonly fades?: true };
  /**
   * Set where each container is judged by itself, by minutes of its log alone: whether it may be judged true at any whole minute from `view.at` to
   * `until`, all of which the window knows. `false` only where that is sure: it saves the judgements.
   */
  mayComeTrue?(container: ContainerGroup, view: View, until: number): boolean;
  /** Objects beside pods and nodes that `evaluate` looks at: the next collection lists them. */
  readonly reads?: readonly ObjectKindName[];
  /** When time alone makes it true of an object, should that stay as it is; `null` when it never does. */
  dueAt?(object: ClusterObject): number | null;
  /** Reasons of Normal events that `evaluate` looks at, which are not read otherwise. */
  readonly normalEvents?: readonly string[] | 'all';
  /** Whether it counts events of a type and reason; left out where it counts none. */
  countsEvent?(type: string, reason: string): boolean;
  /**
   * Why a subject without a sample is gone, `null` while that cannot be seen; for subjects that are no pods' workloads. Without it a subject
   * lives as long as its workload has pods.
   */
  whyGone?(labels: Labels, state: StateSample): string | null;
  /** The number that alerts as it was in the time before; `null` where it is not known. Left out for conditions of which the window keeps none. */
  past?(view: PastView): Past | null;
  /** What is the matter, for a rule without a summary: `7 restarts within 1h (threshold 5)`. */
  phrase(sample: Sample): string;
  /**
   * One sample for every subject that the selection takes and that exists at `view.at`; a subject without a sample is gone.
   * Pure: the same view gives the same samples.
   */
  evaluate(view: View): readonly Sample[];
}

/** A kind of condition: how it is written, and how its writing becomes a {@link Condition}. */
export interface ConditionKind<Spec = unknown> {
  /** The key in a rule file. */
  readonly kind: string;
  /** One sentence for docs and editors. */
  readonly description: string;
  readonly type: Type<Spec>;
  bind(spec: Spec): Condition;
}
