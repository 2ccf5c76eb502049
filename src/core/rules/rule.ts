import type { Labels, Severity } from '../model/alert.ts';
import type { Selection } from '../model/selector.ts';
import type { Template } from '../model/template.ts';
import type { Condition } from './condition.ts';

/** A rule as judged: everything is compiled. Durations are milliseconds. */
export interface Rule {
  readonly alert: string;
  readonly condition: Condition;
  readonly selection: Selection;
  readonly for: number;
  readonly keepFiringFor: number;
  /** An alert that fires again so soon after its end is kept firing for as long; 0 for none. */
  readonly recursWithin: number;
  /** Complete collections in which the condition must be false. */
  readonly resolveAfter: number;
  /** What a firing alert's value must be below to resolve, in the condition's unit; above, where a low value is the bad one. `null`: the threshold decides. */
  readonly resolveBelow: number | null;
  readonly severity: Severity;
  readonly labels: Labels;
  readonly summary: Template | null;
  readonly description: Template | null;
  readonly runbook: string | null;
  /** Receivers by name instead of the routes'. */
  readonly receivers: readonly string[] | null;
  readonly enabled: boolean;
  readonly file: string;
  readonly line: number;
}
