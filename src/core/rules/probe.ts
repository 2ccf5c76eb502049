import { DAY, formatDuration, humanDuration, MINUTE } from '../../base/duration.ts';
import type { Glob } from '../../base/glob.ts';
import { compileGlob } from '../../base/glob.ts';
import { object, optional } from '../../base/schema/object.ts';
import { duration, glob, integer, percentage } from '../../base/schema/scalars.ts';
import { oneRequired, refine, withJson } from '../../base/schema/type.ts';
import { meanLatency, type ProbeMinute } from '../model/probe.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { notes } from './evaluation/facts.ts';
import type { Past, PastView } from './evaluation/past.ts';
import { formatValue } from './evaluation/value-text.ts';
import { type MinuteCount, minutesOf } from './written/minutes-type.ts';

interface Spec {
  readonly name: Glob;
  readonly minutes: MinuteCount;
  /** What is compared: exactly one of them. */
  readonly failed_ratio: number | null;
  readonly latency_ms: number | null;
  readonly certificate: number | null;
}

const MEASURES = ['failed_ratio', 'latency_ms', 'certificate'] as const;

/** Synthetic checks: how many fail, how long they take, how long the certificate is valid. */
export const probe: ConditionKind<Spec> = {
  kind: 'probe',
  description:
    'In at least N of the last M minutes the share of failed checks is above `failed_ratio`, or the mean answer time above `latency_ms` milliseconds; or the certificate ends within `certificate`. `name` is a glob.',
  type: refine(
    withJson(
      object({
        name: optional(glob(), compileGlob('*')),
        failed_ratio: optional(percentage(), null),
        latency_ms: optional(integer(1), null),
        certificate: optional(duration(DAY), null),
        minutes: optional(minutesOf(), { bad: 1, of: 1 }),
      }),
      oneRequired(MEASURES),
    ),
    (spec, fail) => {
      const given = MEASURES.filter((key) => spec[key] !== null);
      return given.length === 1 ? spec : fail(`expected exactly one of ${MEASURES.join(', ')}`, given[1]);
    },
  ),
  bind,
};

function bind(spec: Spec): Condition {
  const { failed_ratio, latency_ms, certificate, minutes } = spec;
  const span = minutes.of === 1 ? 'a minute' : `${minutes.bad} of ${minutes.of} minutes`;
  const which = spec.name.source === '*' ? 'a probe' : `probe ${spec.name.source}`;
  const common = {
    kind: 'probe',
    judged: 'minute',
    about: 'usage',
    matchers: [],
    evidence: null,
    whyGone: () => 'probe is no longer set up',
    evaluate: (view: View) => judge(view, spec),
  } as const;
  if (certificate !== null)
    return {
      ...common,
      text: `the certificate of ${which}'s server ends within ${formatDuration(certificate)}`,
      threshold: certificate,
      unit: 'milliseconds',
      worst: 'lowest',
      phrase: ({ value }) => `the certificate ends in ${value === null ? '-' : humanDuration(value)}`,
    };
  if (latency_ms !== null)
    return {
      ...common,
      text: `answers of ${which} take longer than ${latency_ms} ms in ${span}`,
      threshold: latency_ms,
      unit: 'milliseconds',
      withThreshold: (threshold) => bind({ ...spec, latency_ms: threshold }),
      past: (view) =>
        pastChecks(view, minutes, { what: 'mean answer time in a minute', unit: 'milliseconds', measure: meanLatency }),
      phrase: ({ value }) => `answers take ${value === null ? '-' : Math.round(value)} ms (threshold ${latency_ms} ms)`,
    };
  const share = failed_ratio ?? 0;
  return {
    ...common,
    text: `more than ${formatValue(share, 'ratio')} of ${which}'s checks fail in ${span}`,
    threshold: share,
    unit: 'ratio',
    withThreshold: (threshold) => bind({ ...spec, failed_ratio: threshold }),
    past: (view) => pastChecks(view, minutes, { what: 'failed checks in a minute', unit: 'ratio', measure: failedShare }),
    phrase: ({ value, facts: { reason } }) =>
      `${value === null ? '-' : formatValue(value, 'ratio')} of the checks fail${reason === undefined ? '' : `: ${reason}`}`,
  };
}

/** Every minute with a check, before those that made it true. */
function pastChecks(
  { window, workload, from, begin }: PastView,
  minutes: MinuteCount,
  { measure, ...named }: Pick<Past, 'what' | 'unit'> & { readonly measure: (minute: ProbeMinute) => number | null },
): Past {
  const to = Math.floor(begin / MINUTE) - minutes.of;
  const values = window.probes.history(workload).flatMap((each) => {
    const value = each.minute * MINUTE < from || each.minute >= to ? null : measure(each);
    return value === null ? [] : [{ at: each.minute * MINUTE, value }];
  });
  return { ...named, values, from: values[0]?.at ?? to * MINUTE, to: to * MINUTE };
}

function failedShare({ failed, checks }: ProbeMinute): number {
  return failed / checks;
}

function judge({ window, at }: View, spec: Spec): readonly Sample[] {
  const to = Math.floor(at / MINUTE);
  return window.probes.targets
    .filter(({ name }) => spec.name.matches(name))
    .map(({ name, url }) => {
      const seen: (ProbeMinute | null)[] = [];
      for (let minute = to - spec.minutes.of; minute < to; minute++) seen.push(window.probes.at(name, minute));
      return judgeProbe({ name, url, at }, seen, spec);
    });
}

function judgeProbe(
  { name, url, at }: { readonly name: string; readonly url: string; readonly at: number },
  seen: readonly (ProbeMinute | null)[],
  { failed_ratio, latency_ms, certificate, minutes }: Spec,
): Sample {
  const subject = { kind: 'Probe', workload: name };
  const newest = seen.findLast((each) => each !== null) ?? null;
  if (newest === null)
    return { subject, verdict: 'unknown', value: null, facts: {}, clause: 'unknown data: no check in this time' };
  if (certificate !== null) {
    const left = newest.certificateEndsAt === null ? null : newest.certificateEndsAt - at;
    const verdict = left === null ? 'unknown' : left < certificate ? 'true' : 'false';
    return { subject, verdict, value: left, facts: notes([url]) };
  }
  const measured = (each: ProbeMinute) => (failed_ratio !== null ? failedShare(each) : meanLatency(each));
  const limit = failed_ratio ?? latency_ms ?? 0;
  const bad = seen.filter((each) => each !== null && (measured(each) ?? 0) > limit);
  // How long an answer takes that never came is not known.
  const unseen = seen.filter((each) => each === null || measured(each) === null).length;
  const verdict = bad.length >= minutes.bad ? 'true' : bad.length + unseen >= minutes.bad ? 'unknown' : 'false';
  const shown = bad.at(-1) ?? newest;
  const reason = shown.reason === '' ? {} : { reason: shown.reason };
  return { subject, verdict, value: measured(shown), facts: { ...reason, ...notes([url]) } };
}
