import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Metrics } from '../../base/metrics.ts';
import { inSlices } from '../../base/slices.ts';
import { gatherEvidence } from '../../core/alerts/evidence/gather-evidence.ts';
import { lineMatcher } from '../../core/analyze/matching/line-matcher.ts';
import type { Alert, Transition } from '../../core/model/alert.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { Touched } from '../../core/model/window/touched.ts';
import { judgeInSteps } from '../../core/rules/judging/judge.ts';
import type { Store } from '../../store/store.ts';
import type { RuleEvaluation } from '../../web/view.ts';
import type { AlertState } from '../alerts/alert-state.ts';
import { type Owing, owe, saveAlerts } from '../alerts/owe.ts';
import type { LastWords } from './last-words.ts';

/** All evidence of one cycle together: what is not found by then goes without log lines, and the messages leave. */
const EVIDENCE_MS = 10_000;

interface JudgeCycle extends Owing {
  readonly cycle: Pick<Cycle, 'id'>;
  /** Of a targeted cycle: what to judge. */
  readonly only?: Touched;
  readonly now: number;
  readonly alerts: AlertState;
  readonly store: Store;
  readonly lastWords: LastWords;
  readonly cluster: string;
  /** How far back logs were read at the first start. */
  readonly lookback: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Judges a committed cycle, keeps the evidence of what fires, and commits alerts and owed messages together. */
export async function judgeCycle(input: JudgeCycle): Promise<readonly RuleEvaluation[]> {
  const { cycle, window, rules, alerts, cluster, logger, metrics } = input;
  const before = alerts.read();
  const steps = judgeInSteps({
    rules,
    window,
    cycle,
    cluster,
    lookback: input.lookback,
    repeatInterval: input.policy.repeatInterval,
    alerts: before.alerts,
    judgedTo: before.judgedTo,
    judgedCycle: before.judgedCycle,
    ...(input.only === undefined ? {} : { only: input.only }),
  });
  const verdict = await inSlices(steps);
  const gathering = { deadline: AbortSignal.timeout(EVIDENCE_MS), matches: lineMatcher(), alerts: verdict.alerts };
  for (const transition of verdict.transitions) {
    tell(transition, logger);
    if (transition.to === 'firing') await keepEvidence(transition.alert, input, gathering);
  }
  await saveAlerts(input, (document) =>
    owe(input, {
      document: { ...document, alerts: verdict.alerts, judgedTo: verdict.judgedTo, judgedCycle: verdict.judgedCycle },
      transitions: verdict.transitions,
      now: input.now,
    }),
  );
  for (const state of ['pending', 'firing'] as const) {
    metrics.set('tocsin_alerts', 'Alerts by state', { state }, verdict.alerts.filter((alert) => alert.state === state).length);
  }
  for (const { alert, error } of verdict.evaluations) {
    metrics.count('tocsin_rule_evaluation_errors_total', 'Judgements that failed', { alert }, error === null ? 0 : 1);
    if (error !== null) logger.once(`rule ${alert}`, 'rule could not be judged', { alert, error });
  }
  return verdict.evaluations;
}

function tell({ alert, from, to }: Transition, logger: Logger): void {
  const { namespace, workload, container } = alert.labels;
  const fields = { alert: alert.alert, namespace, workload, container, from, summary: alert.summary };
  if (to === 'firing') logger.info('alert firing', fields);
  else if (to === 'resolved') logger.info('alert resolved', { ...fields, reason: alert.resolvedReason });
  else logger.debug('alert changed', { ...fields, to });
}

async function keepEvidence(
  alert: Alert,
  { store, window, rules, logger, now, lastWords }: JudgeCycle,
  {
    deadline,
    matches,
    alerts,
  }: {
    readonly deadline: AbortSignal;
    readonly matches: ReturnType<typeof lineMatcher>;
    readonly alerts: readonly Alert[];
  },
): Promise<void> {
  const rule = rules.find((each) => each.alert === alert.alert);
  if (rule === undefined) return;
  try {
    const evidence = await gatherEvidence({
      alert,
      condition: rule.condition,
      selection: rule.selection,
      window,
      lines: (query) => store.lines(query, deadline),
      lastWords: (containerID) => lastWords.of(containerID),
      matches,
      alerts,
      now,
    });
    await store.saveEvidence(alert.id, evidence);
  } catch (error) {
    // An alert without its evidence is worth more than none.
    logger.once('evidence', 'could not keep the evidence of an alert', { alert: alert.alert, error: messageOf(error) });
  }
}
