import { type Clock, everySoOften } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import { CollectError, messageOf } from '../../base/errors.ts';
import { keepNewest } from '../../base/keep-newest.ts';
import type { Metrics } from '../../base/metrics.ts';
import { firesAt } from '../../core/alerts/advance.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { withHistory } from '../../core/model/objects/object-history.ts';
import { isObjectKind } from '../../core/model/objects/object-reading.ts';
import { subjectOfObject } from '../../core/model/window/touched.ts';
import { workloadKey } from '../../core/model/workload.ts';
import { isAboutObjects } from '../../core/rules/judging/about-objects.ts';
import type { Session } from '../../kubernetes/session/session.ts';
import type { AlertState } from '../alerts/alert-state.ts';
import { nextCronTick } from '../cron-tick.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetBatch } from '../cycle/targeted-cycle.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { LaneLimit } from './lane-limit.ts';
import type { Rollouts } from './rollouts.ts';
import { type LookSubject, readSubject } from './subject-reader.ts';

/** How often it is looked for what is due. */
const EVERY = SECOND;
/** Moments of objects that are kept in mind, the earliest; the scheduled cycles see the rest. */
export const MOST_DUE = 1_000;
/** A look that does not come by then is left to the scheduled cycle. */
const LOOK_MS = 10 * SECOND;

interface DueLaneOptions {
  readonly engine: Pick<Engine, 'window' | 'lastAt' | 'rules'>;
  readonly alerts: Pick<AlertState, 'read'>;
  readonly targeted: Pick<TargetedCycles, 'add'>;
  readonly session: Pick<Session, 'api' | 'owners' | 'logger'>;
  readonly rollouts: Rollouts;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

interface Due extends LookSubject {
  /** What is due: an alert's life, or an object. */
  readonly id: string;
  readonly at: number;
}

/**
 * Judges anew what becomes true by time alone: an alert whose `for` has come to its end, a Job that is overdue, a missed schedule, a rollout that
 * stands still. What it is about is looked at first, so that the judgement is of that moment's state.
 */
export class DueLane {
  readonly #options: DueLaneOptions;
  /** What it does not let through waits its turn, at most until the next scheduled cycle. */
  readonly #limit: LaneLimit;
  /** Which moment of each has been looked at. */
  readonly #done = new Map<string, number>();
  /** By uid. */
  readonly #objects = new Map<string, Due>();
  #gathered: { readonly lastAt: number | null; readonly rules: Engine['rules'] } | null = null;

  constructor(options: DueLaneOptions) {
    this.#options = options;
    const help =
      'Subjects that were looked at when time had come for an alert: judged at once, or left to the next scheduled cycle';
    this.#limit = new LaneLimit(options, { name: 'tocsin_targeted_dues_total', help });
  }

  /** How many moments are kept in mind. */
  get size(): number {
    return this.#objects.size;
  }

  /** An object as the watch shows it. */
  takeObject(object: ClusterObject): void {
    this.#objects.delete(object.uid);
    const due = this.#dueOf(this.#withSchedule(object));
    if (due !== null && this.#objects.size < MOST_DUE) this.#objects.set(object.uid, due);
  }

  run(signal: AbortSignal): Promise<void> {
    return everySoOften({ clock: this.#options.clock, ms: EVERY, signal }, () => this.tick(signal));
  }

  /** Looks at what is due now, and asks for a judgement of it. */
  async tick(signal: AbortSignal): Promise<void> {
    const { engine, clock, targeted } = this.#options;
    if (engine.lastAt === null) return;
    this.#gather();
    const now = clock.now();
    const due = [...this.#pending(), ...this.#objects.values()].filter(({ id, at }) => at <= now && this.#done.get(id) !== at);
    const bySubject = Map.groupBy(due, ({ workload, about }) => `${about} ${workloadKey(workload)}`);
    const looks: Promise<TargetBatch | null>[] = [];
    for (const [first, ...others] of bySubject.values()) {
      if (first === undefined || !this.#limit.tryTake()) break;
      for (const { id, at } of [first, ...others]) keepNewest(this.#done, 2 * MOST_DUE, [id, at]);
      looks.push(this.#look(first, AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)])));
    }
    for (const batch of await Promise.all(looks)) this.#limit.count(batch !== null && targeted.add(batch));
  }

  /** Alerts whose `for` goes on. */
  #pending(): readonly Due[] {
    const { engine, alerts } = this.#options;
    const rules = new Map(engine.rules.map((rule) => [rule.alert, rule]));
    return alerts.read().alerts.flatMap((alert): readonly Due[] => {
      const rule = alert.state === 'pending' ? rules.get(alert.alert) : undefined;
      const at = rule === undefined || rule.condition.judged !== 'state' ? null : firesAt(alert, rule);
      const { namespace = '', kind = '', workload: name = '' } = alert.labels;
      if (rule === undefined || at === null) return [];
      const about = isAboutObjects(rule.condition) ? 'objects' : 'pods';
      if (about === 'objects' && kind !== 'Node' && !isObjectKind(kind)) return [];
      return [{ id: alert.id, at, workload: { namespace, kind, name }, about }];
    });
  }

  /** After each scheduled cycle, and with other rules, what it knows of objects is gone through once. */
  #gather(): void {
    const { engine, rollouts } = this.#options;
    const { lastAt, rules, window } = engine;
    if (this.#gathered?.lastAt === lastAt && this.#gathered.rules === rules) return;
    this.#gathered = { lastAt, rules };
    const shown = [...this.#objects.values()].filter(({ id, at }) => window.object(id) === null && at > (lastAt ?? 0));
    const known = window.objects.map((object) => this.#dueOf(rollouts.of(object.uid) ?? object));
    const all = [...shown, ...known.filter((due) => due !== null)].toSorted((a, b) => a.at - b.at);
    this.#objects.clear();
    for (const due of all.slice(0, MOST_DUE)) this.#objects.set(due.id, due);
  }

  /** When it is due; what was by the last scheduled cycle, that has judged. */
  #dueOf(object: ClusterObject): Due | null {
    const { lastAt, rules } = this.#options.engine;
    const dues = rules.flatMap(({ condition }) => condition.dueAt?.(object) ?? []).filter((at) => at > (lastAt ?? 0));
    if (dues.length === 0) return null;
    return { id: object.uid, at: Math.min(...dues), workload: subjectOfObject(object), about: 'objects', object };
  }

  /** A CronJob with the moment at which it owes a Job. */
  #withSchedule(object: ClusterObject): ClusterObject {
    if (object.kind !== 'CronJob') return object;
    const { engine, clock } = this.#options;
    const known = engine.window.object(object.uid);
    const history = { before: known === null ? [] : [known], events: [], at: clock.now(), nextTick: nextCronTick };
    return withHistory({ items: [object], unread: {} }, history).items[0] ?? object;
  }

  /** `null` when nothing is to be judged: it is gone, as the next scheduled cycle sees, or could not be read. */
  async #look(due: Due, signal: AbortSignal): Promise<TargetBatch | null> {
    const { engine, session, redact, clock, rollouts } = this.#options;
    try {
      const batch = await readSubject(due, { engine, session, redact, signal, now: () => clock.now() });
      const objects = (batch.objects ?? []).map((object) => rollouts.take(object, clock.now()));
      const isNothing = batch.observed.length + objects.length + (batch.nodes ?? []).length === 0;
      return isNothing ? null : { ...batch, objects, isDue: true };
    } catch (error) {
      if (!(error instanceof CollectError)) throw error;
      session.logger.debug('what is due could not be looked at', {
        workload: workloadKey(due.workload),
        error: messageOf(error),
      });
      return null;
    }
  }
}
