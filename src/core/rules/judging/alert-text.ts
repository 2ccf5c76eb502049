import type { Alert, Labels } from '../../model/alert.ts';
import { render } from '../../model/template.ts';
import type { Sample, Subject } from '../condition.ts';
import { formatValue } from '../evaluation/value-text.ts';
import type { Rule } from '../rule.ts';

/** What a name of interface.md section 4.1 point 15, or a label's, stands for in an alert's templates. `since` is written by `formatTime`. */
export function alertValue(alert: Alert, name: string, formatTime: (time: number) => string = utcMinute): string | undefined {
  const { facts, value, threshold, unit } = alert;
  switch (name) {
    case 'value':
      return value === null ? undefined : formatValue(value, unit);
    case 'threshold':
      return threshold === null ? undefined : formatValue(threshold, unit);
    case 'count':
      return facts.count === undefined ? undefined : String(facts.count);
    case 'reason':
      return facts.reason;
    case 'exit_code':
      return facts.exit_code === undefined ? undefined : String(facts.exit_code);
    case 'since':
      return formatTime(alert.activeAt);
    case 'pods':
      return facts.pods?.join(', ');
    case 'node':
      return facts.node ?? alert.labels['node'];
    case 'image':
      return facts.image;
    default:
      return alert.labels[name];
  }
}

/** Alert labels (interface.md section 4.1 point 10): the rule's own never replace what says whom it is about. */
export function alertLabels(rule: Rule, subject: Subject, cluster: string): Labels {
  return { ...rule.labels, alert: rule.alert, severity: rule.severity, cluster, ...subject };
}

/** The rule's summary with the alert's values or, without one, `NAMESPACE/WORKLOAD: what is the matter`. */
export function summaryOf(rule: Rule, alert: Alert, sample: Sample): string {
  if (rule.summary !== null) return render(rule.summary, (name) => alertValue(alert, name));
  const { namespace, workload, container } = sample.subject;
  const where = `${namespace === undefined ? '' : `${namespace}/`}${workload}${container === undefined || container === workload ? '' : ` (${container})`}`;
  return `${where}: ${rule.condition.phrase(sample)}`;
}

function utcMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
