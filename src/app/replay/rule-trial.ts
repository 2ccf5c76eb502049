import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SECOND } from '../../base/duration.ts';
import { formatProblem } from '../../base/errors.ts';
import { loadRules } from '../../config/rules/rule-file.ts';
import { placeOf, ruleText, withRule } from '../../config/rules/rule-source.ts';
import type { Settings } from '../../config/settings/settings.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { Window } from '../../core/model/window/window.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Store } from '../../store/store.ts';
import type { RuleTrial, RuleTrialPort } from '../../web/view.ts';
import { PatternWorker } from '../patterns/pattern-worker.ts';
import { CountedCycles } from './counted-cycles.ts';
import { Replay } from './replay.ts';

export interface RuleTrialParts {
  readonly settings: Pick<Settings, 'rules' | 'receivers'> & {
    readonly store: Pick<Settings['store'], 'window'>;
    readonly logs: Pick<Settings['logs'], 'lookback'>;
  };
  readonly engine: { readonly cluster: string; readonly window: Pick<Window, 'newest'> };
  readonly store: Pick<Store, 'cycles' | 'segments'>;
  readonly schedule: { readonly period: number };
}

/** A second window is built for a trial: with more pods it would be too much beside the daemon's own. */
export const MOST_PODS_TRIED = 2_000;
const MOST_PROBLEMS = 5;
const DEADLINE_MS = 20 * SECOND;
const ELSEWHERE = '`tocsin backtest --against FILE` has no such limit';

/** Tries edited rules on what is stored, one at a time; nothing is stored or told. */
export function ruleTrialPort(parts: RuleTrialParts): RuleTrialPort {
  let isBusy = false;
  return {
    source(rule) {
      const text = readFile(parts, rule);
      const place = text === null ? null : placeOf(text, rule.alert);
      return text === null || place === null ? null : ruleText(text, place);
    },
    async try(rule, text, signal) {
      if (isBusy) return refused('another rule is being tried; try again in a moment');
      isBusy = true;
      try {
        return await tryRule(parts, { rule, text }, AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]));
      } finally {
        isBusy = false;
      }
    },
  };
}

async function tryRule(
  parts: RuleTrialParts,
  { rule, text }: { readonly rule: Rule; readonly text: string },
  signal: AbortSignal,
): Promise<RuleTrial> {
  const pods = parts.engine.window.newest?.pods.length ?? 0;
  if (pods > MOST_PODS_TRIED)
    return refused(`a trial takes at most ${MOST_PODS_TRIED} pods beside the daemon, and there are ${pods}; ${ELSEWHERE}`);
  const edited = readEdited(parts, rule, text);
  if ('problems' in edited) return edited;
  try {
    return await judgeBoth(parts, { before: rule, after: edited.rule }, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return refused(`it took longer than ${DEADLINE_MS / SECOND} s; ${ELSEWHERE}`);
  }
}

function refused(...problems: readonly string[]): RuleTrial {
  return { problems, result: null };
}

function readFile({ settings }: RuleTrialParts, { file }: Rule): string | null {
  try {
    return readFileSync(join(settings.rules, basename(file)), 'utf8');
  } catch {
    // Removed or not to be read: the page then says that the rule cannot be tried.
    return null;
  }
}

/** The rule as edited, read with everything else that its file says. */
function readEdited(parts: RuleTrialParts, rule: Rule, edited: string): { readonly rule: Rule } | RuleTrial {
  const { settings } = parts;
  const text = readFile(parts, rule);
  const place = text === null ? null : placeOf(text, rule.alert);
  if (text === null || place === null) return refused(`${rule.file} has no such rule any more`);
  const name = basename(rule.file);
  const { rules, problems } = loadRules({
    folder: settings.rules,
    cwd: dirname(settings.rules),
    receivers: settings.receivers.map((receiver) => receiver.name),
    only: name,
    texts: new Map([[name, withRule(text, place, edited)]]),
  });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return refused(...errors.map(formatProblem));
  const end = place.from + edited.trimEnd().split('\n').length;
  const [own, another] = rules.filter(({ line }) => line > place.from && line <= end);
  return own === undefined || another !== undefined ? refused('expected exactly one rule') : { rule: own };
}

/** What both would have fired, the newest first: judged in one pass, under names of their own. */
async function judgeBoth(
  { settings, engine, store, schedule }: RuleTrialParts,
  { before, after }: { readonly before: Rule; readonly after: Rule },
  signal: AbortSignal,
): Promise<RuleTrial> {
  const rules = [
    { ...before, alert: 'before' },
    { ...after, alert: 'after' },
  ];
  const problems: string[] = [];
  await using runner = new PatternWorker({
    onSuspend: (source, reason) => problems.push(`pattern ${JSON.stringify(source)} ${reason}`),
  });
  const counting = {
    rules,
    runner,
    keep: 0,
    onCount: () => undefined,
    onDamage: (cycle: string, reason: string) => problems.push(`lines of cycle ${cycle} cannot be counted: ${reason}`),
  };
  const cycles = new CountedCycles(store, counting, signal);
  const replay = new Replay({
    rules,
    period: schedule.period,
    span: settings.store.window,
    lookback: settings.logs.lookback,
    cluster: engine.cluster,
  });
  const fired = new Map<string, Alert>();
  for await (const cycle of cycles.cycles()) {
    for (const { alert, to } of replay.add(cycle)) if (to === 'firing' || fired.has(alert.id)) fired.set(alert.id, alert);
  }
  for (const alert of replay.alerts) if (fired.has(alert.id)) fired.set(alert.id, alert);
  const newest = [...fired.values()].sort((a, b) => (b.firedAt ?? 0) - (a.firedAt ?? 0));
  const of = (name: string) => newest.filter(({ alert }) => alert === name);
  return { problems: problems.slice(0, MOST_PROBLEMS), result: { before: of('before'), after: of('after') } };
}
