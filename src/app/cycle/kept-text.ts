import { keptFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';

/** Equal when the rules judge the same of lines. */
export function keptText(rules: readonly Rule[]): string {
  return JSON.stringify(keptFor(rules), (_, value) => (value instanceof Map ? [...value] : value));
}
