import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusAnswer } from '../../demo/cluster/answer.ts';
import { CollectError } from '../../src/base/errors.ts';
import { Collecting } from './collecting.ts';

const HOUR = 3_600_000;
const ago = (ms: number) => Date.now() - ms;
const about = ({ namespace, name, uid }: { readonly namespace: string; readonly name: string; readonly uid: string }) => ({
  kind: 'Pod',
  namespace,
  name,
  objectUid: uid,
});

test('a first collection reads states, owners, events, usage and the log within the lookback', async () => {
  await using on = await Collecting.start();
  const { cluster } = on;
  cluster.addNamespace('shop');
  const deployment = cluster.addWorkload({
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    replicas: 2,
    createdAt: ago(3 * HOUR),
  });
  cluster.addWorkload({ kind: 'CronJob', namespace: 'shop', name: 'nightly', createdAt: ago(HOUR) });
  const [first] = deployment.pods;
  assert.ok(first);
  first
    .container()
    .write('too old', { at: ago(2 * HOUR) })
    .write('fresh\nfresher', { at: ago(1000) });
  first.container().setUsage({ cpu: 0.25, memory: 64 * 2 ** 20 });
  cluster.addEvent({ type: 'Warning', reason: 'Unhealthy', message: 'probe failed', ...about(first.spec) });
  const collection = await on.collect();
  assert.deepEqual(on.lines.get(`${first.spec.name}/app`), ['fresh', 'fresher']);
  const kinds = new Set(collection.states.map(({ workload }) => `${workload.kind}/${workload.name}`));
  assert.deepEqual(kinds, new Set(['Deployment/web', 'CronJob/nightly']));
  assert.deepEqual(
    collection.usage.map(({ pod, cpu, memory }) => ({ pod, cpu, memory })),
    [{ pod: first.spec.name, cpu: 0.25, memory: 64 * 2 ** 20 }],
  );
  const [event] = collection.events;
  assert.equal(event?.workload?.name, 'web');
  assert.equal(event?.count, 1);
  assert.deepEqual(collection.errors, []);
  assert.deepEqual(collection.gaps, []);
  assert.equal(collection.podsComplete, true);
  assert.ok(collection.namespaces.includes('shop'));
  assert.equal(collection.nodes.length, 1);
  assert.equal(collection.lines, 2);
});

test('what the conditions of nodes say is redacted', async () => {
  await using on = await Collecting.start();
  on.cluster.nodes[0]?.setCondition('DiskPressure', 'True', 'hunter2');
  const [node] = (await on.collect({ redact: (text) => text.replaceAll('hunter2', '***') })).nodes;
  const said = node?.conditions.find(({ type }) => type === 'DiskPressure')?.message;
  assert.equal(said, '*** as simulated');
});

test('an event counts again only by what it has risen', async () => {
  await using on = await Collecting.start();
  const pod = on.cluster.addPod({ namespace: 'default', name: 'a' });
  const event = { type: 'Warning', reason: 'BackOff', message: 'back-off', ...about(pod.spec) } as const;
  on.cluster.addEvent(event);
  assert.deepEqual(
    (await on.collect()).events.map(({ count }) => count),
    [1],
  );
  assert.deepEqual((await on.collect()).events, []);
  on.cluster.addEvent(event);
  on.cluster.addEvent(event);
  assert.deepEqual(
    (await on.collect()).events.map(({ count }) => count),
    [2],
  );
});

test('a crash loop is read instance by instance, each once', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  container.write('one');
  await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['one']);
  container.write('two').write('last words', { terminated: false });
  container.crash({ exitCode: 3 });
  await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['two', 'last words']);
  container.start().write('three');
  const third = await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['three']);
  assert.deepEqual(third.gaps, []);
});

