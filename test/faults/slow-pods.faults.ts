import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillCluster } from '../../demo/cluster/fill.ts';
import { eventually } from './eventually.ts';
import { Stage } from './stage.ts';
import type { TocsinDaemon } from './tocsin-daemon.ts';

const PODS = 1_000;
const LATE_MS = 2_000;
const MINUTE_MS = 60_000;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly isWhole: boolean;
}

test('a thousand logs that each answer after two seconds: a cycle ends in time, none overlaps, and all logs come in the end', async (context) => {
  await using stage = await Stage.open({
    settings: { schedule: '0 * * * * *', cluster: { requests_per_second: 25, max_in_flight: 25 } },
  });
  fillCluster(stage.cluster, { pods: PODS, nodes: 25, bodyBytes: 400, spanSeconds: 600 });
  stage.cluster.faults.add({ on: /\/log\?/, effect: { kind: 'late', ms: LATE_MS } });
  const daemon = stage.start();
  await daemon.says(/msg="cycle done"/, { ms: 180_000 });
  const [first] = await spansOf(daemon);
  assert.ok(first !== undefined);
  // A read that has begun is let end.
  assert.ok(first.to - first.from < MINUTE_MS + 15_000, `the cycle took ${first.to - first.from} ms`);
  assert.ok(stage.cluster.traffic.peaks.inFlight <= 25 + 10, `${stage.cluster.traffic.peaks.inFlight} requests at once`);
  const health = await daemon.health();
  assert.equal(health.code, 200);
  assert.ok(
    health.reasons.some((reason) => /not all logs could be read in time/.test(reason)),
    health.reasons.join('\n'),
  );
  const read = new Set(stage.cluster.traffic.requests.flatMap(({ url }) => /pods\/([^/]+)\/log/.exec(url)?.[1] ?? []));
  context.diagnostic(`a cycle of ${Math.round((first.to - first.from) / 1000)} s asked for ${read.size} of ${PODS} logs`);
  stage.cluster.faults.clear();
  const spans = await eventually('a cycle reads everything', 150_000, async () => {
    const all = await spansOf(daemon);
    return all.at(-1)?.isWhole === true ? all : undefined;
  });
  for (const [index, { from }] of spans.entries()) assert.ok(from >= (spans[index - 1]?.to ?? 0), 'cycles overlap');
});

/** The scheduled cycles, oldest first. */
async function spansOf(daemon: TocsinDaemon): Promise<readonly Span[]> {
  const cycles = (await daemon.list('/api/v1/cycles?limit=1000')).filter(({ trigger }) => trigger === 'scheduled');
  return cycles
    .map((cycle) => ({
      from: Date.parse(String(cycle['started_at'])),
      to: Date.parse(String(cycle['finished_at'])),
      isWhole: cycle['containers'] === PODS && JSON.stringify([cycle['errors'], cycle['gaps']]) === '[[],[]]',
    }))
    .toSorted((a, b) => a.from - b.from);
}
