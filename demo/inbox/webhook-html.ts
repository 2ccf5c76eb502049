import { escapeHtml } from './html.ts';

/** One line about an Alertmanager-style payload: `firing: CrashLoopBackOff, OOMKilled`. */
export function webhookHeadline(payload: unknown): string {
  const names = alertsOf(payload).map((alert) => text(member(alert, 'labels'), 'alertname'));
  const status = text(payload, 'status') || 'webhook';
  return names.length === 0 ? status : `${status}: ${[...new Set(names)].join(', ')}`;
}

/** The payload's alerts as a table, and the JSON itself. */
export function webhookToHtml(payload: unknown): string {
  const rows = alertsOf(payload).map((alert) => {
    const labels = member(alert, 'labels');
    const where = [text(labels, 'namespace'), text(labels, 'workload')].filter((part) => part !== '').join('/');
    const summary = text(member(alert, 'annotations'), 'summary');
    return `<tr><td>${escapeHtml(text(alert, 'status'))}</td><td>${escapeHtml(text(labels, 'alertname'))}</td><td>${escapeHtml(where)}</td><td>${escapeHtml(summary)}</td></tr>`;
  });
  const table = rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
  return `${table}<details><summary>JSON</summary><pre>${escapeHtml(JSON.stringify(payload, null, 2))}</pre></details>`;
}

function alertsOf(payload: unknown): readonly unknown[] {
  const alerts = member(payload, 'alerts');
  return Array.isArray(alerts) ? alerts : [];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined;
}

function text(value: unknown, key: string): string {
  const found = member(value, key);
  return typeof found === 'string' ? found : '';
}
