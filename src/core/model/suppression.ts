import type { LabelMatch } from './notification.ts';

/** Why an alert is not told although it fires, or was not told before it ended. */
export interface Suppression {
  readonly by: 'silence' | 'ignore' | 'mute' | 'inhibition' | 'flapping';
  /** For people: `inhibited by NodeNotReady node-3`. */
  readonly text: string;
  /** Id of the silence, or of the alert that inhibits; `null` for the others. */
  readonly id: string | null;
  /** When it is over, where that is known. */
  readonly until: number | null;
}

/** While an alert fires that `source` matches, those that `target` matches are not told, where the labels in `equal` agree. */
export interface Inhibition {
  /** Any of them. */
  readonly source: readonly LabelMatch[];
  readonly target: readonly LabelMatch[];
  /** Labels; `node` stands for the nodes of the alert's pods. */
  readonly equal: readonly string[];
}

/** A recurring window, such as a maintenance at night, in which matching alerts are not told. */
export interface Mute {
  /** Any of them; an empty list is every alert. */
  readonly match: readonly LabelMatch[];
  /** Of the window's start; 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Minutes since midnight on the wall clock. A window whose `to` is not after its `from` ends on the next day. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly timezone: string;
}
