import type { Problem } from '../../base/errors.ts';
import type { Glob } from '../../base/glob.ts';
import type { Logger } from '../../base/logger.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Redaction } from '../../core/analyze/redact.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { NotificationPolicy } from '../../core/model/notification.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Followers } from '../../kubernetes/hot/followers.ts';
import type { Session } from '../../kubernetes/session/session.ts';
import type { Prober } from '../../probe/prober.ts';
import type { Store } from '../../store/store.ts';
import type { AlertState } from '../alerts/alert-state.ts';
import type { ClusterClock } from '../cluster-clock.ts';
import type { PatternWorker } from '../patterns/pattern-worker.ts';
import type { Schedule } from '../schedule.ts';

/** What the engine works with; opened by the runtime. */
export interface EngineParts {
  readonly store: Store;
  readonly alerts: AlertState;
  readonly session: Session;
  /** The logs that are followed; left out where none is. */
  readonly followers?: Followers;
  readonly newId: () => string;
  readonly schedule: Schedule;
  readonly rules: readonly Rule[];
  readonly policy: NotificationPolicy;
  readonly collect: CollectSettings;
  /** Where users' patterns are tested that would hold up the main loop. */
  readonly patternWorker: PatternWorker;
  /** Bytes that the store may take. */
  readonly storeLimit: number;
  /** What changed files have wrong. */
  readonly problems: () => readonly Problem[];
  /** Synthetic checks between cycles; `null` when none is set up. */
  readonly prober: Prober | null;
  /** Milliseconds that the window holds. */
  readonly window: number;
  readonly cluster: string;
  readonly clock: ClusterClock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** One moment for which a cycle is wanted. */
export interface Tick {
  readonly trigger: Cycle['trigger'];
  readonly at: number;
  /** Scheduled ticks that passed without a cycle. */
  readonly missed: number;
}

/** What is collected, as the settings say. */
export interface CollectSettings {
  readonly include: readonly Glob[];
  readonly exclude: readonly Glob[];
  readonly lookback: number;
  readonly maxLine: number;
  readonly maxPerContainer: number;
  readonly redact: readonly Redaction[];
}

export interface CycleProgress {
  readonly startedAt: number;
  readonly done: number;
  readonly total: number;
  readonly lines: number;
}
