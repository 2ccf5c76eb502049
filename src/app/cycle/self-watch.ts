import { MINUTE } from '../../base/duration.ts';
import { formatProblem, type Problem } from '../../base/errors.ts';
import { refusingReceivers } from '../../core/alerts/refusals.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { SelfReport } from '../../core/model/self-report.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { ClockSteps } from '../clock-steps.ts';
import { suspensions } from '../patterns/suspended-rules.ts';
import type { EngineParts } from './engine-parts.ts';

/** Of each kind so much is kept with a cycle. */
const MOST_LISTED = 5;
/** A node's clock that is less ahead is as good as right (interface.md section 4.1 point 2). */
const SMALLEST_SKEW = 2 * MINUTE;

type Parts = Pick<EngineParts, 'alerts' | 'clock' | 'schedule' | 'store' | 'storeLimit' | 'problems' | 'patternWorker'>;

/** Looks at Tocsin itself at every scheduled cycle, for the rules on `collector`. */
export class SelfWatch {
  readonly #parts: Parts;
  readonly #steps: ClockSteps;
  #dropped = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#steps = new ClockSteps(parts.clock.machine);
  }

  /** Cycles were deleted before their time. */
  dropped(cycles: number): void {
    this.#dropped += cycles;
  }

  report({ cursors, finishedAt }: Pick<Cycle, 'cursors' | 'finishedAt'>, rules: readonly Rule[]): SelfReport {
    const { alerts, clock, schedule, store, storeLimit, problems, patternWorker } = this.#parts;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return {
      period: schedule.period,
      broken: texts(problems().filter(({ severity }) => severity === 'error')),
      storeBytes: store.size(),
      storeLimit,
      dropped,
      refusing: refusingReceivers(alerts.read()),
      suspended: suspensions(rules, patternWorker.suspended)
        .slice(0, MOST_LISTED)
        .map(({ message }) => message),
      clockStep: this.#steps.look(),
      ownAhead: clock.ahead,
      ahead: nodesAhead(cursors, finishedAt),
    };
  }
}

function texts(problems: readonly Problem[]): readonly string[] {
  return problems.slice(0, MOST_LISTED).map(formatProblem);
}

/** Nodes on which a container has written a line with a time of the future; those that are behind look merely quiet. */
function nodesAhead(cursors: Cycle['cursors'], now: number): SelfReport['ahead'] {
  const ahead = new Map<string, number>();
  for (const { ref, lastAt } of cursors) {
    const by = (lastAt ?? 0) - now;
    if (by >= SMALLEST_SKEW) ahead.set(ref.node, Math.max(by, ahead.get(ref.node) ?? 0));
  }
  return [...ahead]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_LISTED)
    .map(([node, by]) => ({ node, by }));
}
