import { withNotice } from '../../core/alerts/notice.ts';
import type { Runtime } from '../runtime.ts';
import { policyOf } from './policy.ts';

/** Tells a sentence about Tocsin itself while no rule can be judged, to whom its alerts on itself are told. */
export async function tellNotice(
  { engine, outbox, settings, clock, newId }: Pick<Runtime, 'engine' | 'outbox' | 'settings' | 'clock' | 'newId'>,
  text: string,
): Promise<void> {
  const labels = { alert: 'TocsinBehind', severity: 'critical', cluster: engine.cluster, kind: 'Collector', workload: 'tocsin' };
  const policy = policyOf(settings);
  await engine.owe((document) => withNotice(document, { text, labels, policy, now: clock.now(), newId }));
  outbox.wake();
}
