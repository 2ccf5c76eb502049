import type { ConditionKind } from './condition.ts';
import * as kinds from './kinds.ts';

/** Every kind of condition that a rule can have. */
export const CONDITION_KINDS: readonly ConditionKind[] = Object.values(kinds);
