import type { BacktestAlert, BacktestResult } from '../app/replay/backtest.ts';
import type { Suggestion } from '../app/replay/budget.ts';
import type { ToldMessage } from '../app/replay/teller.ts';
import { humanDuration } from '../base/duration.ts';
import { visibleLine } from '../base/visible.ts';
import type { Settings } from '../config/settings.ts';
import { formatTime } from '../core/alerts/facts.ts';
import { formatValue } from '../core/rules/value-text.ts';
import { messageOf } from '../notify/message.ts';
import { alertJson } from '../web/api/resources.ts';
import type { CommandContext } from './command.ts';
import { renderTable } from './table.ts';

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
  stdout(`${result.cycles} cycles, ${time(span.from)} to ${time(span.to)} ${settings.timezone}\n\n`);
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
  return `${alerts.length} alerts, ${messages.length} messages`;
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
      alert.state === 'resolved' ? humanDuration((alert.resolvedAt ?? 0) - (alert.firedAt ?? 0)) : alert.state,
      alert.severity,
      alert.alert,
      subject.filter((part) => part !== undefined).join(' '),
      alert.peak === null ? '-' : formatValue(alert.peak, alert.unit),
      visibleLine(line).slice(0, 100),
    ];
  });
  const head = ['FIRED', 'LASTED', 'SEVERITY', 'ALERT', 'SUBJECT', 'PEAK', 'EVIDENCE'];
  return renderTable([alerts[0]?.[0] === '' ? head : ['', ...head], ...rows]);
}

function messageTable(messages: readonly ToldMessage[], time: (at: number | null) => string): string {
  if (messages.length === 0) return '\nno messages would have been sent\n';
  const rows = messages.map(({ at, notification }) => [time(at), notification.receiver, messageOf(notification).title]);
  return `\n${messages.length} messages would have been sent:\n${renderTable([['AT', 'RECEIVER', 'MESSAGE'], ...rows])}`;
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
