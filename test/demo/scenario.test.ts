import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LogFile } from '../../demo/cluster/log-file.ts';
import { type SimulatedCluster, startCluster } from '../../demo/cluster/simulated-cluster.ts';
import { createScenario } from '../../demo/scenario.ts';

const START = Date.parse('2026-03-01T12:00:00Z');

/** The cluster as it is `seconds` after the demo's start, by the demo's own clock. */
async function tell(seconds: number): Promise<SimulatedCluster> {
  let now = START;
  const cluster = await startCluster({ nodes: ['node-1', 'node-2', 'node-3'], now: () => now });
  const scenario = createScenario(cluster, START);
  for (; now < START + seconds * 1000; now += 1000) scenario.advance(now);
  scenario.advance(now);
  return cluster;
}

function podOf(cluster: SimulatedCluster, workload: string) {
  const found = cluster.pods().find((pod) => pod.name.startsWith(`${workload}-`));
  assert.ok(found !== undefined, workload);
  return found;
}

/** What the running or last instance of a pod's last container has written. */
function logOf(cluster: SimulatedCluster, workload: string): string {
  const container = podOf(cluster, workload).containers.at(-1);
  const log = (container?.current ?? container?.last)?.log;
  assert.ok(log instanceof LogFile);
  return log.read({ since: null, timestamps: true, tailLines: null, limitBytes: null }).toString();
}

suite('the demo begins', () => {
  test('with a crash loop that has been going on, and with its last words', async () => {
    await using cluster = await tell(0);
    const container = podOf(cluster, 'checkout').container();
    assert.equal(container.waiting.reason, 'CrashLoopBackOff');
    assert.ok(container.restarts >= 5, `${container.restarts} restarts`);
    assert.match(
      logOf(cluster, 'checkout'),
      /Application run failed\n.*BeanCreationException[\s\S]*Caused by: java\.net\.ConnectException/,
    );
  });

  test('with an hour of lines, all of them of the past', async () => {
    await using cluster = await tell(0);
    for (const workload of ['web', 'api', 'order-worker', 'payments', 'auth', 'search']) {
      const times = logOf(cluster, workload)
        .trim()
        .split('\n')
        .map((line) => Date.parse(`${line.slice(0, 23)}Z`));
      assert.ok(Math.min(...times) < START - 59 * 60_000, workload);
      assert.ok(Math.max(...times) <= START, workload);
    }
  });

  test('with nothing else wrong', async () => {
    await using cluster = await tell(0);
    const restarted = cluster.pods().filter((pod) => pod.containers.some((container) => container.restarts > 0));
    assert.deepEqual(restarted.map((pod) => pod.name.split('-')[0]).toSorted(), ['checkout', 'postgres']);
    const phases = cluster.pods().map((pod) => pod.phase);
    assert.deepEqual([...new Set(phases)].toSorted(), ['Running', 'Succeeded']);
  });
});

suite('within minutes', () => {
  test('every trouble has come', async () => {
    await using cluster = await tell(240);
    assert.match(podOf(cluster, 'thumbnails').container().last?.ended?.reason ?? '', /OOMKilled/);
    assert.ok(
      cluster.pods().some((pod) => /ImagePull/.test(pod.container().waiting.reason)),
      'an image cannot be pulled',
    );
    assert.ok(
      cluster.pods().some((pod) => pod.phase === 'Pending' && pod.container().restarts > 1),
      'an init container fails',
    );
    const search = cluster.pods().filter((pod) => pod.name.startsWith('search-'));
    assert.equal(
      search.reduce((sum, pod) => sum + pod.container().restarts, 0),
      8,
    );
    const usage = podOf(cluster, 'reports').container().usage;
    assert.ok((usage?.memory ?? 0) > 0.9 * 512 * 1024 ** 2, 'memory is above 90 % of its limit');
    assert.match(logOf(cluster, 'auth'), /FATAL session store is gone, giving up on postgres:\/\/auth:\w{12}@/);
  });

  test('errors of payments rise above five percent in every minute', async () => {
    await using cluster = await tell(180);
    const perMinute = new Map<string, { lines: number; errors: number }>();
    for (const line of logOf(cluster, 'payments').trim().split('\n')) {
      const minute = perMinute.get(line.slice(0, 16)) ?? { lines: 0, errors: 0 };
      minute.lines++;
      if (line.includes('"level":50')) minute.errors++;
      perMinute.set(line.slice(0, 16), minute);
    }
    const ratio = (at: number) => {
      const { lines = 0, errors = 0 } = perMinute.get(new Date(at).toISOString().slice(0, 16)) ?? {};
      assert.ok(lines >= 50);
      return errors / lines;
    };
    for (let minute = 0; minute < 3; minute++) assert.ok(ratio(START + minute * 60_000) > 0.05);
    for (let minute = -30; minute < -2; minute++) assert.ok(ratio(START + minute * 60_000) < 0.08);
  });

  test('a rollout of web ends old pods as rollouts do, and leaves three', async () => {
    await using cluster = await tell(150);
    const pods = cluster.pods('shop').filter((pod) => pod.name.startsWith('web-'));
    assert.deepEqual(
      pods.map((pod) => [pod.phase, pod.container().restarts, pod.container().spec.image.split(':')[1]]),
      [1, 2, 3].map(() => ['Running', 0, '5.2.0']),
    );
  });

  test('the image is there again and memory falls after its kill', async () => {
    await using cluster = await tell(400);
    assert.ok(!cluster.pods().some((pod) => /ImagePull/.test(pod.container().waiting.reason)));
    assert.equal(podOf(cluster, 'reports').container().last?.ended?.reason, 'OOMKilled');
  });
});

test('a pause is told on without the whole of it', async () => {
  let now = START;
  await using cluster = await startCluster({ now: () => now });
  const scenario = createScenario(cluster, START);
  now += 24 * 3_600_000;
  scenario.advance(now);
  const lines = logOf(cluster, 'order-worker').trim().split('\n');
  assert.ok(lines.length < 3600, `${lines.length} lines`);
});
