import type { Problem } from '../base/errors.ts';
import type { Rule } from '../core/rules/rule.ts';
import { shownPath } from './config-file.ts';
import type { Settings } from './settings.ts';

/** What is allowed and yet surely not meant; for `check`, beside the problems of the files. `period` is that of the schedule in milliseconds. */
export function doubts(
  settings: Settings,
  rules: readonly Rule[],
  where: { readonly file: string; readonly cwd: string; readonly period: number | null },
): readonly Problem[] {
  const found: Problem[] = [];
  const { period } = where;
  for (const rule of rules) {
    if (rule.condition.kind !== 'usage' || period === null || rule.for === 0 || rule.for >= period) continue;
    found.push({
      file: rule.file,
      line: rule.line,
      column: 1,
      severity: 'warning',
      message: `rule ${rule.alert}: usage has one sample a cycle, so "for" shorter than the schedule's ${period / 1000} s waits for a second sample all the same`,
    });
  }
  for (const [first, second] of twins(rules)) {
    found.push({
      file: second.file,
      line: second.line,
      column: 1,
      severity: 'warning',
      message: `rule ${second.alert}: same condition and selection as ${first.alert} (${first.file}:${first.line}): both will tell the same`,
    });
  }
  const used = new Set([
    ...settings.routes.flatMap((route) => route.receivers),
    ...rules.flatMap((rule) => rule.receivers ?? []),
  ]);
  for (const receiver of settings.receivers) {
    if (settings.routes.length === 0 || used.has(receiver.name)) continue;
    const message = `receiver "${receiver.name}" is used by no route and no rule`;
    found.push({ file: shownPath(where.file, where.cwd), ...receiver.at, severity: 'warning', message });
  }
  return found;
}

/** Rules in force that judge the same of the same, each with the first of its kind. */
function twins(rules: readonly Rule[]): readonly (readonly [Rule, Rule])[] {
  const seen = new Map<string, Rule>();
  const found: (readonly [Rule, Rule])[] = [];
  for (const rule of rules.filter((each) => each.enabled)) {
    const { kind, text, threshold, matchers } = rule.condition;
    const key = JSON.stringify([kind, text, threshold, matchers, rule.selection], (_, value) =>
      value instanceof Map ? [...value] : value,
    );
    const first = seen.get(key);
    if (first === undefined) seen.set(key, rule);
    else found.push([first, rule]);
  }
  return found;
}
