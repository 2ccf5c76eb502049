import { humanDuration } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { onlyTrue } from '../../base/schema/scalars.ts';
import { anyRequired, refine, withJson } from '../../base/schema/type.ts';
import { humanSize } from '../../base/size.ts';
import type { CycleSummary, Gap } from '../model/cycle.ts';
import { DEAD_LETTERS } from '../model/refusal.ts';
import { selectsObject } from '../model/selector.ts';
import { ownClockText } from '../model/self-report.ts';
import type { StateSample } from '../model/window/window.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { notes, plural } from './evaluation/facts.ts';

const written = {
  gap: optional(onlyTrue(), null),
  forbidden: optional(onlyTrue(), null),
  overrun: optional(onlyTrue(), null),
  metrics_missing: optional(onlyTrue(), null),
  rules_broken: optional(onlyTrue(), null),
  store_full: optional(onlyTrue(), null),
  patterns_suspended: optional(onlyTrue(), null),
  clock_step: optional(onlyTrue(), null),
  // Last, so that an alert gives it as its reason only where that is all it says.
  dead_letters: optional(onlyTrue(), null),
};
type Trouble = keyof typeof written;
type Spec = Readonly<Record<Trouble, true | null>>;

/** Losses; that the log of a pod that is gone was not read to its end, and that a crash loop outran a read, come with the pods' own life. */
const LOSSES: ReadonlySet<Gap['reason']> = new Set(['rotated', 'truncated', 'read_failed', 'node_skipped']);
/** Of the store's size; then the oldest cycles soon go before their time. */
const NEARLY_FULL = 0.9;

/** What the cycle itself tells; of the rest nothing is known where a cycle did not look at Tocsin. */
const FROM_CYCLE: ReadonlySet<Trouble> = new Set(['gap', 'forbidden', 'overrun', 'metrics_missing']);

/** What is listed by name; more is counted. */
const MOST_NAMED = 3;

const SUBJECT = { kind: 'Collector', workload: 'tocsin' };

/** Tocsin's own eyes: what it could not see, and what is wrong with itself. */
export const collector: ConditionKind<Spec> = {
  kind: 'collector',
  description:
    'Tocsin itself: log lines were lost, something may not be read, cycles took too long or were missed, the metrics API does not answer, rule files or settings are broken, the store is nearly full, a pattern was suspended, a clock is wrong, a receiver refuses messages; of several keys one must hold.',
  type: refine(withJson(object(written), anyRequired(Object.keys(written))), (spec, fail) =>
    Object.values(spec).every((value) => value === null)
      ? fail(`expected at least one of ${Object.keys(written).join(', ')}`)
      : spec,
  ),
  bind: (spec) => ({
    kind: 'collector',
    judged: 'state',
    about: 'pods',
    text: `Tocsin itself: ${troublesOf(spec)
      .map((trouble) => trouble.replaceAll('_', ' '))
      .join(' or ')}`,
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    whyGone: () => null,
    phrase: ({ facts: { notes: [first = 'it cannot see everything'] = [] } }) => first,
    evaluate: (view) => judgeSelf(view, spec),
  }),
};

function troublesOf(spec: Spec): readonly Trouble[] {
  // Checked: the spec has the keys of `written`, each of which is a trouble.
  return (Object.keys(spec) as readonly Trouble[]).filter((trouble) => spec[trouble] !== null);
}

function judgeSelf(view: View, spec: Spec): readonly Sample[] {
  const { sample, window } = view;
  const cycle = window.scheduled.findLast(({ at }) => at <= view.at);
  if (sample === null || cycle === undefined) return [];
  const found = troublesOf(spec).flatMap((trouble) => FINDERS[trouble]({ cycle, sample, view }));
  const [first] = found;
  if (first === undefined) {
    const isBlind = sample.self === null && troublesOf(spec).some((trouble) => !FROM_CYCLE.has(trouble));
    return [{ subject: SUBJECT, verdict: isBlind ? 'unknown' : 'false', value: isBlind ? null : 0, facts: {} }];
  }
  const count = found.reduce((sum, each) => sum + each.count, 0);
  const texts = found.flatMap((each) => [each.text, ...each.details]);
  return [{ subject: SUBJECT, verdict: 'true', value: count, facts: { count, reason: first.reason, ...notes(texts) } }];
}

interface Eye {
  readonly cycle: CycleSummary;
  readonly sample: StateSample;
  readonly view: View;
}

interface Finding {
  readonly reason: string;
  readonly count: number;
  readonly text: string;
  readonly details: readonly string[];
}

