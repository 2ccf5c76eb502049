/** A number in log lines of which a rule judges the distribution. */
export interface LineValue {
  /** A field's name. */
  readonly field: string;
  /** `milliseconds`: bare numbers are converted from the unit that the field's name says. */
  readonly unit: 'milliseconds' | 'plain';
}

/** Names a value's per-minute distribution on disk and in memory; equal values have equal ids, in every run. */
export type LineValueId = string;

export function lineValueId({ field, unit }: LineValue): LineValueId {
  return unit === 'milliseconds' ? `ms=${field}` : `value=${field}`;
}
