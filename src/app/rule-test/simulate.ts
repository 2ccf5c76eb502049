import { HOUR, MINUTE } from '../../base/duration.ts';
import { spanOf } from '../../config/rule-tests/test-file.ts';
import type { RuleTest } from '../../config/rule-tests/test-type.ts';
import type { Alert, Transition } from '../../core/model/alert.ts';
import type { Sample } from '../../core/rules/condition.ts';
import type { Evaluation } from '../../core/rules/judging/rule-judge.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { Replay } from '../replay/replay.ts';
import { sceneOf } from './scene.ts';
import { SceneCollector } from './scene-collector.ts';

/** What the rules made of a scene. */
export interface Course {
  readonly transitions: readonly Transition[];
  /** Every judgement that a cycle ended with, by alert name. */
  readonly judgements: ReadonlyMap<string, readonly Judgement[]>;
}

export interface Judgement {
  readonly at: number;
  readonly samples: readonly Sample[];
  readonly error: string | null;
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
  let newest = new Map<string, Evaluation>();
  const replay = new Replay({
    rules: onlyAlertsOf ?? rules,
    period: test.every,
    span: 24 * HOUR,
    lookback: HOUR,
    cluster: 'test',
    ...(onlyAlertsOf === undefined ? { onEvaluation: (evaluation: Evaluation) => newest.set(evaluation.alert, evaluation) } : {}),
  });
  const transitions: Transition[] = [];
  const judgements = new Map<string, Judgement[]>();
  for (let at = start; at < to + test.every + MINUTE; at += test.every) {
    newest = new Map();
    transitions.push(...replay.add(await collector.scheduled(at, replay.window.objects)));
    for (const { alert, samples, error } of newest.values()) {
      const list = judgements.get(alert) ?? [];
      judgements.set(alert, list);
      list.push({ at, samples, error });
    }
  }
  return { transitions, judgements };
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