const FINDERS: Readonly<Record<Trouble, (eye: Eye) => readonly Finding[]>> = {
  gap({ cycle, view }) {
    const gaps = cycle.gaps.filter(
      ({ reason, namespace, workload }) =>
        LOSSES.has(reason) && selectsObject(view.selection, { namespace, kind: workload.kind, workload: workload.name }),
    );
    const byReason = Map.groupBy(gaps, ({ reason }) => reason);
    return [...byReason].map(([reason, all]) => {
      const names = [...new Set(all.map(({ namespace, workload }) => `${namespace}/${workload.name}`))];
      const more = names.length > 1 ? ` and ${plural(names.length - 1, 'more workload')}` : '';
      return {
        reason: `Gap ${reason}`,
        count: all.length,
        text: `log lines of ${names[0]}${more} could not be read: ${GAP_TEXTS[reason]}`,
        details: names.slice(1, 4),
      };
    });
  },
  forbidden({ cycle, view }) {
    const errors = cycle.errors.filter(
      ({ source, reason, namespace }) =>
        reason === 'forbidden' &&
        source !== 'metrics' &&
        (namespace === null || selectsObject(view.selection, { namespace, kind: 'Namespace', workload: '' })),
    );
    return errors.length === 0
      ? []
      : [
          {
            reason: 'Forbidden',
            count: errors.length,
            text: `not allowed to read ${unreadable(errors)}`,
            details: [
              '`tocsin check --cluster` prints the permissions that are missing',
              ...errors.map(({ message }) => message),
            ],
          },
        ];
  },
  overrun({ cycle, sample }) {
    const took = cycle.finishedAt - cycle.startedAt;
    const { period = Number.POSITIVE_INFINITY, clockStep = 0 } = sample.self ?? {};
    // Where the clock was set ahead, the time of their moments never passed.
    const missed = cycle.missed - Math.ceil(Math.max(0, clockStep) / period);
    return [
      ...(took <= period
        ? []
        : [one('Overrun', `a cycle took ${humanDuration(took)}, longer than the ${humanDuration(period)} between two`)]),
      ...(missed <= 0
        ? []
        : [
            {
              ...one('MissedCycles', `${plural(missed, 'scheduled cycle')} before this one did not run, or failed`),
              count: missed,
            },
          ]),
    ];
  },
  metrics_missing({ cycle, sample }) {
    if (sample.usageSource === 'ok') return [];
    const isForbidden = cycle.errors.some(({ source, reason }) => source === 'metrics' && reason === 'forbidden');
    const why = isForbidden ? 'may not be read' : sample.usageSource === 'absent' ? 'is not installed' : 'did not answer';
    return [one('MetricsMissing', `the metrics API ${why}: rules on CPU and memory are blind`)];
  },
  rules_broken({ sample }) {
    const broken = sample.self?.broken ?? [];
    const [first] = broken;
    return first === undefined
      ? []
      : [
          {
            reason: 'BrokenFiles',
            count: broken.length,
            text: `the last good files are in force: ${first}`,
            details: broken.slice(1),
          },
        ];
  },
  store_full({ sample }) {
    const { storeBytes = 0, storeLimit = 0, dropped = 0 } = sample.self ?? {};
    if (dropped === 0 && (storeLimit === 0 || storeBytes < NEARLY_FULL * storeLimit)) return [];
    const size = `${humanSize(storeBytes)} of ${humanSize(storeLimit)}`;
    const gone =
      dropped === 0 ? 'the oldest cycles will soon go before their time' : `${plural(dropped, 'cycle')} went before their time`;
    return [{ reason: 'StoreFull', count: Math.max(1, dropped), text: `the store has ${size}: ${gone}`, details: [] }];
  },
  dead_letters({ sample }) {
    const refusing = sample.self?.refusing ?? [];
    return refusing.length === 0
      ? []
      : [
          {
            reason: DEAD_LETTERS,
            count: refusing.length,
            text: `${refusing.length === 1 ? 'receiver' : 'receivers'} ${refusing.join(', ')} refused messages for good`,
            details: ['the page lists them under deliveries'],
          },
        ];
  },
  patterns_suspended({ sample }) {
    const suspended = sample.self?.suspended ?? [];
    const [first] = suspended;
    return first === undefined
      ? []
      : [
          {
            reason: 'PatternSuspended',
            count: suspended.length,
            text: first,
            details: suspended.slice(1),
          },
        ];
  },
  clock_step({ sample }) {
    const { clockStep = 0, ownAhead = 0, ahead = [] } = sample.self ?? {};
    const [first] = ahead;
    return [
      ...(clockStep === 0
        ? []
        : [one('ClockStep', `the clock was set ${clockStep > 0 ? 'ahead' : 'back'} by ${humanDuration(Math.abs(clockStep))}`)]),
      ...(ownAhead === 0 ? [] : [one('OwnClock', ownClockText(ownAhead))]),
      ...(first === undefined
        ? []
        : [
            {
              reason: 'NodeClock',
              count: ahead.length,
              text: `the clock of node ${first.node} is ${humanDuration(first.by)} ahead`,
              details: ahead.slice(1).map(({ node, by }) => `${node}: ${humanDuration(by)} ahead`),
            },
          ]),
    ];
  },
};

const GAP_TEXTS: Readonly<Record<Gap['reason'], string>> = {
  rotated: 'the kubelet rotated the log between two reads',
  truncated: 'more than max_per_container came between two reads',
  read_failed: 'the reads failed',
  node_skipped: 'its node did not answer',
  missed_instances: 'it restarted more than once between two reads',
  gone: 'the pod was removed before its end was read',
};

/** `events and 7 more of shop; pods and 9 more of payments, staging`: what is missing in the same places stands together. */
function unreadable(errors: readonly { readonly source: string; readonly namespace: string | null }[]): string {
  const bySource = Map.groupBy(errors, ({ source }) => source);
  const byPlaces = Map.groupBy(bySource.keys(), (source) => placesOf(bySource.get(source) ?? []));
  return [...byPlaces]
    .map(([places, [first = '', ...others]]) => {
      const more = others.length > MOST_NAMED ? ` and ${others.length} more` : others.map((source) => `, ${source}`).join('');
      return `${first}${more}${places}`;
    })
    .join('; ');
}

function placesOf(errors: readonly { readonly namespace: string | null }[]): string {
  const places = [...new Set(errors.map(({ namespace }) => namespace).filter((name) => name !== null))].sort();
  if (places.length === 0) return '';
  return ` of ${places.length > MOST_NAMED ? `${places.length} namespaces` : places.join(', ')}`;
}

function one(reason: string, text: string): Finding {
  return { reason, count: 1, text, details: [] };
}
