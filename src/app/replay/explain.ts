import { fingerprint } from '../../core/alerts/fingerprint.ts';
import type { AlertState } from '../../core/model/alert.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import { selects } from '../../core/model/selector.ts';
import { type WorkloadKey, workloadKey } from '../../core/model/workload.ts';
import type { Sample, Subject } from '../../core/rules/condition.ts';
import type { Evaluation } from '../../core/rules/judging/rule-judge.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { clauseOf, type Standing, Standings } from './deciding-clause.ts';
import { podWords } from './pod-words.ts';
import { Replay, type ReplayOptions } from './replay.ts';

/** One judgement of one subject, and what decided it. */
export interface ExplainedJudgement {
  readonly at: number;
  readonly verdict: Sample['verdict'];
  readonly value: number | null;
  /** The alert after it. */
  readonly state: AlertState | 'inactive';
  readonly clause: string;
}

export interface ExplainedSubject {
  readonly subject: Subject;
  /** Oldest first. */
  readonly judgements: readonly ExplainedJudgement[];
}

export interface Explanation {
  readonly subjects: readonly ExplainedSubject[];
  /** What the collections saw of the workloads' containers, where it changed, in the words of rule tests. Oldest first, the newest {@link MOST_STATES}. */
  readonly states: readonly { readonly at: number; readonly text: string }[];
  /** Workloads that were asked for and that the rule does not take, as `NAMESPACE/KIND/NAME`. */
  readonly unselected: readonly string[];
  /** Workloads that were asked for and are known, and of which the rule has nothing to judge. */
  readonly unjudged: readonly string[];
}

/** States that are kept; of 5,000 pods nobody reads more. */
const MOST_STATES = 200;

interface ExplainInput extends Omit<ReplayOptions, 'rules' | 'onEvaluation'> {
  readonly rule: Rule;
  readonly cycles: AsyncIterable<Cycle>;
  /** Judgements from this moment on. */
  readonly since: number;
  readonly takes: (subject: Pick<Subject, 'namespace' | 'kind' | 'workload'>) => boolean;
}

/** Judges the stored cycles again by one rule, and says of every judgement what decided it. */
export async function explain({ rule, cycles, since, takes, ...options }: ExplainInput): Promise<Explanation> {
  const found = new Map<string, { readonly subject: Subject; readonly judgements: ExplainedJudgement[] }>();
  const standings = new Standings();
  const seen = new StateChanges();
  let pending: Evaluation[] = [];
  const replay = new Replay({ ...options, rules: [rule], onEvaluation: (evaluation) => pending.push(evaluation) });
  for await (const cycle of cycles) {
    pending = [];
    standings.add(replay.add(cycle));
    seen.add(cycle, takes);
    for (const { at, samples, error } of pending) {
      standings.moveTo(at);
      if (error !== null) continue;
      for (const sample of samples) {
        if (!takes(sample.subject)) continue;
        const mark = fingerprint(rule.alert, sample.subject);
        const standing = standings.judged(mark, rule, { sample, at });
        if (at < since) continue;
        const entry = found.get(mark) ?? { subject: sample.subject, judgements: [] };
        found.set(mark, entry);
        put(entry.judgements, explained(rule, sample, standing));
      }
    }
  }
  const subjects = [...found.values()];
  const asked = askedOf(replay, takes);
  const unselected = unselectedOf(replay, rule, asked);
  const judged = new Set(subjects.map(({ subject: { namespace, kind, workload } }) => `${namespace}/${kind}/${workload}`));
  const unjudged = asked.filter((key) => !judged.has(key) && !unselected.includes(key));
  return { subjects, states: seen.since(since), unselected, unjudged };
}

/** In the order of time; what is judged of a minute whose lines came late stands for what could not be judged then. */
function put(judgements: ExplainedJudgement[], judged: ExplainedJudgement): void {
  const index = judgements.findLastIndex(({ at }) => at <= judged.at);
  const before = judgements[index];
  if (before?.at === judged.at && before.verdict === 'unknown') judgements[index] = judged;
  else if (before?.at !== judged.at) judgements.splice(index + 1, 0, judged);
}

/** Keeps what the words for a container were, where they changed. */
class StateChanges {
  readonly #words = new Map<string, string>();
  #changes: { at: number; text: string }[] = [];

  add({ at, states }: Cycle, takes: ExplainInput['takes']): void {
    for (const pod of states) {
      const { namespace, kind, name } = pod.workload;
      if (!takes({ namespace, kind, workload: name })) continue;
      for (const [index, text] of podWords(pod).entries()) {
        const key = `${pod.uid}/${index}`;
        if (this.#words.get(key) === text) continue;
        this.#words.set(key, text);
        this.#changes.push({ at, text });
      }
    }
    if (this.#changes.length > 2 * MOST_STATES) this.#changes = this.#changes.slice(-MOST_STATES);
  }

  since(from: number): Explanation['states'] {
    return this.#changes.filter(({ at }) => at >= from).slice(-MOST_STATES);
  }
}

function explained(rule: Rule, sample: Sample, standing: Standing): ExplainedJudgement {
  const { verdict, value } = sample;
  const { at, alert } = standing;
  return { at, verdict, value, state: alert?.state ?? 'inactive', clause: clauseOf(rule, sample, standing) };
}

/** The known workloads that are asked for. */
function askedOf({ window }: Replay, takes: ExplainInput['takes']): readonly WorkloadKey[] {
  return window
    .workloads()
    .filter(({ workload: { namespace, kind, name } }) => takes({ namespace, kind, workload: name }))
    .map(({ workload }) => workloadKey(workload));
}

function unselectedOf({ window }: Replay, rule: Rule, asked: readonly WorkloadKey[]): readonly WorkloadKey[] {
  return asked.flatMap((key) => {
    const pods = window.newest?.byWorkload.get(key) ?? [];
    const isTaken = pods.some((pod) => pod.containers.some((container) => selects(rule.selection, pod, container)));
    return pods.length > 0 && !isTaken ? [key] : [];
  });
}
