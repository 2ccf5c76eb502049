import { MINUTE } from '../../../base/duration.ts';
import { messageOf } from '../../../base/errors.ts';
import { advance, blind, end, type Step, settle } from '../../alerts/advance.ts';
import type { Alert, Fingerprint, Labels, Transition } from '../../model/alert.ts';
import type { Touched } from '../../model/window/touched.ts';
import type { StateSample, Window } from '../../model/window/window.ts';
import { workloadKey } from '../../model/workload.ts';
import type { Sample, Subject } from '../condition.ts';
import type { Rule } from '../rule.ts';
import { isAboutObjects, newsFor } from './about-objects.ts';
import { alertLabels, summaryOf } from './alert-text.ts';
import { EndedLives } from './ended-lives.ts';
import type { Look } from './look.ts';
import { markOf } from './mark-of.ts';
import { whyMended } from './mended.ts';
import type { Moment } from './moments.ts';
import { WatchedContainers } from './watched.ts';
import { wasListed, whyGone } from './why-gone.ts';

/** The newest judgement of one rule. */
export interface Evaluation {
  /** The rule's `alert`. */
  readonly alert: string;
  readonly at: number;
  readonly samples: readonly Sample[];
  /** Why judging failed, if it did: its alerts stand as they were. */
  readonly error: string | null;
}

/** Pending and firing alerts of one rule; further subjects wait until some have ended. */
export const MOST_ALERTS_PER_RULE = 2_000;

export interface JudgeOptions {
  readonly cluster: string;
  /** The first start: what turns false is history, and its alert leaves no trace. */
  readonly isFirst: boolean;
  /** How long what was told is not told again; left out: the conditions' own default. */
  readonly repeatInterval?: number | undefined;
  /** Samples that can neither begin nor end an alert are left out of evaluations, where that saves something. */
  readonly isForAlertsOnly: boolean;
  readonly tell: (transition: Transition) => void;
}

/** Judges one rule moment by moment, and keeps its alerts while doing so. */
export class RuleJudge {
  readonly rule: Rule;
  readonly #options: JudgeOptions;
  readonly #live = new Map<Fingerprint, Alert>();
  readonly #ended: Alert[] = [];
  readonly #lives: EndedLives;
  readonly #labels = new Map<Fingerprint, Labels>();
  readonly #watched: WatchedContainers;
  #evaluation: Evaluation | null = null;
  #judgedSample: StateSample | null = null;
  #nextVerdicts: { readonly sample: StateSample; readonly of: ReadonlyMap<Fingerprint, Sample['verdict']> } | null = null;

  /** `alerts`: the rule's own, live and ended. */
  constructor(rule: Rule, alerts: readonly Alert[], options: JudgeOptions) {
    this.rule = rule;
    this.#options = options;
    this.#watched = new WatchedContainers(rule.condition, { untilLast: options.isForAlertsOnly });
    this.#lives = new EndedLives(rule.recursWithin);
    for (const alert of alerts) {
      if (alert.state === 'resolved') this.#lives.add(alert);
      else this.#live.set(alert.fingerprint, alert);
    }
  }

