import { formatProblem, type Problem } from '../base/errors.ts';
import { type Logger, redacting } from '../base/logger.ts';
import { Metrics } from '../base/metrics.ts';
import type { Settings } from '../config/settings/settings.ts';
import { createRedactor } from '../core/analyze/redact.ts';
import type { Rule } from '../core/rules/rule.ts';
import { Followers } from '../kubernetes/hot/followers.ts';
import type { Session } from '../kubernetes/session/session.ts';
import type { Outbox } from '../notify/outbox.ts';
import { Prober } from '../probe/prober.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { AlertState } from './alerts/alert-state.ts';
import { openOutbox } from './alerts/outbox.ts';
import { policyOf } from './alerts/policy.ts';
import { HotReads } from './between/hot-reads.ts';
import { openWatches, type Watches } from './between/watches.ts';
import { ClusterClock } from './cluster-clock.ts';
import { openClusterSession } from './cluster-session.ts';
import { Engine } from './cycle/engine.ts';
import { TargetedCycles } from './cycle/targeted-cycles.ts';
import { HealthRecord } from './health.ts';
import { Outage } from './outage.ts';
import { PatternWorker } from './patterns/pattern-worker.ts';
import { shownPattern, suspendedRules, suspensions } from './patterns/suspended-rules.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { compileSchedule, type Schedule } from './schedule.ts';

/** How long a start waits for another process to let go of the store (design.md decision 2). */
const LOCK_WAIT_MS = 20_000;

/** Everything that the main job runs on, opened; close it with `await using`. */
export interface Runtime extends AsyncDisposable {
  readonly settings: Settings;
  readonly version: string;
  readonly startedAt: number;
  readonly clock: ClusterClock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly session: Pick<Session, 'api'>;
  readonly schedule: Schedule;
  readonly store: Store;
  readonly alerts: AlertState;
  readonly engine: Engine;
  /** Where reads between the scheduled cycles are asked for. */
  readonly targeted: TargetedCycles;
  /** Follow the changes of the cluster; `null` when the settings do not want that. */
  readonly watches: Watches | null;
  readonly hotReads: HotReads;
  readonly outbox: Outbox;
  readonly patternWorker: PatternWorker;
  /** Tests the patterns of searches, so that they suspend none of the rules'. */
  readonly searchWorker: PatternWorker;
  readonly prober: Prober | null;
  readonly health: HealthRecord;
  readonly outage: Outage;
  readonly newId: () => string;
  /** Takes secrets out of a text, as the settings want it. */
  readonly redact: (text: string) => string;
  problems(): readonly Problem[];
  /** The rules that are suspended, each with the reason. */
  suspensions(): readonly Problem[];
  /** Tells what a changed file has wrong; an empty list says that all is well again. */
  setProblems(problems: readonly Problem[]): void;
}

/** Opens store, state and window. Rejects with `StoreError` or `ConfigError`; the API server is not asked before the first cycle. */
export async function openRuntime(given: RuntimeOptions): Promise<Runtime> {
  const { settings } = given;
  const clock = new ClusterClock(given.clock);
  const { redactText: redact } = createRedactor(settings.logs.redact);
  const logger = redacting(given.logger, redact);
  const options = { ...given, clock, redact, logger };
  const metrics = new Metrics();
  const schedule = compileSchedule(settings.schedule, settings.timezone, clock.now());
  // Who we are is read first: without any cluster configured, nothing else makes sense.
  const session = await openClusterSession({ ...options, onServerTime: (at) => clock.heard(at) }, metrics);
  try {
    const store = await openStore(settings.store.kind, {
      ...settings.store,
      access: 'write',
      wait: LOCK_WAIT_MS,
      command: options.command,
      now: () => clock.now(),
      logger,
    });
    try {
      return await assemble({ options, metrics, schedule, session, store });
    } catch (error) {
      await store[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

interface Opened extends Pick<Runtime, 'metrics' | 'schedule' | 'store'> {
  readonly options: RuntimeOptions & Pick<Runtime, 'clock' | 'redact'>;
  readonly session: Session;
}

async function assemble({ options, session, ...opened }: Opened): Promise<Runtime> {
  const { settings, version, clock, logger } = options;
  const { store } = opened;
  const policy = policyOf(settings);
  const alerts = await AlertState.load(store, { receivers: policy.receivers, now: clock.now(), newId: options.newId });
  const patternWorker = new PatternWorker({
    onSuspend: (source, reason) => tellSuspension(engine.rules, { source, reason }, { ...opened, logger }),
  });
  const searchWorker = new PatternWorker({
    onSuspend: (source, reason) => logger.info('a search was ended', { source, reason }),
  });
  let problems = options.problems;
  const followers = new Followers({ ...opened, api: session.api, clock, logger, maxLine: settings.logs.maxLine });
  const prober = settings.probes.length === 0 ? null : new Prober({ probes: settings.probes, clock, random: options.random });
  const engine = await Engine.open({
    ...opened,
    patternWorker,
    prober,
    ...options,
    problems: () => problems,
    storeLimit: settings.store.maxSize,
    session,
    followers,
    alerts,
    policy,
    collect: { ...settings.namespaces, ...settings.logs },
    window: settings.store.window,
    cluster: settings.cluster.name ?? session.clusterName,
  });
  const outbox = openOutbox({ ...options, ...opened, alerts, engine });
  const targeted = new TargetedCycles({ engine, clock, logger, onJudged: () => outbox.wake() });
  const hotReads = new HotReads({ engine, followers, targeted, clock });
  return {
    ...opened,
    session,
    alerts,
    engine,
    patternWorker,
    searchWorker,
    targeted,
    watches: settings.watch ? openWatches({ ...options, ...opened, session, engine, alerts, targeted, hotReads }) : null,
    hotReads,
    outbox,
    prober,
    settings,
    version,
    startedAt: clock.now(),
    clock,
    logger,
    newId: options.newId,
    redact: options.redact,
    health: new HealthRecord(clock.machine, opened.schedule.period),
    outage: new Outage(clock),
    problems: () => problems,
    suspensions: () => suspensions(engine.rules, patternWorker.suspended),
    setProblems(changed) {
      tellProblems(changed, problems, logger);
      problems = changed;
    },
    async [Symbol.asyncDispose]() {
      await patternWorker[Symbol.asyncDispose]();
      await searchWorker[Symbol.asyncDispose]();
      await followers[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await session[Symbol.asyncDispose]();
    },
  };
}

function tellProblems(changed: readonly Problem[], before: readonly Problem[], logger: Logger): void {
  const errors = changed.filter(({ severity }) => severity === 'error');
  for (const problem of errors)
    logger.error('a changed file is not taken over; the last good one stays in force', { problem: formatProblem(problem) });
  if (errors.length === 0 && before.some(({ severity }) => severity === 'error')) logger.info('the changed files are good again');
}

function tellSuspension(
  rules: readonly Rule[],
  { source, reason }: { readonly source: string; readonly reason: string },
  { logger, metrics }: Pick<Runtime, 'logger' | 'metrics'>,
): void {
  const alerts = suspendedRules(rules, new Map([[source, reason]])).map(({ alert }) => alert);
  logger.warn('rules are suspended: nothing is known of what they count until the rules change', {
    alerts,
    pattern: shownPattern(source),
    reason,
  });
  metrics.count('tocsin_patterns_suspended_total', 'Patterns of rules that took too long', {});
}
