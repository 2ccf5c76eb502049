import type { Alert, Labels } from '../../model/alert.ts';
import { render } from '../../model/template.ts';
import type { Sample, Subject } from '../condition.ts';
import type { Rule } from '../rule.ts';
import { formatValue } from '../value-text.ts';

/** What templates know of an alert: every label and the names of interface.md section 4.1 point 15. `since` is written by `formatTime`. */
export function alertValues(
  alert: Alert,
  formatTime: (time: number) => string = utcMinute,
): Readonly<Record<string, string | undefined>> {
  const { facts, value, threshold, unit } = alert;
  return {
    ...alert.labels,
    value: value === null ? undefined : formatValue(value, unit),
    threshold: threshold === null ? undefined : formatValue(threshold, unit),
    count: facts.count === undefined ? undefined : String(facts.count),
    reason: facts.reason,
    exit_code: facts.exit_code === undefined ? undefined : String(facts.exit_code),
    get since() {
      return formatTime(alert.activeAt);
    },
    pods: facts.pods?.join(', '),
    node: facts.node ?? alert.labels['node'],
    image: facts.image,
  };
}

/** Alert labels (interface.md section 4.1 point 10): the rule's own never replace what says whom it is about. */
export function alertLabels(rule: Rule, subject: Subject, cluster: string): Labels {
  return { ...rule.labels, alert: rule.alert, severity: rule.severity, cluster, ...subject };
}

/** The rule's summary with the alert's values or, without one, `NAMESPACE/WORKLOAD: what is the matter`. */
export function summaryOf(rule: Rule, alert: Alert, sample: Sample): string {
  if (rule.summary !== null) return render(rule.summary, alertValues(alert));
  const { namespace, workload, container } = sample.subject;
  const where = `${namespace === undefined ? '' : `${namespace}/`}${workload}${container === undefined || container === workload ? '' : ` (${container})`}`;
  return `${where}: ${rule.condition.phrase(sample)}`;
}

function utcMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