test('instances that came and went between two collections are a gap', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  container.write('one');
  await on.collect();
  container.restart({ exitCode: 1 }).write('lost');
  container.restart({ exitCode: 1 }).write('previous');
  container.restart({ exitCode: 1 }).write('current');
  const collection = await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['previous', 'current']);
  assert.deepEqual(
    collection.gaps.map(({ reason }) => reason),
    ['missed_instances'],
  );
});

test('what is not read in time is a gap that the next collection makes good, and the rest of the collection is whole', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  container.write('one');
  await on.collect();
  container.write('two');
  const late = await on.collect({ readUntil: on.session.clock.monotonic() });
  assert.equal(late.states.length, 1);
  assert.deepEqual(
    late.gaps.map(({ reason }) => reason),
    ['read_failed'],
  );
  assert.deepEqual(
    late.errors.map(({ source, namespace, reason }) => [source, namespace, reason]),
    [['logs', null, 'timeout']],
  );
  assert.deepEqual((await on.collect()).gaps, []);
  assert.deepEqual(on.lines.get('a/app'), ['two']);
});

test('a rotation between two reads is a gap, and what is left is read', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  container.write('one');
  await on.collect();
  container.write('lost').rotateLog().write('two');
  const collection = await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['two']);
  assert.deepEqual(
    collection.gaps.map(({ reason }) => reason),
    ['rotated'],
  );
});

test('what a second rotation takes after an empty file is a gap too', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  container.write('one', { at: ago(4_000) });
  await on.collect();
  container.rotateLog();
  const empty = await on.collect();
  assert.deepEqual(
    empty.gaps.map(({ reason }) => reason),
    ['rotated'],
  );
  const lostAt = Date.now() + 3_000;
  container
    .write('lost', { at: lostAt })
    .rotateLog()
    .write('four', { at: lostAt + 1_000 });
  const { gaps } = await on.collect();
  assert.deepEqual(on.lines.get('a/app')?.at(-1), 'four');
  assert.ok(
    gaps.some(({ from, to, reason }) => reason === 'rotated' && from !== null && from <= lostAt && to >= lostAt),
    JSON.stringify(gaps),
  );
  container.write('five', { at: lostAt + 2_000 });
  assert.deepEqual((await on.collect()).gaps, []);
});

test('an empty file tells about how much is missing, by the pace before it', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  for (let line = 0; line < 40; line++) container.write('x'.repeat(1_000), { at: ago(30_000 - line * 500) });
  await on.collect();
  container.rotateLog();
  const [gap] = (await on.collect()).gaps;
  assert.equal(gap?.reason, 'rotated');
  const perSecond = ((gap.bytes ?? 0) * 1000) / (gap.to - (gap.from ?? 0));
  assert.ok(perSecond > 1_900 && perSecond < 2_200, String(perSecond));
});

test('an ended container is read until two answers are equal, and never again', async () => {
  await using on = await Collecting.start();
  const pod = on.cluster.addPod({ namespace: 'default', name: 'job', restartPolicy: 'Never', createdAt: ago(60_000) });
  pod.container().write('done').exit({ exitCode: 0 });
  await on.collect();
  assert.equal(on.logReads(), 2);
  await on.collect();
  assert.equal(on.logReads(), 2);
});

test('the unterminated last words of a pod that is gone before they could be asked for again are kept, beside the gap', async () => {
  await using on = await Collecting.start();
  const pod = on.cluster.addPod({ namespace: 'default', name: 'a', restartPolicy: 'Never', createdAt: ago(60_000) });
  pod.container().write('begins').write('last words', { terminated: false }).exit({ exitCode: 7 });
  on.cluster.faults.add({ on: /\/log\?/, times: 1, effect: { kind: 'late', ms: 1 } });
  on.cluster.faults.add({
    on: /\/log\?/,
    effect: { kind: 'answer', answer: statusAnswer(404, 'NotFound', 'pods "a" not found') },
  });
  const { gaps } = await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['begins', 'last words']);
  assert.deepEqual(
    gaps.map(({ reason }) => reason),
    ['gone'],
  );
});

