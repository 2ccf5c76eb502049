import type { Alert } from '../../core/model/alert.ts';
import type { Workload } from '../../core/model/workload.ts';
import { whereText } from '../alert-text.ts';
import { type Html, html } from '../html.ts';

/** The page of a workload. */
export function workloadPath({ namespace, kind, name }: Workload): string {
  return `/workloads/${[namespace, kind, name].map(encodeURIComponent).join('/')}`;
}

/** Whom an alert's labels name; `null` for what is about no object of a namespace. */
export function workloadOf({ labels }: Pick<Alert, 'labels'>): Workload | null {
  const { namespace = '', kind = '', workload: name = '' } = labels;
  return namespace === '' || kind === '' || name === '' ? null : { namespace, kind, name };
}

/** Where an alert is, with a link to the page of its workload. */
export function whereLink(alert: Alert): Html {
  const workload = workloadOf(alert);
  return workload === null ? html`${whereText(alert)}` : html`<a href="${workloadPath(workload)}">${whereText(alert)}</a>`;
}
