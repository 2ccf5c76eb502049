import { HOUR, MINUTE } from '../../base/duration.ts';
import { spanOf } from '../../config/rule-tests/test-file.ts';
import type { RuleTest } from '../../config/rule-tests/test-type.ts';
import { fingerprint } from '../../core/alerts/fingerprint.ts';
import type { Alert, Transition } from '../../core/model/alert.ts';
import type { Sample, Subject } from '../../core/rules/condition.ts';
import { formatValue } from '../../core/rules/evaluation/value-text.ts';
import type { Evaluation } from '../../core/rules/judging/rule-judge.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { clauseOf, Standings } from '../replay/deciding-clause.ts';
import { Replay } from '../replay/replay.ts';
import { sceneOf } from './scene.ts';
import { SceneCollector } from './scene-collector.ts';

/** What the rules made of a scene. */
export interface Course {
  readonly transitions: readonly Transition[];
  /** By alert name, in the order of time. */
  readonly judgements: ReadonlyMap<string, readonly Judgement[]>;
}

export interface Judgement {
  readonly at: number;
  readonly samples: readonly JudgedSample[];
  readonly error: string | null;
}

export interface JudgedSample extends Sample {
  /** Its value in the condition's unit; `null` without one. */
  readonly shown: string | null;
  /** Which clause of the rule decided, as `tocsin explain` says it. */
  readonly decidedBy: string;
}

/**
 * Runs the main job over a test's scene, on its own clock: a cycle every period, each analysed, folded in and judged as the daemon does it. With
 * `onlyAlertsOf` only what begins and ends alerts of these rules is judged, which takes a fraction of the time; the course then has no judgements.
 */
export async function simulate(
  test: RuleTest,
  rules: readonly Rule[],
  { onlyAlertsOf }: { readonly onlyAlertsOf?: readonly Rule[] } = {},
): Promise<Course> {
  const [from, to] = spanOf(test);
  const start = Math.floor(from / test.every) * test.every - test.every;
  const collector = new SceneCollector(sceneOf(test, start), rules, start - test.every);
  const judged = new Judgements(start, rules);
  let evaluations: Evaluation[] = [];
  const replay = new Replay({
    rules: onlyAlertsOf ?? rules,
    period: test.every,
    span: 24 * HOUR,
    lookback: HOUR,
    cluster: 'test',
    ...(onlyAlertsOf === undefined ? { onEvaluation: (evaluation: Evaluation) => evaluations.push(evaluation) } : {}),
  });
  const transitions: Transition[] = [];
  for (let at = start; at < to + test.every + MINUTE; at += test.every) {
    evaluations = [];
    const moved = replay.add(await collector.scheduled(at, replay.window.objects));
    transitions.push(...moved);
    judged.add(evaluations, moved);
  }
  return { transitions, judgements: judged.byAlert() };
}

/** Every judgement of every rule, at each moment from the first cycle on: those of the minutes before it say nothing. */
class Judgements {
  readonly #from: number;
  readonly #rules: ReadonlyMap<string, { readonly rule: Rule; readonly standings: Standings }>;
  readonly #found = new Map<string, Map<number, Judgement>>();

  constructor(from: number, rules: readonly Rule[]) {
    this.#from = from;
    this.#rules = new Map(rules.map((rule) => [rule.alert, { rule, standings: new Standings() }]));
  }

  /** Takes what one cycle was judged to be, and how that moved the alerts. */
  add(evaluations: readonly Evaluation[], moved: readonly Transition[]): void {
    if (evaluations.length === 0) return;
    for (const [name, { standings }] of this.#rules) standings.add(moved.filter(({ alert }) => alert.alert === name));
    for (const evaluation of evaluations) {
      const known = this.#rules.get(evaluation.alert);
      if (known === undefined) continue;
      known.standings.moveTo(evaluation.at);
      this.#put({ ...evaluation, samples: evaluation.samples.map((sample) => judged(known, sample, evaluation.at)) });
    }
  }

  #put({ alert, at, samples, error }: Pick<Evaluation, 'alert' | 'error'> & Pick<Judgement, 'at' | 'samples'>): void {
    if (at < this.#from) return;
    const own = this.#found.get(alert) ?? new Map<number, Judgement>();
    this.#found.set(alert, own);
    // Lines that came late decide what was unknown when their minute was judged.
    const late = new Set(samples.map(({ subject }) => subjectText(subject)));
    const before = own.get(at)?.samples.filter(({ subject }) => !late.has(subjectText(subject))) ?? [];
    own.set(at, { at, samples: [...before, ...samples], error });
  }

  byAlert(): Course['judgements'] {
    return new Map([...this.#found].map(([alert, own]) => [alert, [...own.values()].sort((a, b) => a.at - b.at)]));
  }
}

function judged(
  { rule, standings }: { readonly rule: Rule; readonly standings: Standings },
  sample: Sample,
  at: number,
): JudgedSample {
  const standing = standings.judged(fingerprint(rule.alert, sample.subject), rule, { sample, at });
  const shown = sample.value === null ? null : formatValue(sample.value, rule.condition.unit);
  return { ...sample, shown, decidedBy: clauseOf(rule, sample, standing) };
}

/** `shop/Deployment/checkout app`. */
export function subjectText({ namespace, kind, workload, container, pod }: Subject): string {
  return [`${namespace ?? ''}/${kind}/${workload}`, container, pod].filter((part) => part !== undefined).join(' ');
}

/** Every alert as it stood at a moment, after all that was judged up to it. */
export function alertsAt({ transitions }: Course, moment: number): readonly Alert[] {
  const alerts = new Map<string, Alert>();
  for (const { alert, to, at } of transitions) {
    if (at > moment) continue;
    if (to === 'gone') alerts.delete(alert.id);
    else alerts.set(alert.id, alert);
  }
  return [...alerts.values()];
}