test('a pod that goes away before it was read to its end is a gap once, and is forgotten after two lists', async () => {
  await using on = await Collecting.start();
  const pod = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) });
  pod.container().write('one');
  await on.collect();
  on.cluster.removePod(pod);
  const gone = await on.collect();
  assert.deepEqual(
    gone.gaps.map(({ reason }) => reason),
    ['gone'],
  );
  assert.equal(gone.cursors.length, 1);
  const after = await on.collect();
  assert.deepEqual(after.gaps, []);
  assert.equal(after.cursors.length, 0);
});

test('a pod made anew under its name is read from its own beginning', async () => {
  await using on = await Collecting.start();
  const old = on.cluster.addPod({ namespace: 'default', name: 'db-0', createdAt: ago(60_000) });
  old.container().write('old');
  await on.collect();
  on.cluster.removePod(old);
  on.cluster.addPod({ namespace: 'default', name: 'db-0' }).container().write('new');
  const collection = await on.collect();
  assert.deepEqual(on.lines.get('db-0/app'), ['new']);
  assert.deepEqual(
    collection.gaps.map(({ reason }) => reason),
    ['gone'],
  );
});

test("the kubelet's error text inside a good answer is no line", async () => {
  await using on = await Collecting.start();
  on.cluster
    .addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) })
    .container()
    .write('one');
  on.cluster.faults.add({ on: /\/log\?/, times: 1, effect: { kind: 'append', text: 'failed to read log file "/x": boom' } });
  const collection = await on.collect();
  assert.deepEqual(on.lines.get('a/app'), ['one']);
  assert.deepEqual(
    collection.gaps.map(({ reason }) => reason),
    ['read_failed'],
  );
  await on.collect();
  assert.equal(on.lines.size, 0);
});

test('a container that its node has removed is a failed read, unless it goes away with its pod', async () => {
  const removed = { kind: 'append', text: 'unable to retrieve container logs for containerd://abc' } as const;
  for (const isDeleted of [false, true]) {
    await using on = await Collecting.start();
    const pod = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) });
    pod.container().write('one');
    await on.collect();
    if (isDeleted) pod.markDeleted();
    on.cluster.faults.add({ on: /\/log\?/, times: 9, effect: removed });
    const { gaps, errors } = await on.collect();
    assert.deepEqual(
      [gaps.map(({ reason }) => reason), errors.map(({ source }) => source)],
      isDeleted ? [[], []] : [['read_failed'], ['logs']],
    );
    on.cluster.removePod(pod);
    const after = await on.collect();
    assert.deepEqual(
      after.gaps.map(({ reason }) => reason),
      ['gone'],
    );
  }
});

test('a connection that breaks in the middle of a log costs nothing but a second read', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  for (let i = 0; i < 100; i++) container.write(`line ${i}`);
  on.cluster.faults.add({ on: /\/log\?/, times: 1, effect: { kind: 'reset', afterBytes: 1500 } });
  const first = await on.collect();
  const head = on.lines.get('a/app') ?? [];
  assert.deepEqual(
    first.gaps.map(({ reason }) => reason),
    ['read_failed'],
  );
  await on.collect();
  assert.deepEqual(
    [...head, ...(on.lines.get('a/app') ?? [])],
    Array.from({ length: 100 }, (_, i) => `line ${i}`),
  );
});

test('more than a container may bring is told as a gap and read by the next collection', async () => {
  await using on = await Collecting.start();
  const container = on.cluster.addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) }).container();
  for (let i = 0; i < 100; i++) container.write(`line ${i}`.padEnd(100, '.'));
  const first = await on.collect({ maxPerContainer: 5000 });
  assert.equal(on.lines.get('a/app')?.length, 50);
  assert.deepEqual(
    first.gaps.map(({ reason }) => reason),
    ['truncated'],
  );
  const second = await on.collect({ maxPerContainer: 50_000 });
  assert.equal(on.lines.get('a/app')?.length, 50);
  assert.deepEqual(second.gaps, []);
});

