import type { Rule } from '../rule.ts';

/** A rule of which nothing is known while lines are not counted for it: its alerts stay as they are. */
export function suspended(rule: Rule): Rule {
  const { condition } = rule;
  return {
    ...rule,
    condition: {
      ...condition,
      evaluate: (view) => condition.evaluate(view).map((sample) => ({ ...sample, verdict: 'unknown', value: null })),
    },
  };
}
