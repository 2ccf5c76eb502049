import { MINUTE } from '../../../base/duration.ts';
import type { Alert, Fingerprint } from '../../model/alert.ts';
import type { CycleSummary } from '../../model/cycle.ts';
import type { LateMinutes, StateSample, Window } from '../../model/window/window.ts';
import type { ContainerGroup, WorkloadGroup } from '../evaluation/subjects.ts';
import { groupsOf } from './groups.ts';
import type { Look } from './look.ts';
import { floorMinute, type Moment } from './moments.ts';
import type { Evaluation, RuleJudge } from './rule-judge.ts';

interface LateRound {
  readonly window: Window;
  /** The cycle that read the lines. */
  readonly cycle: Pick<CycleSummary, 'id'>;
  /** The state that it saw. */
  readonly collected: StateSample;
  readonly alerts: readonly Alert[];
  readonly told: ((evaluation: Evaluation) => void) | undefined;
}

/**
 * Judges what was passed over because it could not be read: minutes whose lines have come with this cycle. What began and ended in them is told
 * as such, as after downtime (interface.md section 4.1 point 13); a verdict that was given without those lines stands.
 */
export function* judgeLate(
  judges: readonly RuleJudge[],
  { window, cycle, collected, alerts, told }: LateRound,
): Generator<undefined, void> {
  const late = window.late(cycle.id);
  if (late.length === 0) return;
  const whose = Map.groupBy(late, containerOf);
  const [from, to] = [Math.min(...late.map((each) => each.from)), Math.max(...late.map((each) => each.to))];
  const moments = lateMoments(window, { from, to });
  const endedAt = new Map<Fingerprint, number>();
  for (const { fingerprint, resolvedAt } of alerts)
    if (resolvedAt !== null) endedAt.set(fingerprint, Math.max(endedAt.get(fingerprint) ?? 0, resolvedAt));
  const look = { window, state: collected, sample: collected, next: null, only: null };
  const chosen = judges
    .filter(({ rule }) => rule.condition.about === 'logs')
    .map((each) => {
      const all = narrowed(groupsOf(collected, each.rule.selection), (container) => whose.has(containerOf(container)));
      const first = { ...look, at: (from + 1) * MINUTE, selection: each.rule.selection, groups: all };
      const { mayComeTrue } = each.rule.condition;
      const isWorth = (container: ContainerGroup) =>
        told !== undefined || each.hasAlert(container.subject) || (mayComeTrue?.(container, first, to * MINUTE) ?? true);
      return { judge: each, groups: narrowed(all, isWorth) };
    })
    .filter(({ groups }) => groups.length > 0);
  for (const moment of moments) {
    const minute = moment.at / MINUTE - 1;
    const isLate = (container: ContainerGroup) =>
      whose.get(containerOf(container))?.some((each) => minute >= each.from && minute < each.to) === true;
    for (const { judge, groups } of chosen) {
      const now = narrowed(groups, isLate);
      if (now.length === 0) continue;
      const samples = judge.judgeLate({ ...look, moment, groups: now, until: moment.at } satisfies Look, endedAt);
      told?.({ alert: judge.rule.alert, at: moment.at, samples, error: null });
      yield;
    }
  }
}

/** The ends of the minutes, closed where the cycles stood that could not read them. */
function lateMoments(window: Window, span: Pick<LateMinutes, 'from' | 'to'>): readonly Moment[] {
  const ends = new Set(window.scheduled.map(({ startedAt }) => floorMinute(startedAt)));
  const moments: Moment[] = [];
  let from = span.from * MINUTE;
  for (let at = from + MINUTE; at <= span.to * MINUTE; at += MINUTE) {
    const closes = ends.has(at) ? { from, to: at } : null;
    if (closes !== null) from = at;
    moments.push({ at, isMinute: true, isSample: false, isCollection: false, isSetBack: false, isLast: false, closes });
  }
  return moments;
}

function narrowed(groups: readonly WorkloadGroup[], takes: (container: ContainerGroup) => boolean): readonly WorkloadGroup[] {
  return groups.flatMap((group) => {
    const containers = group.containers.filter(takes);
    return containers.length === 0 ? [] : [{ ...group, containers }];
  });
}

function containerOf(each: ContainerGroup | LateMinutes): string {
  return `${each.key}/${'name' in each ? each.name : each.container}`;
}
