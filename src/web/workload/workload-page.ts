import type { Alert } from '../../core/model/alert.ts';
import type { Rollout } from '../../core/model/window/window.ts';
import { type Workload, type WorkloadKey, workloadKey } from '../../core/model/workload.ts';
import type { ChartFrame } from '../charts/day-chart.ts';
import { eventsTable } from '../events-table.ts';
import { type Html, html } from '../html.ts';
import { type PageContext, renderPage } from '../layout.ts';
import { levelField, patternField, textField } from '../logs/log-fields.ts';
import type { LogFinding, LogForm } from '../logs/log-query.ts';
import { logResults } from '../logs/log-results.ts';
import { patternTable } from '../logs/pattern-table.ts';
import { alertTables } from '../pages/alerts-page.ts';
import { countText } from '../quantity.ts';
import type { StatusView } from '../view.ts';
import { workloadRow } from '../workload-row.ts';
import { dayCharts } from './day-charts.ts';
import { dayFacts } from './day-facts.ts';
import { dayMarks, rolloutText } from './day-marks.ts';
import { workloadHead } from './workload-head.ts';
import { workloadOf, workloadPath } from './workload-path.ts';

/** Whether the stored window has anything of a workload: itself, alerts about it or events. */
export function isKnown(view: StatusView, workload: Workload): boolean {
  const key = workloadKey(workload);
  const is = (other: Workload | null) => other !== null && workloadKey(other) === key;
  return (
    view
      .window()
      .workloads()
      .some((known) => is(known.workload)) ||
    view.alerts().alerts.some((alert) => is(workloadOf(alert))) ||
    view.window().eventOwners().some(is)
  );
}

/** One workload's day: charts, alerts, rollouts, patterns, events and its log lines. */
export function workloadPage(context: PageContext, workload: Workload, logs: LogFinding): string {
  const { view, now, time } = context;
  const window = view.window();
  const row = workloadRow(view, workload);
  const { key, containers } = row;
  const alerts = view.alerts().alerts.filter((alert) => isAbout(alert, key));
  const rollouts = window.rollouts(key);
  const facts = dayFacts({ window, key, containers, cells: view.strip(key), now });
  const marks = dayMarks({ alerts, rollouts }, { now, time });
  const frame: ChartFrame = { axis: facts.axis, marks, time, timezone: view.timezone };
  const events = window.events(key, facts.axis.from, now);
  const content = html`${workloadHead(context, row)}
<section aria-labelledby="day"><div class="head"><h2 id="day">Last 24 hours</h2>${MARK_KEYS}</div>
${dayCharts(frame, facts, ratioThreshold(view, workload))}</section>
${alertTables(context, alerts)}
${rolloutSection(context, rollouts)}
${logs.outcome.kind === 'found' && patternTable(context, logs.outcome.patterns, 'container')}
${eventsTable(context, events.toReversed().slice(0, MOST_EVENTS))}
<div id="logs" class="lookup">${searchForm(workload, logs.form)}
${logResults(context, { ...logs, form: lineForm(logs.form), path: workloadPath(workload), who: 'pod' })}</div>`;
  return renderPage(context, { title: `${workload.namespace}/${workload.name}`, here: '/', content });
}

const MOST_EVENTS = 20;
const MOST_ROLLOUTS = 10;

const MARK_KEYS = html`<ul class="legend"><li><span class="key mark-critical"></span>critical alert firing</li><li><span class="key mark-warning"></span>warning</li><li><span class="key mark-rollout"></span>rollout</li><li><span class="key unseen"></span>not seen</li></ul>`;

function isAbout(alert: Alert, key: WorkloadKey): boolean {
  const workload = workloadOf(alert);
  return workload !== null && workloadKey(workload) === key;
}

/** The lowest error ratio from which on a rule holds that judged the workload last. */
function ratioThreshold(view: StatusView, { namespace, kind, name }: Workload): number | null {
  const thresholds = view
    .rules()
    .filter(({ alert, condition }) => {
      if (condition.kind !== 'error_ratio') return false;
      const samples = view.evaluation(alert)?.samples ?? [];
      return samples.some(({ subject }) => subject.namespace === namespace && subject.kind === kind && subject.workload === name);
    })
    .flatMap(({ condition }) => condition.threshold ?? []);
  return thresholds.length === 0 ? null : Math.min(...thresholds);
}

function rolloutSection({ time }: PageContext, rollouts: readonly Rollout[]): Html | null {
  if (rollouts.length === 0) return null;
  const shown = rollouts.toReversed().slice(0, MOST_ROLLOUTS);
  const rows = shown.map(
    (rollout) =>
      html`<tr class="top"><td data-l="At">${time.element(rollout.at)}</td><td class="t full">${rolloutText(rollout)}</td></tr>`,
  );
  return html`<section aria-labelledby="rollouts"><div class="head"><h2 id="rollouts">Rollouts <small>${countText(rollouts.length)}</small></h2></div>
<div class="table"><table class="stacked"><caption class="vh">Rollouts, newest first</caption><thead><tr><th scope="col">At</th><th scope="col">What it brought</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function searchForm(workload: Workload, form: LogForm): Html {
  return html`<form class="find" role="search" aria-label="Log lines" action="${workloadPath(workload)}#logs" method="get">
${patternField(form)}
${levelField(form)}
${textField(form, 'pod', { label: 'Pod', hint: 'any, * allowed' })}
${textField(form, 'container', { label: 'Container', hint: 'any, * allowed' })}
${form.contains !== '' && textField(form, 'contains', { label: 'Contains', hint: 'any' })}
${textField(form, 'since', { label: 'Since', hint: '24h' })}
<button>Search</button></form>`;
}

/** What of the form the address says besides the workload. */
function lineForm({ pod, container, level, grep, contains, since }: LogForm): Partial<LogForm> {
  return { pod, container, level, grep, contains, since };
}
