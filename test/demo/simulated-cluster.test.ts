import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Agent, request } from 'undici';
import { type ClusterOptions, type SimulatedCluster, startCluster } from '../../demo/cluster/simulated-cluster.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A cluster at a fixed time, and a client for it. */
async function setUp(options: ClusterOptions = {}) {
  const cluster = await startCluster({ now: () => NOW, ...options });
  const agent = new Agent({ connect: { ca: cluster.ca } });
  const get = async (
    path: string,
    more: { token?: string; method?: 'POST'; body?: string; accept?: string } = {},
  ): Promise<Reply> => {
    const reply = await request(cluster.url + path, {
      dispatcher: agent,
      method: more.method ?? 'GET',
      headers: { authorization: `Bearer ${more.token ?? cluster.token}`, accept: more.accept ?? 'application/json' },
      ...(more.body !== undefined && { body: more.body }),
    });
    return { status: reply.statusCode, headers: reply.headers, body: await reply.body.text() };
  };
  const close = async () => {
    await agent.destroy();
    await cluster.close();
  };
  return { cluster, get, [Symbol.asyncDispose]: close };
}

function addShop(cluster: SimulatedCluster, replicas = 1) {
  return cluster.addWorkload({ namespace: 'shop', kind: 'Deployment', name: 'web', replicas });
}

// What JSON.parse gives is looked at by assertions only.
function parsed(reply: Reply): ReturnType<typeof JSON.parse> {
  return JSON.parse(reply.body);
}

suite('lists', () => {
  test('pages hold every item once, and the last one has no token', async () => {
    await using api = await setUp();
    addShop(api.cluster, 7);
    const names: string[] = [];
    const sizes: number[] = [];
    let next = '';
    do {
      const page = parsed(await api.get(`/api/v1/pods?limit=3&continue=${next}`));
      sizes.push(page.items.length);
      names.push(...page.items.map((pod: { metadata: { name: string } }) => pod.metadata.name));
      next = page.metadata.continue ?? '';
    } while (next !== '');
    assert.deepEqual(sizes, [3, 3, 1]);
    assert.equal(new Set(names).size, 7);
  });

  test('a pod that is added while a list is read in pages is not in it', async () => {
    await using api = await setUp();
    addShop(api.cluster, 4);
    const first = parsed(await api.get('/api/v1/pods?limit=2'));
    api.cluster.addPod({ namespace: 'zoo', name: 'late' });
    const second = parsed(await api.get(`/api/v1/pods?limit=9&continue=${first.metadata.continue}`));
    assert.equal(second.items.length, 2);
  });

  test('an expired token is answered 410 with a token that goes on inconsistently', async () => {
    await using api = await setUp();
    addShop(api.cluster, 4);
    const first = parsed(await api.get('/api/v1/pods?limit=2'));
    api.cluster.expireContinuations(1);
    const gone = await api.get(`/api/v1/pods?limit=2&continue=${first.metadata.continue}`);
    assert.equal(gone.status, 410);
    assert.equal(parsed(gone).reason, 'Expired');
    const rest = parsed(await api.get(`/api/v1/pods?limit=2&continue=${parsed(gone).metadata.continue}`));
    assert.equal(rest.items.length, 2);
  });

  test('a field selector leaves Normal events out', async () => {
    await using api = await setUp();
    const about = { namespace: 'shop', kind: 'Pod', name: 'web-1', message: 'text' };
    api.cluster.addEvent({ ...about, type: 'Normal', reason: 'Pulled' });
    api.cluster.addEvent({ ...about, reason: 'BackOff' });
    api.cluster.addEvent({ ...about, reason: 'BackOff', count: 2 });
    const list = parsed(await api.get('/api/v1/events?fieldSelector=type!%3DNormal'));
    assert.deepEqual(
      list.items.map((event: { reason: string; count: number }) => [event.reason, event.count]),
      [['BackOff', 3]],
    );
  });

  test('jobs can be listed as metadata alone', async () => {
    await using api = await setUp();
    api.cluster.addWorkload({ namespace: 'shop', kind: 'CronJob', name: 'report' });
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const list = parsed(await api.get('/apis/batch/v1/jobs', { accept }));
    assert.equal(list.kind, 'PartialObjectMetadataList');
    assert.deepEqual(Object.keys(list.items[0]), ['metadata']);
    assert.equal(list.items[0].metadata.ownerReferences[0].kind, 'CronJob');
  });

  test('a pod is as large as a real one', async () => {
    await using api = await setUp();
    const pod = addShop(api.cluster).pod;
    const { body } = await api.get(`/api/v1/namespaces/shop/pods/${pod.name}`);
    assert.ok(body.length > 5_000, `${body.length} bytes`);
  });
});

