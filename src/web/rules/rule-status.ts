import { formatProblem, type Problem } from '../../base/errors.ts';
import type { Alert } from '../../core/model/alert.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { RuleEvaluation, StatusView } from '../view.ts';

export const RULE_STATES = ['firing', 'pending', 'inactive', 'unknown', 'error', 'off'] as const;
export type RuleState = (typeof RULE_STATES)[number];

/** A rule with how it was judged last. */
export interface RuleStatus {
  readonly rule: Rule;
  /** `unknown`: not judged yet, or none of its subjects could be seen. `off`: it says `enabled: false`. */
  readonly state: RuleState;
  readonly evaluation: RuleEvaluation | null;
  /** Pending and firing. */
  readonly alerts: readonly Alert[];
  /** When it last began to fire within the window, whether it has resolved since or not. */
  readonly lastFiredAt: number | null;
  /** The value nearest to firing, or beyond it, of the newest judgement. */
  readonly value: number | null;
  /** Cycles whose stored lines were counted for it, where that is not yet so of all: the rule is newer than they are. */
  readonly backfill: { readonly done: number; readonly total: number } | null;
  /** Of its file, in its lines as far as they are known. */
  readonly problems: readonly Problem[];
}

/** Every rule, by name. */
export function ruleStatuses(view: StatusView): readonly RuleStatus[] {
  const rules = [...view.rules()].sort((a, b) => (a.alert < b.alert ? -1 : 1));
  const all = Map.groupBy(view.alerts().alerts, (alert) => alert.alert);
  return rules.map((rule) => {
    const own = all.get(rule.alert) ?? [];
    const alerts = own.filter((alert) => alert.state !== 'resolved');
    const lastFiredAt = own.reduce((last, { firedAt }) => Math.max(last, firedAt ?? 0), 0) || null;
    const evaluation = view.evaluation(rule.alert);
    const problems = view.problems().filter((problem) => belongsTo(problem, rule, rules));
    const state = stateOf(rule, evaluation, alerts);
    const backfill = backfillOf(rule, view);
    return { rule, state, evaluation, alerts, lastFiredAt, value: worstValue(rule, evaluation), backfill, problems };
  });
}

/** What its file has wrong, and why it could not be judged. */
export function ruleMessages({ problems, evaluation }: Pick<RuleStatus, 'problems' | 'evaluation'>): readonly string[] {
  const failure = evaluation?.error ?? null;
  return [...problems.map(formatProblem), ...(failure === null ? [] : [`could not judge the rule: ${failure}`])];
}

/** The page of a rule. */
export function rulePath(alert: string): string {
  return `/rules/${encodeURIComponent(alert)}`;
}

function backfillOf(rule: Rule, view: StatusView): RuleStatus['backfill'] {
  const window = view.window();
  const left = rule.enabled ? window.uncountedCycles(countedFor([rule])) : 0;
  return left === 0 ? null : { done: window.cycles.length - left, total: window.cycles.length };
}

function stateOf(rule: Rule, evaluation: RuleEvaluation | null, alerts: readonly Alert[]): RuleState {
  if (!rule.enabled) return 'off';
  if (evaluation !== null && evaluation.error !== null) return 'error';
  if (alerts.some((alert) => alert.state === 'firing')) return 'firing';
  if (alerts.length > 0) return 'pending';
  if (evaluation === null) return 'unknown';
  const { samples } = evaluation;
  return samples.length > 0 && samples.every((sample) => sample.verdict === 'unknown') ? 'unknown' : 'inactive';
}

function worstValue(rule: Rule, evaluation: RuleEvaluation | null): number | null {
  const samples = evaluation?.samples ?? [];
  const judged = samples.some((sample) => sample.verdict === 'true')
    ? samples.filter((sample) => sample.verdict === 'true')
    : samples;
  const values = judged.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return null;
  // A condition that asks for less than its threshold is worst at its smallest value.
  const below = judged.some(
    ({ verdict, value }) =>
      verdict === 'true' && value !== null && rule.condition.threshold !== null && value < rule.condition.threshold,
  );
  return values.reduce((worst, value) => (below ? Math.min(worst, value) : Math.max(worst, value)));
}

/** A problem belongs to the rule of its file that begins at or before its line, last. */
function belongsTo(problem: Problem, rule: Rule, rules: readonly Rule[]): boolean {
  if (problem.file !== rule.file || problem.line < rule.line) return false;
  return !rules.some((other) => other.file === rule.file && other.line > rule.line && other.line <= problem.line);
}
