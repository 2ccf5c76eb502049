import type { ExplainedJudgement, ExplainedSubject, Explanation } from '../../app/replay/explain.ts';
import { compileSchedule } from '../../app/schedule.ts';
import { HOUR, humanDuration } from '../../base/duration.ts';
import { compileGlob } from '../../base/glob.ts';
import { suggestion } from '../../base/schema/suggestion.ts';
import type { Settings } from '../../config/settings/settings.ts';
import { formatTime } from '../../core/alerts/facts.ts';
import { fingerprint } from '../../core/alerts/fingerprint.ts';
import { muter } from '../../core/alerts/suppress/mute.ts';
import { silencer } from '../../core/alerts/suppress/silence.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { Subject } from '../../core/rules/condition.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { suppressionJson } from '../../web/api/resources.ts';
import type { Command, CommandContext } from '../command.ts';
import { progressLine } from '../progress-line.ts';
import { configurationOf } from '../settings.ts';
import { openToRead } from '../stored.ts';
import { renderTable } from '../table.ts';
import { timeOption } from '../time-option.ts';
import { parseWorkload, type WorkloadArgument } from '../workload-argument.ts';

/** Subjects that are printed; those of which something was true come first. */
const MOST_SUBJECTS = 20;

/** The last judgements of one rule, against its condition. A daemon may be running on the store. */
export const explain: Command = {
  name: 'explain',
  summary: 'say why a rule fired or did not: its last judgements, sample by sample',
  usage: 'explain RULE [WORKLOAD] [--since 1h]',
  positionals: 2,
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      description: 'a duration back from the newest cycle, or a time (RFC 3339); default: 1h',
    },
  },
  async run(context) {
    const { args, stderr } = context;
    const [name, of] = args.positionals;
    if (name === undefined) {
      stderr('tocsin explain: name a rule: tocsin explain RULE [WORKLOAD]\n');
      return 2;
    }
    const takes = takerOf(parseWorkload(of));
    timeOption('--since', args.flags['since'], 0);
    const { settings, rules } = configurationOf(context);
    const rule = rules.find(({ alert }) => alert === name);
    if (rule === undefined) {
      stderr(
        `tocsin explain: unknown rule ${JSON.stringify(name)}${suggestion(
          name,
          rules.map(({ alert }) => alert),
        )}\n`,
      );
      return 1;
    }
    await using stored = await openToRead(settings);
    const newest = stored.summaries().at(-1);
    if (newest === undefined) {
      stderr('tocsin explain: nothing is stored yet: a cycle has to be collected first\n');
      return 1;
    }
    const since = timeOption('--since', args.flags['since'], newest.at) ?? newest.at - HOUR;
    using progress = progressLine(context);
    const { countedStore } = await import('../counted-store.ts');
    const only = lookingAt(rule, takes);
    await using counted = countedStore(stored, [rule], { context, progress, isReread: false, only });
    const { explain: explainRule } = await import('../../app/replay/explain.ts');
    const explanation = await explainRule({
      rule,
      cycles: counted.cycles(),
      since,
      takes,
      period: compileSchedule(settings.schedule, settings.timezone, newest.at).period,
      span: settings.store.window,
      lookback: settings.logs.lookback,
      cluster: settings.cluster.name ?? '',
    });
    progress.clear();
    const { subjects, unselected, unjudged } = explanation;
    if (of !== undefined && subjects.length + unselected.length + unjudged.length === 0) {
      stderr(`tocsin explain: unknown workload ${JSON.stringify(of)}: nothing that is stored has that name\n`);
      return 1;
    }
    const document = await stored.loadAlerts();
    const now = Math.max(newest.at, Date.now());
    // A silence that was made, or a mute that began, after the last judgement keeps quiet as well.
    const [isSilenced, isMuted] = [silencer(document.silences, now), muter(settings.mutes, now)];
    const alerts = document.alerts.map((alert) => {
      const suppressed = alert.state === 'resolved' ? undefined : (alert.suppressed ?? isSilenced(alert) ?? isMuted(alert));
      return suppressed == null ? alert : { ...alert, suppressed };
    });
    print({ rule, explanation, alerts, settings, since, context, named: of !== undefined });
    return 0;
  },
};

/** What belongs to no namespace, such as a node, is named by `KIND/NAME` or its name alone. */
function takerOf({
  namespace,
  kind,
  workload,
}: WorkloadArgument): (subject: Pick<Subject, 'namespace' | 'kind' | 'workload'>) => boolean {
  const [first, second, third] = [namespace, kind, workload].map((part) => (part === null ? null : compileGlob(part)));
  const isNameless = ({ kind: ofKind, workload: name }: Pick<Subject, 'kind' | 'workload'>) =>
    second == null && (third == null ? first?.matches(name) : first?.matches(ofKind) && third.matches(name));
  return (subject) =>
    ((first?.matches(subject.namespace ?? '') ?? true) &&
      (second?.matches(subject.kind) ?? true) &&
      (third?.matches(subject.workload) ?? true)) ||
    (subject.namespace === undefined && isNameless(subject) === true);
}

/** The workloads whose pods and lines decide: those that are asked for, where nothing but a workload's own is judged. */
function lookingAt({ condition }: Rule, takes: ReturnType<typeof takerOf>): ((workload: Workload) => boolean) | undefined {
  if (condition.whyGone !== undefined || condition.countsEvent !== undefined) return undefined;
  return ({ namespace, kind, name }) => takes({ namespace, kind, workload: name });
}

interface Printed {
  readonly rule: Rule;
  readonly explanation: Explanation;
  readonly alerts: readonly Alert[];
  readonly settings: Settings;
  readonly since: number;
  readonly context: CommandContext;
  /** A workload was named: then all of it is shown. */
  readonly named: boolean;
}

