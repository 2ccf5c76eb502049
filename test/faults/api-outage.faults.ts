import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Effect } from '../../demo/cluster/faults.ts';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';
import type { TocsinDaemon } from './tocsin-daemon.ts';

const PRINT_MS = 100;

/** A pod in a crash loop that both receivers were told of, and one that prints numbered lines. */
async function troubledCluster(
  stage: Stage,
): Promise<{ readonly daemon: TocsinDaemon; readonly lines: NumberedLines } & Disposable> {
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('no database').crash();
  const lines = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  const timer = setInterval(() => lines.print(1), PRINT_MS);
  const daemon = stage.start();
  for (const kind of ['slack', 'mail'] as const)
    await stage.inbox.waitFor((message) => message.kind === kind && /CRITICAL.*broken/.test(message.headline), 30_000);
  return { daemon, lines, [Symbol.dispose]: () => clearInterval(timer) };
}

const INTERNAL: Effect = { kind: 'answer', answer: { status: 500, type: 'text/plain', body: 'etcd is gone' } };

for (const { name, begin } of [
  {
    name: 'is gone',
    begin: async ({ cluster }: Stage) => {
      const port = Number(new URL(cluster.url).port);
      await cluster.close();
      return () => cluster.listen(port);
    },
  },
  {
    name: 'answers 500 to everything',
    begin: async ({ cluster }: Stage) => {
      const fault = cluster.faults.add({ effect: INTERNAL });
      return async () => fault.remove();
    },
  },
  {
    name: 'breaks every connection',
    begin: async ({ cluster }: Stage) => {
      const fault = cluster.faults.add({ effect: { kind: 'reset', afterBytes: 0 } });
      return async () => fault.remove();
    },
  },
]) {
  test(`while the API server ${name} nothing is resolved, and afterwards nothing is missing`, async () => {
    await using stage = await Stage.open();
    using troubled = await troubledCluster(stage);
    const { daemon, lines } = troubled;
    const before = stage.told.length;
    const end = await begin(stage);
    const { reasons } = await eventually('/healthz is degraded and says why', 60_000, async () => {
      const health = await daemon.health();
      return health.reasons.some((reason) => /the last cycle failed|could not read/.test(reason)) ? health : undefined;
    });
    assert.ok(reasons.length > 0);
    assert.equal((await daemon.get('/')).status, 200);
    await daemon.says(/msg="cycle failed|msg="cycle done".* errors=[1-9]/, { times: 1, ms: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 15_000)); // at least one more cycle fails within this time
    const [alert] = await daemon.list('/api/v1/alerts?workload=broken');
    assert.equal(alert?.['state'], 'firing');
    assert.equal(alert?.['resolved_at'], null);
    await end();
    await eventually('/healthz is well again', 90_000, async () => {
      const health = await daemon.health();
      return health.reasons.every((reason) => /missed/.test(reason)) && health.code === 200;
    });
    await daemon.cycles(2);
    assert.equal(stage.told.length, before, `nothing was told: ${stage.told.map(({ headline }) => headline).join('\n')}`);
    assert.ok(daemon.count(/level=warn msg="cycle failed/) <= 2, daemon.log);
    assert.equal((await daemon.list('/api/v1/alerts?workload=broken'))[0]?.['unknown'], false);
    assert.equal((await assertEachOnce(stage, daemon, [lines])).get(lines.key), 0);
    assert.deepEqual(await daemon.stop(), { status: 0, signal: null });
  });
}

test('a forbidden namespace leaves its alerts as they were, unknown, and the others are judged', async () => {
  await using stage = await Stage.open();
  using troubled = await troubledCluster(stage);
  const { daemon } = troubled;
  const other = stage.cluster.addPod({ namespace: 'bank', name: 'ledger' });
  other.container().write('x').crash();
  await stage.inbox.waitFor(({ headline }) => /ledger/.test(headline), 30_000);
  const allow = [
    stage.cluster.deny({ resource: 'pods', namespace: 'bank' }),
    stage.cluster.deny({ resource: 'pods', namespace: null }),
  ];
  await eventually('the alert of the forbidden namespace is unknown', 30_000, async () => {
    const [alert] = await daemon.list('/api/v1/alerts?namespace=bank');
    return alert?.['unknown'] === true && alert['state'] === 'firing';
  });
  stage.cluster.addPod({ namespace: 'shop', name: 'cart' }).container().write('x').crash();
  await stage.inbox.waitFor(({ headline }) => /cart/.test(headline), 30_000);
  await daemon.cycles(4);
  const { status, reasons } = await daemon.health();
  assert.equal(status, 'degraded');
  assert.ok(
    reasons.some((reason) => /could not read pods of namespace bank/.test(reason)),
    reasons.join('\n'),
  );
  assert.match((await daemon.get('/')).text, /bank/);
  assert.deepEqual(
    stage.told.filter(({ headline }) => /RESOLVED/.test(headline)),
    [],
  );
  // Named once, whatever the number of cycles.
  assert.equal(daemon.count(/msg="source cannot be read" source=pods namespace=bank reason=forbidden/), 1, daemon.log);
  for (const each of allow) each();
  await eventually(
    'it is known again',
    30_000,
    async () => (await daemon.list('/api/v1/alerts?namespace=bank'))[0]?.['unknown'] === false,
  );
  stage.cluster.removePod(other);
  await stage.inbox.waitFor(({ headline }) => /RESOLVED.*ledger/.test(headline), 30_000);
});

test('an alert about usage stands while the metrics API is away or absent', async () => {
  await using stage = await Stage.open({
    rules: `
rules:
  - alert: MemoryNearLimit
    usage: { resource: memory, of: limit, above: 90% }
    severity: warning
`,
  });
  const hungry = stage.cluster.addPod({
    namespace: 'shop',
    name: 'hungry',
    containers: [{ name: 'app', limits: { memory: '100Mi' } }],
  });
  hungry.container().setUsage({ cpu: 0.1, memory: 99 * 1024 ** 2 });
  const daemon = stage.start();
  // Usage is judged at whole minutes.
  await stage.inbox.waitFor(({ headline }) => /hungry/.test(headline), 90_000);
  for (const state of ['unavailable', 'absent'] as const) {
    stage.cluster.setMetrics(state);
    await eventually(`${state} is told by /healthz`, 30_000, async () => {
      const { reasons } = await daemon.health();
      return reasons.some((reason) => /could not read metrics/.test(reason));
    });
  }
  await daemon.cycles(3);
  const [alert] = await daemon.list('/api/v1/alerts');
  assert.equal(alert?.['state'], 'firing');
  assert.deepEqual(
    stage.told.filter(({ headline }) => /RESOLVED/.test(headline)),
    [],
  );
});

test('a token that is refused is read again from its file, and nothing is resolved meanwhile', async () => {
  await using stage = await Stage.open();
  const token = join(stage.folder, 'token');
  writeFileSync(token, stage.cluster.token);
  writeFileSync(join(stage.folder, 'kubeconfig'), stage.cluster.kubeconfig().replace(/token: "[^"]*"/, 'tokenFile: ./token'));
  using troubled = await troubledCluster(stage);
  const { daemon, lines } = troubled;
  const before = stage.told.length;
  stage.cluster.setToken('the-next-token');
  const { reasons } = await eventually('/healthz says that it is not known', 30_000, async () => {
    const health = await daemon.health();
    return health.reasons.some((reason) => /the last cycle failed/.test(reason)) ? health : undefined;
  });
  assert.match(reasons.join('\n'), /401|[Uu]nauthorized|not accept/);
  await new Promise((resolve) => setTimeout(resolve, 3000)); // some cycles in which nothing may happen
  writeFileSync(token, 'the-next-token');
  await daemon.cycles(2);
  assert.equal(stage.told.length, before);
  assert.equal(daemon.count(/level=warn msg="cycle failed/), 1, daemon.log);
  assert.equal(daemon.count(/msg="cycles work again"/), 1);
  assert.equal((await assertEachOnce(stage, daemon, [lines])).get(lines.key), 0);
  assert.doesNotMatch(daemon.log, /the-next-token|simulated-cluster-token/);
});

test('the containers of a dead node are gaps, the others are read, and its lines come when it is back', async () => {
  await using stage = await Stage.open({ cluster: { nodes: ['node-1', 'node-2'] } });
  const writers = ['node-1', 'node-2'].map(
    (node) => new NumberedLines(`on-${node}`, stage.cluster.addPod({ namespace: 'shop', name: `on-${node}`, node }).container()),
  );
  const timer = setInterval(() => writers.map((each) => each.print(1)), PRINT_MS);
  try {
    const daemon = stage.start();
    await daemon.cycles(2);
    const fault = stage.cluster.faults.add({ node: 'node-2', effect: { kind: 'dial' } });
    const cycle = await eventually('a cycle has a gap', 60_000, async () =>
      (await daemon.list('/api/v1/cycles')).find(({ gaps }) => Array.isArray(gaps) && gaps.length > 0),
    );
    assert.match(JSON.stringify(cycle['gaps']), /on-node-2.*"reason":"(read_failed|node_skipped)"/);
    assert.doesNotMatch(JSON.stringify(cycle['gaps']), /on-node-1/);
    assert.ok(Number(cycle['lines']) > 0, 'the other node was read');
    assert.equal((await daemon.health()).status, 'degraded');
    fault.remove();
    await daemon.cycles(3);
    for (const [key, missing] of await assertEachOnce(stage, daemon, writers)) assert.equal(missing, 0, key);
  } finally {
    clearInterval(timer);
  }
});

test('an API server that asks for patience is given it', async () => {
  await using stage = await Stage.open();
  using troubled = await troubledCluster(stage);
  const { daemon } = troubled;
  const fault = stage.cluster.faults.add({
    on: /\/pods\?/,
    times: 1,
    effect: { kind: 'too_many_requests', retryAfterSeconds: 3 },
  });
  await eventually('it has asked', 30_000, () => fault.hits > 0);
  await daemon.cycles(2);
  const lists = stage.cluster.traffic.requests.filter(({ url }) => /\/pods\?/.test(url));
  const refused = lists.findIndex(({ status }) => status === 429);
  assert.ok((lists[refused + 1]?.at ?? 0) - (lists[refused]?.at ?? 0) >= 2_900);
  assert.deepEqual(
    (await daemon.health()).reasons.filter((reason) => !/missed|no cycle/.test(reason)),
    [],
  );
});
