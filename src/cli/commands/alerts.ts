import { humanDuration } from '../../base/duration.ts';
import { SUPPRESSED } from '../../core/alerts/suppress/suppress.ts';
import type { Alert } from '../../core/model/alert.ts';
import { alertJson } from '../../web/api/resources.ts';
import type { Command } from '../command.ts';
import { settingsOf } from '../settings.ts';
import { openToRead } from '../stored.ts';
import { renderTable } from '../table.ts';

const RANK = { firing: 0, pending: 1, resolved: 2 } as const;

/** Lists alerts from the store; a daemon may be running on it. */
export const alerts: Command = {
  name: 'alerts',
  summary: 'list firing and pending alerts; with --all also those that ended within the window',
  usage: 'alerts [--all]',
  options: { all: { type: 'boolean', description: 'also alerts that were resolved' } },
  async run(context) {
    const settings = settingsOf(context);
    await using store = await openToRead(settings);
    const document = await store.loadAlerts();
    const chosen = document.alerts
      .filter(({ state }) => context.args.flags['all'] === true || state !== 'resolved')
      .toSorted((a, b) => RANK[a.state] - RANK[b.state] || b.activeAt - a.activeAt);
    if (context.args.flags['json'] === true) {
      const items = await Promise.all(
        chosen.map(async (alert) => alertJson(alert, await store.loadEvidence(alert.id), document.flaps)),
      );
      context.stdout(`${JSON.stringify({ items })}\n`);
    } else if (chosen.length === 0) context.stdout('no alerts\n');
    else
      context.stdout(
        renderTable([['STATE', 'SEVERITY', 'SINCE', 'ALERT', 'SUMMARY'], ...chosen.map((alert) => row(alert, Date.now()))]),
      );
    return 0;
  },
};

function row(alert: Alert, now: number): readonly string[] {
  const since = humanDuration((alert.resolvedAt ?? now) - alert.activeAt);
  const marks = [
    ...(alert.unknown ? ['unknown'] : []),
    ...(alert.suppressed === undefined ? [] : [SUPPRESSED[alert.suppressed.by]]),
  ];
  const state = marks.length === 0 ? alert.state : `${alert.state} (${marks.join(', ')})`;
  return [state, alert.severity, since, alert.alert, alert.summary];
}