test('a list of plain names asks for nothing cluster-wide, and one forbidden namespace keeps nothing else from being read', async () => {
  await using on = await Collecting.start();
  for (const namespace of ['shop', 'secret', 'other']) {
    on.cluster.addNamespace(namespace);
    on.cluster
      .addPod({ namespace, name: namespace, createdAt: ago(60_000) })
      .container()
      .write('hello');
  }
  on.cluster.deny({ namespace: 'secret' });
  const collection = await on.collect({ include: ['shop', 'secret'] });
  assert.deepEqual(collection.namespaces, ['shop']);
  assert.equal(collection.podsComplete, false);
  assert.deepEqual([...on.lines.keys()], ['shop/app']);
  const told = collection.errors.map(({ source, namespace, reason }) => `${source} ${namespace} ${reason}`);
  assert.deepEqual(told.sort(), ['events secret forbidden', 'metrics secret forbidden', 'pods secret forbidden']);
  assert.ok(on.cluster.traffic.requests.every(({ url }) => url.includes('/namespaces/')));
});

test('what is forbidden cluster-wide is asked for namespace by namespace', async () => {
  await using on = await Collecting.start();
  on.cluster
    .addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) })
    .container()
    .write('hello');
  on.cluster.deny({ resource: 'pods', namespace: null });
  on.cluster.deny({ resource: 'nodes' });
  const collection = await on.collect();
  assert.deepEqual([...on.lines.keys()], ['a/app']);
  assert.equal(collection.podsComplete, true);
  assert.deepEqual(
    collection.errors.map(({ source, reason }) => `${source} ${reason}`),
    ['nodes forbidden'],
  );
});

test('an excluded namespace is not read', async () => {
  await using on = await Collecting.start();
  on.cluster
    .addPod({ namespace: 'kube-system', name: 'a', createdAt: ago(60_000) })
    .container()
    .write('hello');
  const collection = await on.collect({ exclude: ['kube-*'] });
  assert.deepEqual([collection.states, on.lines.size], [[], 0]);
});

test('forbidden logs are one error, asked for once, and gaps', async () => {
  await using on = await Collecting.start();
  for (const name of ['a', 'b', 'c'])
    on.cluster
      .addPod({ namespace: 'default', name, createdAt: ago(60_000) })
      .container()
      .write('x');
  on.cluster.deny({ resource: 'pods', subresource: 'log' });
  const collection = await on.collect();
  assert.deepEqual(
    collection.errors.map(({ source, namespace, reason }) => `${source} ${namespace} ${reason}`),
    ['logs default forbidden'],
  );
  assert.equal(collection.gaps.length, 3);
  assert.ok(on.logReads() <= 2);
});

test('an absent metrics API and one that does not answer are told apart', async () => {
  await using on = await Collecting.start();
  on.cluster.setMetrics('absent');
  const absent = await on.collect();
  assert.equal(absent.usageSource, 'absent');
  assert.deepEqual(
    absent.errors.map(({ source, reason }) => `${source} ${reason}`),
    ['metrics absent'],
  );
  on.cluster.setMetrics('unavailable');
  const unavailable = await on.collect();
  assert.equal(unavailable.usageSource, 'unavailable');
  assert.deepEqual(
    unavailable.errors.map(({ source, reason }) => `${source} ${reason}`),
    ['metrics server_error'],
  );
});

