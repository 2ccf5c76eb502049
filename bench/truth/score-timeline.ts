import { Replay } from '../../src/app/replay/replay.ts';
import { Teller, type TellerOptions } from '../../src/app/replay/teller.ts';
import { sceneOf } from '../../src/app/rule-test/scene.ts';
import { SceneCollector } from '../../src/app/rule-test/scene-collector.ts';
import { HOUR, SECOND } from '../../src/base/duration.ts';
import { matchesAny } from '../../src/base/glob.ts';
import { sceneSpan } from '../../src/config/rule-tests/test-file.ts';
import { firesAt } from '../../src/core/alerts/advance.ts';
import type { Alert } from '../../src/core/model/alert.ts';
import { subjectOfObject } from '../../src/core/model/window/touched.ts';
import { type WorkloadKey, workloadKey } from '../../src/core/model/workload.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { OwnClock } from './own-clock.ts';
import type { Timeline, Truth } from './timeline-type.ts';

/** How a timeline was told. Times are milliseconds. */
export interface Score {
  readonly name: string;
  readonly truths: number;
  /** From when it began to be true until people were told, of each truth that was told in time. */
  readonly delays: readonly number[];
  /** Alerts that people were told of, and those of them that nothing in the timeline justifies. */
  readonly told: number;
  readonly falseAlerts: readonly string[];
  readonly missed: readonly string[];
  readonly falseResolves: readonly string[];
  /** What was not told to be over by then, or came again. */
  readonly lateResolves: readonly string[];
}

/** An alert that people were told of. */
interface Told {
  alert: Alert;
  readonly at: number;
  resolvedAt: number | null;
}

/** The watches look this often; it tells of a change within seconds. */
const WATCH = 10 * SECOND;

export async function scoreTimeline(
  timeline: Timeline,
  { rules, ...telling }: Omit<TellerOptions, 'span' | 'cluster'>,
): Promise<Score> {
  const told = await tell(timeline, rules, telling);
  const { truth, may } = timeline;
  const matched = truth.map((each) => told.filter((candidate) => isAbout(each, candidate.alert) && candidate.at >= each.from));
  const inTime = truth.map((each, index) => matched[index]?.find(({ at }) => at <= each.by) ?? null);
  const justified = new Set(matched.flat());
  return {
    name: timeline.name,
    truths: truth.length,
    told: told.length,
    delays: inTime.flatMap((found, index) => (found === null ? [] : [found.at - (truth[index]?.from ?? 0)])),
    falseAlerts: told
      .filter((each) => !justified.has(each) && !may.some((allowed) => isAbout(allowed, each.alert)))
      .map(({ alert, at }) => `${clock(at)} ${alert.alert}: ${alert.summary}`),
    missed: truth.flatMap((each, index) => {
      if (inTime[index] !== null) return [];
      const late = matched[index]?.[0];
      const names = each.say.map(({ source }) => source).join(' or ');
      return [`${names} from ${clock(each.from)} by ${clock(each.by)}${late === undefined ? '' : `, told at ${clock(late.at)}`}`];
    }),
    falseResolves: truth.flatMap(({ until }, index) =>
      (matched[index] ?? []).flatMap(({ alert, resolvedAt }) =>
        until !== null && resolvedAt !== null && resolvedAt < until
          ? [`${clock(resolvedAt)} ${alert.alert}, true until ${clock(until)}`]
          : [],
      ),
    ),
    lateResolves: truth.flatMap(({ over }, index) =>
      (matched[index] ?? []).flatMap(({ alert, at, resolvedAt }) => {
        if (over === null || (resolvedAt !== null && resolvedAt <= over)) return [];
        // What is told of the next incident is not told of this one again.
        if (truth.some((next) => next.from >= over && at >= next.from && isAbout(next, alert))) return [];
        return [`${alert.alert}, to be over by ${clock(over)}, ${resolvedAt === null ? 'still on' : `at ${clock(resolvedAt)}`}`];
      }),
    ),
  };
}

function isAbout({ say, about }: Pick<Truth, 'say' | 'about'>, { alert, labels }: Alert): boolean {
  return matchesAny(say, alert) && [...about].every(([label, glob]) => glob.matches(labels[label] ?? ''));
}

/** Runs the main job over the timeline: cycles as scheduled, the watch in between, and receivers that take everything. */
async function tell(
  timeline: Timeline,
  rules: readonly Rule[],
  telling: Omit<TellerOptions, 'span' | 'cluster' | 'rules'>,
): Promise<Told[]> {
  const { every, until } = timeline;
  const start = startOf(timeline);
  const options = { ...telling, rules, period: every, span: 24 * HOUR, lookback: HOUR, cluster: 'production' };
  const replay = new Replay(options);
  const teller = new Teller(options, replay);
  const collector = new SceneCollector(sceneOf(timeline, start), rules, start - HOUR);
  const ownClock = new OwnClock(timeline);
  const told = new Map<string, Told>();
  for (let at = start; at <= until; at += WATCH) {
    if (timeline.down.some((span) => at >= span.at && at < span.until)) continue;
    const isTick = (at - start) % every === 0;
    const seen = isTick
      ? await collector.scheduled(at, replay.window.objects)
      : collector.targeted(at, { rules, window: replay.window, due: due(replay, rules, at) });
    if (seen === null) continue;
    const cycle = ownClock.dated(seen);
    const transitions = replay.add(cycle);
    for (const { notification } of teller.tell(cycle, transitions, () => null)) {
      for (const { firing, resolved } of notification.groups) {
        for (const { alert } of [...firing, ...resolved]) {
          const known = told.get(alert.id) ?? { alert, at, resolvedAt: null };
          told.set(alert.id, {
            ...known,
            alert,
            resolvedAt: resolved.some((each) => each.alert === alert) ? at : known.resolvedAt,
          });
        }
      }
    }
  }
  return [...told.values()];
}

/** The first cycle: before anything happens, since the restarts of a pod that is seen for the first time are those of its past. */
function startOf(timeline: Timeline): number {
  const { truth, down, restarts, every } = timeline;
  const [from] = sceneSpan(timeline, [...truth.map((each) => each.from), ...down.map(({ at }) => at)]);
  const start = Math.floor(from / every) * every;
  return restarts.some(({ at }) => at <= start) ? start - every : start;
}

/** What time alone makes true by now. */
function due({ alerts, window }: Replay, rules: readonly Rule[], at: number): ReadonlySet<WorkloadKey> {
  const isNow = (moment: number | null) => moment !== null && moment <= at && moment > at - WATCH;
  const pending = alerts.filter((alert) => {
    const rule = rules.find((each) => each.alert === alert.alert);
    return rule !== undefined && rule.condition.judged === 'state' && isNow(firesAt(alert, rule));
  });
  const objects = window.objects.filter((object) => rules.some(({ condition }) => isNow(condition.dueAt?.(object) ?? null)));
  return new Set(
    [
      ...pending.map(({ labels: { namespace = '', kind = '', workload: name = '' } }) => ({ namespace, kind, name })),
      ...objects.map(subjectOfObject),
    ].map(workloadKey),
  );
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(8, 16).replace('T', ' ');
}
