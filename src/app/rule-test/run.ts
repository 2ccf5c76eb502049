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
    const concerned = rules.filter(({ alert }) => test.expect.some(({ value }) => value.alert.value.matches(alert)));
    const course = await simulate(test, rules, { onlyAlertsOf: concerned });
    const failed = test.expect.filter((expectation) => !holds(expectation, course));
    // What to tell of a failure, and what fired instead, is looked for only then: most tests pass.
    const told = failed.length === 0 ? course : await simulate(test, rules);
    const failures = failed.map((expectation) => failureOf(expectation, told));
    results.push({ file, line: at.line, name: test.name, failures });
  }
  return results;
}

function holds({ value: expected }: Expectation, course: Course): boolean {
  const states = new Set(meant(expected, course).map(({ state }) => state));
  if (expected.state !== 'inactive') return states.has(expected.state);
  return !states.has('firing') && !states.has('pending');
}

function failureOf({ value: expected, at }: Expectation, course: Course): TestFailure {
  const alerts = meant(expected, course);
  const states = new Set(alerts.map(({ state }) => state));
  const found = (['firing', 'pending', 'resolved'] as const).find((state) => states.has(state)) ?? 'inactive';
  const { message, details } = explainFailure(expected, { found, alerts, course, moment: momentOf(expected) });
  return { line: at.line, column: at.column, message, details };
}

function momentOf({ at }: Expectation['value']): number {
  return Math.floor(at / MINUTE) * MINUTE;
}

/** The alerts that are meant, as they stood then. */
function meant(expected: Expectation['value'], course: Course): readonly Alert[] {
  return alertsAt(course, momentOf(expected)).filter((alert) => isMeant(alert, expected));
}

function isMeant(alert: Alert, expected: Expectation['value']): boolean {
  return (
    expected.alert.value.matches(alert.alert) && [...expected.labels].every(([label, value]) => alert.labels[label] === value)
  );
}
