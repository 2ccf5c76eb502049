import type { BacktestAlert, BacktestResult } from '../app/replay/backtest.ts';
import type { Suggestion } from '../app/replay/budget.ts';
import type { ToldMessage } from '../app/replay/teller.ts';
import { humanDuration } from '../base/duration.ts';
import { visibleLine } from '../base/visible.ts';
import type { Settings } from '../config/settings/settings.ts';
import { formatTime } from '../core/alerts/facts.ts';
import { plural } from '../core/rules/evaluation/facts.ts';
import { formatValue } from '../core/rules/evaluation/value-text.ts';
import { mailMessage } from '../notify/mail-message.ts';
import { messageOf } from '../notify/message.ts';
import { alertJson } from '../web/api/resources.ts';
import type { CommandContext } from './command.ts';
import { renderTable } from './table.ts';

/** Messages that are printed whole; of the others the first line. */
const MOST_WHOLE = 20;

/** What a backtest found, with the edited rules' result beside it where two are compared. */
export interface BacktestReport {
  readonly result: BacktestResult;
  readonly other: BacktestResult | null;
  readonly suggestions: readonly Suggestion[];
  readonly budget: number | null;
  readonly span: { readonly from: number; readonly to: number };
  readonly settings: Settings;
  readonly context: CommandContext;
}

/** Prints tables for people. */
export function printReport({ result, other, suggestions, budget, span, settings, context: { stdout } }: BacktestReport): void {
  const time = (at: number | null) => (at === null ? '-' : formatTime(at, settings.timezone).slice(0, 19));
  stdout(`${plural(result.cycles, 'cycle')}, ${time(span.from)} to ${time(span.to)} ${settings.timezone}\n\n`);
  if (other === null) {
    stdout(
      alertTable(
        result.alerts.map((each) => ['', each]),
        time,
      ),
    );
    stdout(messageTable(result.messages, time));
  } else {
    stdout(alertTable(compared(result.alerts, other.alerts), time));
    stdout(`\nin force: ${counted(result)}; edited: ${counted(other)}\n`);
  }
  if (budget !== null) stdout(`\n${suggestionTable(suggestions, budget)}`);
}

function counted({ alerts, messages }: BacktestResult): string {
  return `${plural(alerts.length, 'alert')}, ${plural(messages.length, 'message')}`;
}

type Marked = readonly [mark: '' | '=' | '-' | '+', each: BacktestAlert];

/** `-` is told by the rules in force only, `+` by the edited ones only. */
function compared(before: readonly BacktestAlert[], after: readonly BacktestAlert[]): readonly Marked[] {
  const key = ({ alert }: BacktestAlert) => `${alert.fingerprint} ${alert.firedAt} ${alert.resolvedAt}`;
  const [old, fresh] = [new Set(before.map(key)), new Set(after.map(key))];
  const all = [
    ...before.map((each): Marked => [fresh.has(key(each)) ? '=' : '-', each]),
    ...after.filter((each) => !old.has(key(each))).map((each): Marked => ['+', each]),
  ];
  return all.sort((a, b) => (a[1].alert.firedAt ?? 0) - (b[1].alert.firedAt ?? 0));
}

function alertTable(alerts: readonly Marked[], time: (at: number | null) => string): string {
  if (alerts.length === 0) return 'no alerts\n';
  const rows = alerts.map(([mark, { alert, evidence }]) => {
    const { namespace, kind, workload, container, node } = alert.labels;
    const object = workload === undefined ? [namespace] : [namespace, kind, workload];
    const subject = [object.filter((part) => part !== undefined).join('/'), container, node];
    const line = evidence?.matching[0]?.text ?? evidence?.lastLines.at(-1)?.text ?? alert.summary;
    return [
      ...(mark === '' ? [] : [mark]),
      time(alert.firedAt),
      alert.state === 'resolved' ? time(alert.resolvedAt) : '-',
      alert.state === 'resolved' ? humanDuration((alert.resolvedAt ?? 0) - (alert.firedAt ?? 0)) : alert.state,
      alert.severity,
      alert.alert,
      subject.filter((part) => part !== undefined).join(' '),
      alert.peak === null ? '-' : formatValue(alert.peak, alert.unit),
      visibleLine(line).slice(0, 100),
    ];
  });
  const head = ['FIRED', 'ENDED', 'LASTED', 'SEVERITY', 'ALERT', 'SUBJECT', 'PEAK', 'EVIDENCE'];
  return renderTable([alerts[0]?.[0] === '' ? head : ['', ...head], ...rows]);
}

function messageTable(messages: readonly ToldMessage[], time: (at: number | null) => string): string {
  if (messages.length === 0) return '\nno messages would have been sent\n';
  const told = eachText(messages);
  const rows = told.map(({ at, receivers, title }) => [time(at), receivers, title]);
  const table = renderTable([['AT', 'RECEIVER', 'MESSAGE'], ...rows]);
  const whole = told.slice(0, MOST_WHOLE).map(({ at, receivers, text }) => `\n==== ${time(at)} to ${receivers}\n\n${text}`);
  const left = told.length - whole.length;
  const more = left === 0 ? '' : `\n${left} more; --from and --to choose, --json has all of them\n`;
  return `\n${plural(messages.length, 'message')} would have been sent:\n${table}${whole.join('')}${more}`;
}

/** Messages in words: what several receivers are told at once stands there once. */
function eachText(messages: readonly ToldMessage[]) {
  const told = new Map<string, { readonly at: number; readonly title: string; readonly text: string; receivers: string }>();
  for (const { at, notification } of messages) {
    const message = messageOf(notification);
    const { text } = mailMessage(message);
    const known = told.get(`${at} ${text}`);
    if (known === undefined) told.set(`${at} ${text}`, { at, title: message.title, text, receivers: notification.receiver });
    else known.receivers += `, ${notification.receiver}`;
  }
  return [...told.values()];
}

function suggestionTable(suggestions: readonly Suggestion[], budget: number): string {
  const rows = suggestions.map(({ rule: { alert, condition }, perDay, suggested, suggestedPerDay }) => [
    alert,
    condition.threshold === null ? '-' : formatValue(condition.threshold, condition.unit),
    rate(perDay),
    suggested === null ? 'none of those that were tried' : formatValue(suggested, condition.unit),
    suggestedPerDay === null ? '-' : rate(suggestedPerDay),
  ]);
  const head = ['ALERT', 'THRESHOLD', 'ALERTS A DAY', `FOR AT MOST ${budget} A DAY`, 'ALERTS A DAY'];
  return renderTable([head, ...rows]);
}

function rate(perDay: number): string {
  return String(Math.round(perDay * 10) / 10);
}

/** The same for programs. */
export function reportJson(result: BacktestResult, other: BacktestResult | null, suggestions: readonly Suggestion[]) {
  return {
    ...resultJson(result),
    ...(other === null ? {} : { against: resultJson(other) }),
    suggestions: suggestions.map(({ rule: { alert, condition }, perDay, suggested, suggestedPerDay }) => ({
      alert,
      threshold: condition.threshold,
      unit: condition.unit,
      alerts_a_day: perDay,
      suggested,
      suggested_alerts_a_day: suggestedPerDay,
    })),
  };
}

function resultJson({ cycles, alerts, messages }: BacktestResult) {
  return {
    cycles,
    items: alerts.map(({ alert, evidence }) => alertJson(alert, evidence, [])),
    messages: messages.map(({ at, notification }) => {
      return { at: new Date(at).toISOString(), receiver: notification.receiver, ...messageOf(notification) };
    }),
  };
}
