import type { Problem } from '../../base/errors.ts';
import { Findings } from '../../base/node.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { shownPath } from '../decode/config-file.ts';
import type { Configuration } from '../load.ts';
import { type RulePlaces, rulePlaces } from '../rules/rule-places.ts';
import type { Settings } from '../settings/settings.ts';
import { labelDoubts } from './label-doubts.ts';
import { ruleDoubts } from './rule-doubts.ts';

/** What is allowed and yet surely not meant; for `check`, beside the problems of the files. `period` is that of the schedule in milliseconds. */
export function doubts(
  { written, ruleTexts }: Pick<Configuration, 'written' | 'ruleTexts'>,
  { settings, rules }: { readonly settings: Settings; readonly rules: readonly Rule[] },
  where: { readonly file: string; readonly cwd: string; readonly period: number | null },
): readonly Problem[] {
  const places = rulePlaces(ruleTexts);
  const findings = new Findings(shownPath(where.file, where.cwd));
  labelDoubts(written, rules, findings);
  const used = new Set([
    ...settings.routes.flatMap((route) => route.receivers),
    ...rules.flatMap((rule) => rule.receivers ?? []),
  ]);
  for (const receiver of settings.receivers) {
    if (settings.routes.length === 0 || used.has(receiver.name)) continue;
    findings.warning(receiver.at, `receiver "${receiver.name}" is used by no route and no rule`);
  }
  return [
    ...ruleDoubts(rules, places, { settings, period: where.period }),
    ...twinDoubts(rules, places),
    ...findings.problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
  ];
}

function twinDoubts(rules: readonly Rule[], places: RulePlaces): readonly Problem[] {
  return twins(rules).map(([first, second]) => ({
    file: second.file,
    ...places.at(second),
    severity: 'warning',
    message: `rule ${second.alert}: same condition and selection as ${first.alert} (${first.file}:${first.line}): both will tell the same`,
  }));
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
