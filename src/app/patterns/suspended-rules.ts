import type { Problem } from '../../base/errors.ts';
import { patternsIn } from '../../core/model/matcher.ts';
import type { Rule } from '../../core/rules/rule.ts';

/** Of a pattern so much is told: the rule file has all of it. */
const SHOWN_CHARACTERS = 80;

/** The rules with a pattern that is suspended: nothing is known of what they count. */
export function suspendedRules(rules: readonly Rule[], suspended: ReadonlyMap<string, string>): readonly Rule[] {
  return suspended.size === 0 ? [] : rules.filter((rule) => patternsOf(rule).some((pattern) => suspended.has(pattern)));
}

/** What page and API say of them. */
export function suspensions(rules: readonly Rule[], suspended: ReadonlyMap<string, string>): readonly Problem[] {
  return suspendedRules(rules, suspended).map(({ alert, file, line, ...rule }) => {
    const pattern = patternsOf(rule).find((source) => suspended.has(source)) ?? '';
    const why = suspended.get(pattern) ?? '';
    const message = `rule ${alert} is suspended until the rules change: pattern ${shownPattern(pattern)} ${why}`;
    return { file, line, column: 1, message, severity: 'warning' };
  });
}

export function shownPattern(pattern: string): string {
  return pattern.length > SHOWN_CHARACTERS ? `/${pattern.slice(0, SHOWN_CHARACTERS)}…/` : `/${pattern}/`;
}

function patternsOf({ condition }: Pick<Rule, 'condition'>): readonly string[] {
  return condition.matchers.flatMap(patternsIn);
}