test('a node whose reads fail five times in a row is left alone, the others are read', async () => {
  await using on = await Collecting.start();
  on.cluster.addNode('node-2');
  for (let i = 0; i < 20; i++) {
    const node = i < 15 ? 'node-1' : 'node-2';
    on.cluster
      .addPod({ namespace: 'default', name: `p${i}`, node, createdAt: ago(60_000) })
      .container()
      .write('hello');
  }
  const fault = on.cluster.faults.add({ node: 'node-1', effect: { kind: 'dial' } });
  const collection = await on.collect();
  assert.equal(on.lines.size, 5);
  // Two reads are under way when the fifth failure ends it.
  assert.ok(fault.hits >= 5 && fault.hits <= 6, `${fault.hits} tries`);
  const reasons = Map.groupBy(collection.gaps, ({ reason }) => reason);
  assert.equal(collection.gaps.length, 15);
  assert.ok((reasons.get('node_skipped')?.length ?? 0) >= 13);
  fault.remove();
  await on.collect();
  assert.equal(on.lines.size, 15);
});

test('an expired list is begun anew, and if it expires again the rest comes without a promise', async () => {
  await using on = await Collecting.start();
  for (let i = 0; i < 300; i++) on.cluster.addPod({ namespace: 'default', name: `p${i}`, run: false });
  on.cluster.expireContinuations(1);
  const anew = await on.collect();
  assert.deepEqual([anew.states.length, anew.podsComplete], [300, true]);
  on.cluster.expireContinuations(2);
  const rest = await on.collect();
  assert.equal(new Set(rest.states.map(({ uid }) => uid)).size, 300);
  assert.equal(rest.podsComplete, false);
  assert.deepEqual(rest.namespaces, []);
});

test('reads keep to 25 in flight and 2 per node, on at most 25 connections', async () => {
  await using on = await Collecting.start();
  for (let n = 0; n < 20; n++) {
    on.cluster.addNode(`n${n}`);
    for (let i = 0; i < 8; i++)
      on.cluster.addPod({ namespace: 'default', name: `p${n}-${i}`, node: `n${n}`, createdAt: ago(60_000) });
  }
  on.cluster.faults.add({ on: /\/log\?/, effect: { kind: 'slow', chunkBytes: 1, everyMs: 2 } });
  for (const pod of on.cluster.pods('default')) pod.container().write('x');
  await on.collect();
  const { peaks } = on.cluster.traffic;
  assert.equal(on.lines.size, 160);
  assert.ok(peaks.perNode === 2 && peaks.inFlight <= 25 && peaks.connections <= 25, JSON.stringify(peaks));
});

test('reads that must look at their pods first do not wait for each other', { timeout: 60_000 }, async () => {
  await using on = await Collecting.start({ maxInFlight: 1 });
  for (let n = 0; n < 5; n++) {
    on.cluster.addNode(`n${n}`);
    const pod = on.cluster.addPod({ namespace: 'default', name: `p${n}`, node: `n${n}`, createdAt: ago(60_000) });
    pod.container().write('one').restart({ exitCode: 1 }).write('two');
  }
  const collection = await on.collect();
  assert.deepEqual([collection.lines, collection.gaps.length], [10, 0]);
  assert.ok(on.cluster.traffic.requests.some(({ url }) => /\/pods\/p\d$/.test(url)));
});

test('a server that refuses who we are ends the collection', async () => {
  await using on = await Collecting.start();
  on.cluster.setToken('another');
  await assert.rejects(on.collect(), (error) => error instanceof CollectError && error.reason === 'unauthorized');
});

test('a server that is not there ends the collection after four tries', async () => {
  await using on = await Collecting.start();
  await on.cluster.close();
  await assert.rejects(on.collect(), (error) => error instanceof CollectError && error.reason === 'unreachable');
});

test('an abort ends the collection at once, also while an answer hangs', async () => {
  await using on = await Collecting.start();
  on.cluster
    .addPod({ namespace: 'default', name: 'a', createdAt: ago(60_000) })
    .container()
    .write('x');
  on.cluster.faults.add({ on: /\/log\?/, effect: { kind: 'hang', afterBytes: null } });
  const abort = new AbortController();
  const collecting = on.collect({ signal: abort.signal });
  const rejected = assert.rejects(collecting, (error) => error instanceof CollectError && error.reason === 'aborted');
  while (on.logReads() === 0) await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  await rejected;
});