function print({ rule, explanation, alerts, settings, since, context, named }: Printed): void {
  const alertOf = (subject: Subject) =>
    alerts.findLast((alert) => alert.fingerprint === fingerprint(rule.alert, subject)) ?? null;
  if (context.args.flags['json'] === true) {
    context.stdout(`${JSON.stringify(asJson(rule, explanation, alertOf))}\n`);
    return;
  }
  const time = (at: number) => formatTime(at, settings.timezone).slice(0, 19);
  const hold = rule.for > 0 ? `, for ${humanDuration(rule.for)}` : '';
  context.stdout(`${rule.alert} (${rule.file}:${rule.line}): ${rule.condition.text}${hold}, ${rule.severity}\n`);
  context.stdout(`judgements since ${formatTime(since, settings.timezone)}${rule.enabled ? '' : '; the rule is not enabled'}\n`);
  const sorted = explanation.subjects.toSorted((a, b) => rank(b) - rank(a));
  for (const { subject, judgements } of sorted.slice(0, named ? sorted.length : MOST_SUBJECTS)) {
    const alert = alertOf(subject);
    context.stdout(`\n${subjectText(subject)}: ${stateText(alert, time)}\n${betweenText(alert, { judgements, since, time })}`);
    context.stdout(renderTable([['  TIME', 'ALERT', 'VERDICT', 'DECIDED BY'], ...runs(judgements).map((run) => row(run, time))]));
  }
  if (!named && sorted.length > MOST_SUBJECTS)
    context.stdout(`\n${sorted.length - MOST_SUBJECTS} more subjects; name a workload to see it\n`);
  for (const key of explanation.unselected)
    context.stdout(`\n${key}: selector: the rule's "match" or "except" does not take it\n`);
  if (named && sorted.length === 0)
    for (const key of explanation.unjudged)
      context.stdout(`\n${key}: nothing to judge: the rule is about something else, or this was not seen of it\n`);
  if (!named || rule.condition.about !== 'pods' || explanation.states.length === 0) return;
  context.stdout('\nWhat was seen of its pods, in the words of rule tests:\n');
  for (const { at, text } of explanation.states) context.stdout(`  ${time(at)}  ${text}\n`);
}

function rank({ judgements }: ExplainedSubject): number {
  const worth = { true: 2, unknown: 1, false: 0 };
  return Math.max(...judgements.map(({ verdict }) => worth[verdict]));
}

function subjectText({ namespace, kind, workload, container, pod, node }: Subject): string {
  const object = [namespace, kind, workload].filter((part) => part !== undefined).join('/');
  return [object, container, pod, node].filter((part) => part !== undefined).join(' ');
}

function stateText(alert: Alert | null, time: (at: number) => string): string {
  if (alert === null) return 'no alert';
  const unknown = alert.unknown ? ', not seen since' : '';
  const untold = alert.suppressed === undefined ? '' : `; not told: ${alert.suppressed.text}`;
  if (alert.state === 'resolved')
    return `resolved at ${time(alert.resolvedAt ?? alert.judgedAt)}: ${alert.resolvedReason}${untold}`;
  return `${alert.state} since ${time(alert.firedAt ?? alert.activeAt)}${unknown}${untold}`;
}

/** What a watch shows between two cycles is judged then and not stored: the alert alone knows of it. */
function betweenText(
  alert: Alert | null,
  span: { readonly judgements: readonly ExplainedJudgement[]; readonly since: number; readonly time: (at: number) => string },
): string {
  const firedAt = alert?.firedAt ?? null;
  if (firedAt === null || firedAt < span.since || span.judgements.some(({ at }) => at === firedAt)) return '';
  return `  it fired at ${span.time(firedAt)} by a look between two cycles: ${alert?.summary}\n`;
}

/** Judgements in a row that say the same. */
interface Run {
  readonly first: ExplainedJudgement;
  readonly last: ExplainedJudgement;
  readonly count: number;
}

function runs(judgements: readonly ExplainedJudgement[]): readonly Run[] {
  const found: Run[] = [];
  for (const judgement of judgements) {
    const run = found.at(-1);
    const isSame =
      run !== undefined &&
      run.last.verdict === judgement.verdict &&
      run.last.state === judgement.state &&
      run.last.clause === judgement.clause;
    if (isSame) found[found.length - 1] = { ...run, last: judgement, count: run.count + 1 };
    else found.push({ first: judgement, last: judgement, count: 1 });
  }
  return found;
}

function row({ first, last, count }: Run, time: (at: number) => string): readonly string[] {
  const until = count === 1 ? '' : ` to ${time(last.at).slice(11)} (${count})`;
  return [`  ${time(first.at)}${until}`, first.state, first.verdict, first.clause];
}

function asJson(
  { alert, file, line, condition }: Rule,
  { subjects, states, unselected, unjudged }: Explanation,
  alertOf: (subject: Subject) => Alert | null,
) {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    alert,
    file,
    line,
    condition: condition.text,
    threshold: condition.threshold,
    unit: condition.unit,
    subjects: subjects.map(({ subject, judgements }) => ({
      labels: subject,
      state: alertOf(subject)?.state ?? 'inactive',
      suppressed: suppressedJson(alertOf(subject)),
      judgements: judgements.map((judgement) => ({ ...judgement, at: iso(judgement.at) })),
    })),
    unselected,
    unjudged,
    pods: states.map(({ at, text }) => ({ at: iso(at), state: text })),
  };
}

/** What keeps the alert from being told, or kept it, in the API's writing. */
function suppressedJson(alert: Alert | null) {
  return alert?.suppressed === undefined ? null : suppressionJson(alert.suppressed);
}
