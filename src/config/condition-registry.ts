import type { ConditionKind } from '../core/rules/condition.ts';

/** The condition kinds that a rule can use. */
export const CONDITION_KINDS: readonly ConditionKind[] = [];

/** Kinds that the interface promises and this version does not have. */
export const LATER_CONDITION_KINDS: readonly string[] = [
  'workload',
  'job',
  'node',
  'hpa',
  'claim',
  'quota',
  'usage_trend',
  'log_absent',
  'log_spike',
  'log_value',
  'new_pattern',
  'event',
  'probe',
  'collector',
];
