import { HOUR, MINUTE } from '../src/base/duration.ts';
import { Findings, type Node } from '../src/base/node.ts';
import type { Alert } from '../src/core/model/alert.ts';
import type { Cycle } from '../src/core/model/cycle.ts';
import { RollingWindow, type WindowOptions } from '../src/core/model/window/rolling-window.ts';
import type { Condition } from '../src/core/rules/condition.ts';
import { keptFor } from '../src/core/rules/judging/counted.ts';
import { judge, type Verdict } from '../src/core/rules/judging/judge.ts';
import { CONDITION_KINDS } from '../src/core/rules/registry.ts';
import type { Rule } from '../src/core/rules/rule.ts';
import { EVERYTHING } from './build.ts';

/** Plain data as a decoder reads it, all at 1:1. */
export function nodeOf(value: unknown): Node {
  const at = { line: 1, column: 1 };
  if (Array.isArray(value)) return { kind: 'list', items: value.map(nodeOf), at };
  if (typeof value === 'object' && value !== null)
    return { kind: 'map', entries: Object.entries(value).map(([key, each]) => ({ key, keyAt: at, value: nodeOf(each) })), at };
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'scalar', value, at };
  throw new Error(`no YAML can say ${String(value)}`);
}

/** A condition as a rule file would say it; throws with every problem that its decoder finds. */
export function condition(kind: string, written: unknown): Condition {
  const found = CONDITION_KINDS.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no condition ${kind}`);
  const findings = new Findings('rule.yaml');
  const spec = found.type.decode(nodeOf(written), findings);
  if (spec === undefined) throw new Error(findings.problems.map((problem) => problem.message).join('; '));
  return found.bind(spec);
}

/** The problems that a condition's decoder finds. */
export function problemsOf(kind: string, written: unknown): readonly string[] {
  const found = CONDITION_KINDS.find((each) => each.kind === kind);
  const findings = new Findings('rule.yaml');
  found?.type.decode(nodeOf(written), findings);
  return findings.problems.map((problem) => problem.message);
}

/** A rule named `Test` that fires at once and resolves after two collections, unless said otherwise: `rule('restarts', { above: 5, within: '1h' })`. */
export function rule(kind: string, written: unknown, fields: Partial<Rule> = {}): Rule {
  return {
    alert: 'Test',
    condition: condition(kind, written),
    selection: EVERYTHING,
    for: 0,
    keepFiringFor: 0,
    recursWithin: 0,
    resolveAfter: 2,
    resolveBelow: null,
    severity: 'warning',
    labels: {},
    summary: null,
    description: null,
    runbook: null,
    receivers: null,
    enabled: true,
    file: 'rules/test.yaml',
    line: 1,
    ...fields,
  };
}

/** A window of 24 hours for a schedule of ten minutes that counts what the rules ask for. */
export function windowFor(rules: readonly Rule[], options: Partial<WindowOptions> = {}): RollingWindow {
  return new RollingWindow({
    span: 24 * HOUR,
    staleness: 25 * MINUTE,
    ...keptFor(rules),
    ...options,
  });
}

/** Takes cycles one by one as the daemon does, and remembers alerts and how far judging has come. */
export class Daemon {
  readonly window: RollingWindow;
  rules: readonly Rule[];
  alerts: readonly Alert[] = [];
  judgedTo: number | null;
  judgedCycle: string | null = null;
  /** `10:03 pending`, in order, over all cycles. */
  readonly told: string[] = [];

  /** `startedAt`: judging has come to there; `null` is a first start. */
  constructor(rules: readonly Rule[], startedAt: number | null, window: RollingWindow = windowFor(rules)) {
    this.rules = rules;
    this.judgedTo = startedAt;
    this.window = window;
    if (startedAt !== null) this.judgedCycle = '';
  }

  cycle(cycle: Cycle): Verdict {
    this.window.add(cycle);
    const verdict = judge({
      rules: this.rules,
      window: this.window,
      cycle,
      cluster: 'test',
      alerts: this.alerts,
      judgedTo: this.judgedTo,
      judgedCycle: this.judgedCycle,
    });
    this.alerts = verdict.alerts;
    this.judgedTo = verdict.judgedTo;
    this.judgedCycle = verdict.judgedCycle;
    for (const { at, to } of verdict.transitions) this.told.push(`${new Date(at).toISOString().slice(11, 16)} ${to}`);
    return verdict;
  }

  /** The states of alerts that live, `firing` or `firing unknown`; of those that resolved, `resolved: why`. */
  get states(): readonly string[] {
    return this.alerts.map(({ state, unknown, resolvedReason }) => {
      if (state === 'resolved') return `resolved: ${resolvedReason}`;
      return unknown ? `${state} unknown` : state;
    });
  }
}
