import { HOUR } from '../../../base/duration.ts';
import { end } from '../../alerts/advance.ts';
import type { Alert, Transition } from '../../model/alert.ts';
import type { CycleSummary } from '../../model/cycle.ts';
import { subjectOfNode, subjectOfObject, type Touched, UNTOUCHED } from '../../model/window/touched.ts';
import type { StateSample, Window } from '../../model/window/window.ts';
import { type Workload, workloadKey } from '../../model/workload.ts';
import type { Rule } from '../rule.ts';
import { isAboutObjects } from './about-objects.ts';
import { groupsOf } from './groups.ts';
import { judgeLate } from './late.ts';
import { floorMinute, type Moment, momentsOf } from './moments.ts';
import { type Evaluation, RuleJudge } from './rule-judge.ts';

export interface JudgeInput {
  readonly rules: readonly Rule[];
  readonly window: Window;
  /** The newest cycle to be judged; the window's cycles after `judgedCycle` up to it are judged in their order. */
  readonly cycle: Pick<CycleSummary, 'id'>;
  /** The cluster's name, a label of every alert. */
  readonly cluster: string;
  /** All alerts so far; resolved ones are passed on untouched. */
  readonly alerts: readonly Alert[];
  /** How far judging had come; `null` before the first judgement. */
  readonly judgedTo: number | null;
  readonly judgedCycle: string | null;
  /** How far back logs were read at the first start, in milliseconds; an hour by default. */
  readonly lookback?: number;
  /** How long what was told is not told again, in milliseconds; 4 h by default. */
  readonly repeatInterval?: number;
  /** Of a targeted cycle: what to judge now; all that it looked at by default. */
  readonly only?: Touched;
  /** Told of every single judgement, as it is made; the newest of each rule is in the verdict anyway. */
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  /** Nobody reads the evaluations: what can neither begin nor end an alert need not be judged, and is in none of them. */
  readonly isForAlertsOnly?: boolean;
}

export interface Verdict {
  readonly alerts: readonly Alert[];
  /** In the order in which they happened. */
  readonly transitions: readonly Transition[];
  readonly judgedTo: number | null;
  readonly judgedCycle: string | null;
  /** The newest judgement of every rule that was judged. */
  readonly evaluations: readonly Evaluation[];
}

/**
 * Judges what has been collected since the last time (interface.md section 4.1): every whole minute once and every new state, in the order of
 * time. A pure function of its input: the daemon, `once`, `test` and `backtest` run it alike. A rule that throws stops by itself, its alerts stand.
 */
