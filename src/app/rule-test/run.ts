import { MINUTE } from '../../base/duration.ts';
import type { FileTest } from '../../config/rule-tests/test-file.ts';
import type { Expectation } from '../../config/rule-tests/test-type.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { explainFailure } from './explain.ts';
import { alertsAt, type Course, simulate } from './simulate.ts';

/** What became of one rule test. */
export interface TestResult {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly failures: readonly TestFailure[];
}

export interface TestFailure {
  readonly line: number;
  readonly column: number;
  /** What was expected and what was. */
  readonly message: string;
  /** What fired instead, and the values minute by minute. */
  readonly details: readonly string[];
}

/** Runs rule tests one after the other; each has the given rules and a cluster of its own. Stops between two when `signal` aborts. */
export async function runRuleTests(
  rules: readonly Rule[],
  tests: readonly FileTest[],
  signal: AbortSignal,
): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const { file, at, test } of tests) {
    if (signal.aborted) break;
    const course = await simulate(test, rules);
    const failures = test.expect.map((expectation) => check(expectation, course)).filter((failure) => failure !== null);
    results.push({ file, line: at.line, name: test.name, failures });
  }
  return results;
}

function check({ value: expected, at }: Expectation, course: Course): TestFailure | null {
  const moment = Math.floor(expected.at / MINUTE) * MINUTE;
  const alerts = alertsAt(course, moment).filter((alert) => isMeant(alert, expected));
  const states = new Set(alerts.map((alert) => alert.state));
  const active = states.has('firing')
    ? 'firing'
    : states.has('pending')
      ? 'pending'
      : states.has('resolved')
        ? 'resolved'
        : 'inactive';
  const holds = expected.state === 'inactive' ? active === 'inactive' || active === 'resolved' : states.has(expected.state);
  if (holds) return null;
  const { message, details } = explainFailure(expected, { found: active, alerts, course, moment });
  return { line: at.line, column: at.column, message, details };
}

function isMeant(alert: Alert, expected: Expectation['value']): boolean {
  return (
    expected.alert.value.matches(alert.alert) && [...expected.labels].every(([label, value]) => alert.labels[label] === value)
  );
}