  /** Pending and firing alerts, and those that resolved since the start. */
  get alerts(): readonly Alert[] {
    return [...this.#ended, ...this.#live.values()];
  }

  get evaluation(): Evaluation | null {
    return this.#evaluation;
  }

  judge(look: Look): void {
    const { moment } = look;
    const { condition } = this.rule;
    if (this.#evaluation?.error != null || (condition.judged === 'minute' && !moment.isMinute)) return;
    try {
      if (look.only !== null) {
        this.#advanceSome(look, look.only);
        return;
      }
      const samples = this.#samples(look);
      this.#evaluation = { alert: this.rule.alert, at: moment.at, samples, error: null };
      this.#advanceAll(samples, look);
      this.#settleAll(look);
    } catch (error) {
      this.#evaluation = { alert: this.rule.alert, at: moment.at, samples: [], error: messageOf(error) };
    }
  }

  /**
   * Judges containers at a minute that has been passed over, since their lines were not there: what was judged true or false then stays so.
   * `endedAt`: when the last alert of each fingerprint was resolved.
   */
  judgeLate(look: Look, endedAt: ReadonlyMap<Fingerprint, number>): readonly Sample[] {
    const { at, closes } = look.moment;
    if (this.#evaluation?.error != null) return [];
    try {
      const samples = this.#evaluate(at, look);
      for (const sample of samples) {
        const mark = markOf(this.rule.alert, sample.subject);
        if ((endedAt.get(mark) ?? 0) >= at) continue;
        this.#advance(sample, look);
        const alert = this.#live.get(mark);
        if (alert !== undefined && closes !== null) this.#settleLog(mark, alert, look, closes);
      }
      return samples;
    } catch (error) {
      this.#evaluation = { alert: this.rule.alert, at, samples: [], error: messageOf(error) };
      return [];
    }
  }

  hasAlert(subject: Subject): boolean {
    return this.#live.has(markOf(this.rule.alert, subject));
  }

  #samples({ moment, window, sample, state, until, groups: all }: Look): readonly Sample[] {
    if (this.#evaluation !== null && state === this.#judgedSample && this.#isSteady(this.#evaluation.at, moment.at, window))
      return this.#evaluation.samples;
    this.#judgedSample = state;
    const { at } = moment;
    const hasAlert = (subject: Subject) => this.#live.size > 0 && this.#live.has(markOf(this.rule.alert, subject));
    const view = { at, window, sample, groups: all, selection: this.rule.selection };
    const groups = this.#watched.at(view, { state, until, hasAlert });
    const samples = this.#evaluate(at, { window, sample, groups });
    if (!this.#options.isForAlertsOnly) return samples;
    return samples.filter(({ verdict, subject }) => verdict === 'true' || hasAlert(subject));
  }

  /** Whether the same state still says the same. */
  #isSteady(from: number, to: number, window: Window): boolean {
    const { steady } = this.rule.condition;
    if (steady === undefined || steady === true) return steady === true;
    const [{ records, within, fades }, earlier, later] = [steady, Math.min(from, to), Math.max(from, to)];
    if (fades === true) return !window.happened(records, earlier - within, later);
    return !window.happened(records, earlier, later) && !window.happened(records, earlier - within, later - within);
  }

  /** A look at a few workloads: what is true is told, what is false is noted, and no absence means anything. */
  #advanceSome({ moment, window, sample, groups, ...look }: Look, touched: Touched): void {
    const { condition } = this.rule;
    const only = newsFor(condition, touched);
    if (only.size === 0) return;
    for (const each of this.#evaluate(moment.at, { window, sample, groups })) {
      const { namespace = '', kind, workload } = each.subject;
      if (only.has(workloadKey({ namespace, kind, name: workload })))
        this.#advance(each, { moment, window, sample, groups, ...look });
    }
  }

  /** The fingerprint of the sample's live alert, or of the one that it began; `null` when it has none. */
  #advance(sample: Sample, look: Look): Fingerprint | null {
    // Nearly every sample is false and has no alert.
    if (sample.verdict !== 'true' && this.#live.size === 0) return null;
    const mark = markOf(this.rule.alert, sample.subject);
    const alert = this.#live.get(mark) ?? null;
    if (alert === null && (sample.verdict !== 'true' || this.#live.size >= MOST_ALERTS_PER_RULE)) return null;
    if (alert !== null && isJudgedSince(alert, look)) return mark;
    const mended = whyMended(this.rule.condition, sample, { alert, at: look.moment.at, state: look.state, window: look.window });
    if (mended !== null) {
      if (alert !== null) this.#take(mark, end(alert, look.moment.at, mended));
      return mark;
    }
    this.#take(mark, advance(alert, this.#judgement(mark, sample, look)));
    return mark;
  }

  #advanceAll(samples: readonly Sample[], look: Look): void {
    if (samples.length === 0 && this.#live.size === 0) return;
    const seen = new Set<Fingerprint>();
    for (const sample of samples) {
      const mark = this.#advance(sample, look);
      if (mark !== null) seen.add(mark);
    }
    if (seen.size < this.#live.size) {
      for (const [mark, alert] of this.#live) if (!seen.has(mark) && !isJudgedSince(alert, look)) this.#miss(mark, alert, look);
    }
  }

  /** A live alert whose subject has no sample: gone, or not seen. */
  #miss(mark: Fingerprint, alert: Alert, look: Look): void {
    const reason = this.#whyGone(alert, look);
    if (reason === null) this.#live.set(mark, blind(alert));
    else this.#take(mark, end(alert, look.moment.at, reason));
  }

  #whyGone({ labels }: Alert, { state, moment: { isLast }, window }: Look): string | null {
    return whyGone(this.rule.condition, labels, { state, window, isLast });
  }

  #settleAll(look: Look): void {
    const { moment, sample } = look;
    if (this.#live.size === 0) return;
    if (this.#options.isFirst) {
      for (const [mark, alert] of this.#live) if (alert.falseSince !== null) this.#live.delete(mark);
      return;
    }
    const { about, judged } = this.rule.condition;
    if (about !== 'logs') {
      const isFirstUse = judged === 'minute' ? sample !== null && moment.at - sample.listedAt < MINUTE : moment.isCollection;
      if (!isFirstUse) return;
      for (const [mark, alert] of this.#live) if (alert.falseSince !== null) this.#settle(mark, alert, moment.at);
      return;
    }
    const { closes } = moment;
    if (closes === null) return;
    for (const [mark, alert] of this.#live) this.#settleLog(mark, alert, look, closes);
  }

  /** An alert on logs that was false at every minute of a collection, none of them with a loss. */
  #settleLog(mark: Fingerprint, alert: Alert, { window, moment }: Look, closes: NonNullable<Moment['closes']>): void {
    if (alert.falseSince === null || alert.falseSince > closes.from + MINUTE) return;
    const { namespace = '', kind = '', workload = '', container } = alert.labels;
    const gaps = window.gaps(`${namespace}/${kind}/${workload}`, closes.from, closes.to);
    if (!gaps.some((gap) => gap.container === container)) this.#settle(mark, alert, moment.at);
  }

  #settle(mark: Fingerprint, alert: Alert, at: number): void {
    this.#take(mark, settle(alert, at, this.rule));
  }

  #take(mark: Fingerprint, { alert, transition }: Step): void {
    if (alert === null) this.#live.delete(mark);
    else if (alert.state === 'resolved') {
      this.#live.delete(mark);
      this.#ended.push(alert);
      this.#lives.add(alert);
    } else this.#live.set(mark, alert);
    if (transition !== null) this.#options.tell(transition);
  }

  /** Whether a state that is judged by an old look had ended by the next one: nobody knows that it lasted. */
  #isOver(mark: Fingerprint, look: Look): boolean {
    const { next } = look;
    const alert = this.#live.get(mark);
    if (next === null || alert?.state !== 'pending' || this.rule.condition.judged !== 'state') return false;
    if (this.#nextVerdicts?.sample !== next.sample) {
      const samples = this.#evaluate(next.sample.at, { ...look, ...next });
      this.#nextVerdicts = {
        sample: next.sample,
        of: new Map(samples.map((each) => [markOf(this.rule.alert, each.subject), each.verdict])),
      };
    }
    const verdict = this.#nextVerdicts.of.get(mark);
    return verdict === undefined ? this.#whyGone(alert, { ...look, state: next.sample }) !== null : verdict === 'false';
  }

  #judgement(mark: Fingerprint, sample: Sample, look: Look): Parameters<typeof advance>[1] {
    const { moment, state } = look;
    const { rule } = this;
    const { threshold, unit, worst } = rule.condition;
    const { namespace } = sample.subject;
    // Part of a list that broke off may show a failure, but no health.
    const listsPods = !isAboutObjects(rule.condition) && namespace !== undefined;
    const isPartial = listsPods && sample.verdict === 'false' && (state === null || !wasListed(state, namespace));
    return {
      at: moment.at,
      verdict: isPartial ? 'unknown' : sample.verdict,
      value: sample.value,
      facts: sample.facts,
      since: sample.since,
      isSure: sample.isSure,
      newsAt: sample.newsAt,
      lastAt: sample.lastAt,
      recurs: this.#lives.recurs(mark, moment.at),
      isOver: this.#isOver(mark, look),
      fingerprint: mark,
      alert: rule.alert,
      labels: this.#labelsOf(mark, sample.subject),
      severity: rule.severity,
      threshold,
      unit,
      worst: worst ?? 'highest',
      holds: rule,
      summarize: (alert) => summaryOf(rule, alert, sample),
    };
  }

  #labelsOf(mark: Fingerprint, subject: Subject): Labels {
    const labels = this.#labels.get(mark) ?? alertLabels(this.rule, subject, this.#options.cluster);
    this.#labels.set(mark, labels);
    return labels;
  }

  #evaluate(at: number, { window, sample, groups }: Pick<Look, 'window' | 'sample' | 'groups'>): readonly Sample[] {
    const { condition, selection } = this.rule;
    return condition.evaluate({ at, window, selection, sample, groups, repeatInterval: this.#options.repeatInterval });
  }
}

/** A targeted read has judged it by a newer state already: what was not there before that is not gone. */
function isJudgedSince({ judgedAt }: Alert, { moment }: Look): boolean {
  return judgedAt > moment.at && !moment.isSetBack;
}
