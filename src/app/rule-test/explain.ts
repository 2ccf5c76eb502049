import { MINUTE } from '../../base/duration.ts';
import { TEST_DAY } from '../../config/rule-tests/test-scalars.ts';
import type { Expectation } from '../../config/rule-tests/test-type.ts';
import type { Alert } from '../../core/model/alert.ts';
import { alertsAt, type Course, type JudgedSample, type Judgement, subjectText } from './simulate.ts';

/** How far back the values of a failed expectation are shown. */
const MINUTES_SHOWN = 15;
const SUBJECTS_SHOWN = 5;

interface Found {
  readonly found: string;
  readonly alerts: readonly Alert[];
  readonly course: Course;
  readonly moment: number;
}

/** Says why an expectation failed: what it met, what fired instead, and the rule's values in the minutes before. */
export function explainFailure(
  expected: Expectation['value'],
  { found, alerts, course, moment }: Found,
): { readonly message: string; readonly details: readonly string[] } {
  const name = expected.alert.value.source;
  const labels = [...expected.labels].map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ');
  const who = labels === '' ? name : `${name} {${labels}}`;
  const instead = expected.state === 'inactive' ? alerts.filter((alert) => alert.state === found) : activeAt(course, moment);
  return {
    message: `at ${clock(moment)}: expected ${who} to be ${expected.state}, but it is ${found}`,
    details: [
      ...(instead.length === 0 ? ['nothing is pending or firing then'] : instead.map(describeAlert)),
      ...[...course.judgements]
        .filter(
          ([alert]) =>
            expected.alert.value.matches(alert) && (expected.alert.value.literal || instead.some((each) => each.alert === alert)),
        )
        .flatMap(([alert, judgements]) => minutes(alert, judgements, moment)),
    ],
  };
}

function activeAt(course: Course, moment: number): readonly Alert[] {
  return alertsAt(course, moment).filter((alert) => alert.state !== 'resolved');
}

function describeAlert(alert: Alert): string {
  const { namespace, kind, workload, container, pod } = alert.labels;
  const who = [`${namespace ?? ''}/${kind}/${workload}`, container, pod].filter((part) => part !== undefined).join(' ');
  return `${alert.alert} is ${alert.state} since ${clock(alert.firedAt ?? alert.activeAt)}: ${who}, ${alert.summary}`;
}

function minutes(alert: string, judgements: readonly Judgement[], moment: number): readonly string[] {
  const shown = judgements.filter((judgement) => judgement.at <= moment && judgement.at > moment - MINUTES_SHOWN * MINUTE);
  const subjects = [...new Set(shown.flatMap(({ samples }) => samples.map(({ subject }) => subjectText(subject))))];
  if (subjects.length === 0) return [`${alert}: no workload that it applies to`];
  return subjects.slice(0, SUBJECTS_SHOWN).flatMap((subject) => [
    `${alert} of ${subject}:`,
    ...shown.map(({ at, samples, error }) => {
      const sample = samples.find((each) => subjectText(each.subject) === subject);
      return `  ${clock(at)}  ${error ?? (sample === undefined ? 'not there' : `${sample.verdict}${whatDecided(sample)}`)}`;
    }),
  ]);
}

/** `, 31%, minutes: 1 of 3 bad ones`: the value, unless what decided begins with it. */
function whatDecided({ verdict, shown, decidedBy }: JudgedSample): string {
  const value = shown === null || decidedBy.startsWith(`${shown},`) ? '' : `, ${shown}`;
  return decidedBy === `condition is ${verdict}` ? value : `${value}, ${decidedBy}`;
}

/** `10:03` on the tests' day, else the whole time. */
function clock(at: number): string {
  const text = new Date(at).toISOString();
  const ofDay = at >= TEST_DAY && at < TEST_DAY + 24 * 60 * MINUTE;
  return ofDay ? text.slice(11, at % MINUTE === 0 ? 16 : 19) : `${text.slice(0, 19)}Z`;
}