suite('access', () => {
  test('another token is answered 401', async () => {
    await using api = await setUp();
    assert.equal((await api.get('/api/v1/pods', { token: 'other' })).status, 401);
    api.cluster.setToken('renewed');
    assert.equal((await api.get('/api/v1/pods', { token: 'simulated-cluster-token' })).status, 401);
    assert.equal((await api.get('/api/v1/pods')).status, 200);
  });

  test('what is denied is answered 403, and a review says so', async () => {
    await using api = await setUp();
    const { pod } = addShop(api.cluster);
    const allow = api.cluster.deny({ resource: 'pods', subresource: 'log', namespace: 'shop' });
    const refused = await api.get(`/api/v1/namespaces/shop/pods/${pod.name}/log`);
    assert.equal(refused.status, 403);
    assert.match(parsed(refused).message, /cannot get resource "pods\/log" in API group "" in the namespace "shop"/);
    const review = async (namespace: string) => {
      const resourceAttributes = { verb: 'get', resource: 'pods', subresource: 'log', namespace };
      const body = JSON.stringify({ spec: { resourceAttributes } });
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      return parsed(await api.get(path, { method: 'POST', body })).status.allowed;
    };
    assert.deepEqual([await review('shop'), await review('other')], [false, true]);
    allow();
    assert.equal((await api.get(`/api/v1/namespaces/shop/pods/${pod.name}/log`)).status, 200);
  });
});

suite('metrics', () => {
  test('a pod is left out until every container is measured', async () => {
    await using api = await setUp();
    const containers = [{ name: 'app' }, { name: 'mesh', role: 'sidecar' as const }];
    const pod = api.cluster.addPod({ namespace: 'shop', name: 'web', containers });
    const count = async () => parsed(await api.get('/apis/metrics.k8s.io/v1beta1/pods')).items.length;
    pod.container('app').setUsage({ cpu: 0.25, memory: 1024 ** 2 });
    assert.equal(await count(), 0);
    pod.container('mesh').setUsage({ cpu: 0.01, memory: 1024 });
    assert.equal(await count(), 1);
    pod.container('app').restart();
    assert.equal(await count(), 0);
  });

  for (const [state, status] of [
    ['absent', 404],
    ['unavailable', 503],
  ] as const) {
    test(`${state} is answered ${status} in plain text`, async () => {
      await using api = await setUp();
      api.cluster.setMetrics(state);
      const reply = await api.get('/apis/metrics.k8s.io/v1beta1/nodes');
      assert.equal(reply.status, status);
      assert.match(String(reply.headers['content-type']), /^text\/plain/);
    });
  }
});

suite('faults', () => {
  test('a limit is answered 429 with Retry-After, as often as was asked', async () => {
    await using api = await setUp();
    const fault = api.cluster.faults.add({ on: /\/pods/, times: 1, effect: { kind: 'too_many_requests', retryAfterSeconds: 2 } });
    const limited = await api.get('/api/v1/pods');
    assert.deepEqual([limited.status, limited.headers['retry-after']], [429, '2']);
    assert.equal((await api.get('/api/v1/pods')).status, 200);
    assert.equal(fault.hits, 1);
  });

  test("a node's kubelet that cannot be reached fails only its own pods' logs", async () => {
    await using api = await setUp({ nodes: ['a', 'b'] });
    api.cluster.addPod({ namespace: 'x', name: 'on-a', node: 'a' });
    api.cluster.addPod({ namespace: 'x', name: 'on-b', node: 'b' });
    api.cluster.faults.add({ node: 'a', effect: { kind: 'dial' } });
    assert.equal((await api.get('/api/v1/namespaces/x/pods/on-a/log')).status, 500);
    assert.equal((await api.get('/api/v1/namespaces/x/pods/on-b/log')).status, 200);
  });

  test('a reset in the middle of a body is an error, a truncation is not', async () => {
    await using api = await setUp();
    api.cluster.faults.add({ times: 1, effect: { kind: 'reset', afterBytes: 10 } });
    await assert.rejects(api.get('/version'));
    api.cluster.faults.add({ times: 1, effect: { kind: 'truncate', afterBytes: 10 } });
    assert.equal((await api.get('/version')).body.length, 10);
  });

  test('an answer that hangs ends with the cluster', async () => {
    await using api = await setUp();
    api.cluster.faults.add({ effect: { kind: 'hang', afterBytes: null } });
    const waiting = assert.rejects(api.get('/version'));
    while (api.cluster.traffic.peaks.inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    await api.cluster.close();
    await waiting;
  });

  test('a slow body arrives whole', async () => {
    await using api = await setUp();
    api.cluster.faults.add({ effect: { kind: 'slow', chunkBytes: 20, everyMs: 1 } });
    assert.equal(parsed(await api.get('/version')).major, '1');
  });
});

test('a watch that has ended takes nothing more before its connection closes', async () => {
  await using it = await setUp();
  addShop(it.cluster);
  let isOver = false;
  const watching = it.get('/api/v1/pods?watch=1&resourceVersion=0').finally(() => {
    isOver = true;
  });
  while (!isOver) {
    it.cluster.watches.drop();
    it.cluster.watches.bookmark();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match((await watching).body, /"type":"ADDED"/);
});