export function judge(input: JudgeInput): Verdict {
  const steps = judgeInSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As {@link judge}, in steps of one rule at one moment: thousands of containers take longer than others can wait. */
export function* judgeInSteps(input: JudgeInput): Generator<undefined, Verdict> {
  const { window, cluster } = input;
  const rules = input.rules.filter((rule) => rule.enabled);
  const transitions: Transition[] = [];
  const tell = (transition: Transition) => transitions.push(transition);
  const live = input.alerts.filter((alert) => alert.state !== 'resolved');
  const isForAlertsOnly = input.isForAlertsOnly === true && input.onEvaluation === undefined;
  const options = { cluster, tell, isFirst: input.judgedTo === null, repeatInterval: input.repeatInterval, isForAlertsOnly };
  const byRule = Map.groupBy(input.alerts, ({ alert }) => alert);
  const judges = rules.map((rule) => new RuleJudge(rule, byRule.get(rule.alert) ?? [], options));
  const orphans = endOrphans(input, live, tell);

  let { judgedTo, judgedCycle } = input;
  let previousAt = window.scheduled.findLast((cycle) => judgedCycle !== null && cycle.id <= judgedCycle)?.at ?? null;
  for (const cycle of cyclesToJudge(input)) {
    const collected = sampleOf(window, cycle);
    if (cycle.trigger === 'targeted') {
      // What it saw is part of a newer state where it is not the newest any more.
      if (collected !== null)
        judgeSome(judges, {
          window,
          cycle,
          collected,
          only: input.only ?? collected.touched ?? UNTOUCHED,
          told: input.onEvaluation,
        });
      judgedCycle = cycle.id;
      continue;
    }
    if (collected !== null && judgedTo !== null) {
      yield* judgeLate(judges, { window, cycle, collected, alerts: input.alerts, told: input.onEvaluation });
    }
    const moments = momentsOf(cycle, { to: judgedTo, previousAt, lookback: input.lookback ?? HOUR });
    const lastMinute = moments.findLast(({ isMinute }) => isMinute)?.at ?? Number.NEGATIVE_INFINITY;
    for (const moment of moments) {
      yield* judgeMoment(judges, { moment, lastMinute, window, collected, told: input.onEvaluation });
    }
    judgedTo = Math.max(judgedTo ?? 0, floorMinute(cycle.startedAt));
    judgedCycle = cycle.id;
    previousAt = cycle.at;
  }
  const alerts = [
    ...input.alerts.filter((alert) => alert.state === 'resolved'),
    ...orphans,
    ...judges.flatMap((each) => each.alerts),
  ];
  const evaluations = judges.map((each) => each.evaluation).filter((evaluation) => evaluation !== null);
  const verdict = { alerts, transitions, judgedTo, judgedCycle, evaluations };
  return input.judgedTo === null ? onlyTrueNow(verdict) : verdict;
}

/** Judges what a targeted cycle looked at by the conditions on state: of logs and minutes it does not know enough. */
function judgeSome(
  judges: readonly RuleJudge[],
  from: {
    readonly window: Window;
    readonly cycle: CycleSummary;
    readonly collected: StateSample;
    readonly only: Touched;
    readonly told: JudgeInput['onEvaluation'];
  },
): void {
  const { window, cycle, only, told, collected } = from;
  const ofPods = {
    ...collected,
    byWorkload: new Map([...collected.byWorkload].filter(([key]) => only.pods.has(key) || only.events.has(key))),
  };
  const isTouched = (subject: Workload) => only.objects.has(workloadKey(subject)) || only.events.has(workloadKey(subject));
  const ofObjects = {
    ...collected,
    nodes: collected.nodes.filter((node) => isTouched(subjectOfNode(node))),
    objects: collected.objects && {
      ...collected.objects,
      items: collected.objects.items.filter((object) => isTouched(subjectOfObject(object))),
    },
  };
  for (const moment of momentsOf(cycle, { to: null, previousAt: null, lookback: 0 })) {
    for (const each of judges) {
      const sample = isAboutObjects(each.rule.condition) ? ofObjects : ofPods;
      const own = sample === ofPods ? groupsOf(sample, each.rule.selection) : [];
      each.judge({ moment, window, sample, state: sample, groups: own, next: null, until: moment.at, only });
      if (told !== undefined && each.evaluation?.at === moment.at) told(each.evaluation);
    }
  }
}

interface Round {
  readonly moment: Moment;
  /** The last whole minute of the collection. */
  readonly lastMinute: number;
  readonly window: Window;
  /** The state of the collection that is being judged. */
  readonly collected: StateSample | null;
  readonly told: JudgeInput['onEvaluation'];
}

function* judgeMoment(
  judges: readonly RuleJudge[],
  { moment, lastMinute, window, collected, told }: Round,
): Generator<undefined, void> {
  const sample = window.sampleAt(moment.at);
  for (const each of judges) {
    const state = each.rule.condition.about === 'logs' ? collected : sample;
    each.judge({
      moment,
      window,
      sample,
      state,
      groups: state === null ? [] : groupsOf(state, each.rule.selection),
      next:
        collected === null || collected === state
          ? null
          : { sample: collected, groups: groupsOf(collected, each.rule.selection) },
      until: told === undefined ? lastMinute : moment.at,
      only: null,
    });
    if (told !== undefined && each.evaluation?.at === moment.at) told(each.evaluation);
    yield;
  }
}

/** The first start tells what is true now; what the lookback shows to be over is history (interface.md section 4.1 point 13). */
function onlyTrueNow(verdict: Verdict): Verdict {
  const alerts = verdict.alerts.filter((alert) => alert.state !== 'resolved' && !alert.unknown);
  const kept = new Set(alerts.map((alert) => alert.id));
  return { ...verdict, alerts, transitions: verdict.transitions.filter((transition) => kept.has(transition.alert.id)) };
}

/** Alerts whose rule is no more end at once. */
function endOrphans(input: JudgeInput, live: readonly Alert[], tell: (transition: Transition) => void): readonly Alert[] {
  const names = new Set(input.rules.filter((rule) => rule.enabled).map((rule) => rule.alert));
  const at = Math.max(input.judgedTo ?? 0, input.window.cycles.at(-1)?.at ?? 0);
  const ended: Alert[] = [];
  for (const alert of live) {
    if (names.has(alert.alert)) continue;
    const step = end(alert, at, 'rule was removed');
    if (step.transition !== null) tell(step.transition);
    if (step.alert !== null) ended.push(step.alert);
  }
  return ended;
}

function cyclesToJudge({ window, cycle, judgedCycle, only }: JudgeInput): readonly CycleSummary[] {
  const last = window.cycles.findIndex((each) => each.id === cycle.id);
  if (last === -1) return [];
  if (only !== undefined) return window.cycles.slice(last, last + 1);
  // Before the first judgement only the newest state matters: older ones are history, and the lookback covers the lines.
  if (judgedCycle === null) return window.cycles.slice(last, last + 1);
  return window.cycles.slice(0, last + 1).filter((each) => each.id > judgedCycle);
}

function sampleOf(window: Window, cycle: CycleSummary): StateSample | null {
  const sample = window.sampleAt(cycle.at);
  return sample?.cycle === cycle.id ? sample : null;
}
