import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EVERY_LINE } from '../../../src/core/model/line-query.ts';
import { selector } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { eventually } from '../../faults/eventually.ts';
import { batchOf, EngineRoom, once } from '../engine-room.ts';

const terminated = rule('terminated', { count: 1, within: '1h' });
const notReady = rule('pod', { not_ready: true }, { alert: 'NotReady' });
const errors = rule('log_match', { level: 'error', above: 0, within: '5m' }, { alert: 'Errors' });

async function shop(room: EngineRoom, replicas = 2): Promise<void> {
  room.cluster.addWorkload({ namespace: 'shop', kind: 'Deployment', name: 'checkout', replicas });
  room.cluster.addWorkload({ namespace: 'shop', kind: 'Deployment', name: 'cart', replicas: 1 });
  for (const pod of room.cluster.pods('shop')) pod.container().write(`${pod.name} begins`);
  await room.scheduled();
}

/** Adds a pod whose log does not come before it is let go. */
function holdSlow({ cluster }: EngineRoom): { readonly letGo: () => void } {
  cluster.addPod({ namespace: 'shop', name: 'slow' }).container().write('x'.repeat(200));
  const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
  cluster.faults.add({ on: /pods\/slow\/log/, times: 1, effect: { kind: 'held', until } });
  return { letGo };
}

const firing = (room: EngineRoom) =>
  room.alerts
    .read()
    .alerts.filter(({ state }) => state === 'firing')
    .map(({ alert, labels, unknown }) => `${alert} ${labels['workload']}${unknown ? ' unknown' : ''}`);

suite('a targeted cycle', () => {
  test('reads the instance that ended, stores its lines, and tells of it', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    crashed.container().write('last words').restart({ exitCode: 1 });
    crashed.container().write('again');
    assert.deepEqual(await room.targeted(crashed.name), []);
    assert.deepEqual(firing(room), ['Test checkout']);
    const [row] = room.alerts.read().outbox;
    assert.equal(row?.receiver, 'inbox');
    const lines = await room.lines();
    assert.ok(lines.includes('last words') && lines.includes('again'));
    const evidence = await room.store.loadEvidence(room.alerts.read().alerts[0]?.id ?? '');
    assert.ok(evidence?.lastLines.some(({ text }) => text === 'last words'));
    assert.deepEqual(
      room.engine.window.cycles.map(({ trigger, pods, lines: count }) => [trigger, pods, count]),
      [
        ['scheduled', 3, 3],
        ['targeted', 1, 2],
      ],
    );
  });

  test('leaves no line out and brings none twice, also over a kill', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed, other] = room.cluster.pods('shop');
    assert.ok(crashed && other);
    crashed.container().write('one').restart({ exitCode: 1 });
    other.container().write('two');
    await room.targeted(crashed.name);
    await room.reopen();
    crashed.container().write('three').restart({ exitCode: 1 }).write('four');
    await room.targeted(crashed.name);
    await room.scheduled();
    await room.reopen();
    crashed.container().write('five');
    await room.scheduled();
    const lines = (await room.lines()).filter((line) => !line.endsWith('begins'));
    assert.deepEqual(lines.toSorted(), ['five', 'four', 'one', 'three', 'two']);
    assert.deepEqual(
      room.engine.window.cycles.flatMap(({ gaps }) => gaps.map(({ reason }) => reason)),
      [],
    );
    assert.equal(room.alerts.read().alerts.filter(({ alert }) => alert === 'Test').length, 1);
  });

  test('counts each restart once, whichever cycle saw it', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    const key = 'shop/Deployment/checkout';
    const restarts = () =>
      room.engine.window.restarts(key, 0, Number.MAX_SAFE_INTEGER).reduce((sum, { count }) => sum + count, 0);
    crashed.container().restart({ exitCode: 1 });
    await room.targeted(crashed.name);
    assert.equal(restarts(), 1);
    await room.scheduled();
    assert.equal(restarts(), 1);
    crashed.container().restart({ exitCode: 1 });
    await room.scheduled();
    await room.reopen();
    assert.equal(restarts(), 2);
    assert.equal(room.engine.window.terminations(key, 0, Number.MAX_SAFE_INTEGER).length, 2);
  });

  test('means nothing for the pods that it did not look at', async () => {
    await using room = await EngineRoom.open([notReady, terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    const cart = room.cluster.pods('shop').find(({ name }) => name.startsWith('cart'));
    assert.ok(crashed && cart);
    cart.container().setReady(false);
    await room.scheduled();
    assert.deepEqual(firing(room), ['NotReady cart']);
    cart.container().setReady(true);
    crashed.container().restart({ exitCode: 1 });
    for (let reads = 0; reads < 4; reads++) await room.targeted(crashed.name);
    assert.deepEqual(firing(room).toSorted(), ['NotReady cart', 'Test checkout']);
    const alert = room.alerts.read().alerts.find(({ alert: name }) => name === 'NotReady');
    assert.equal(alert?.falseCollections, 0);
    assert.equal(room.engine.window.newest?.pods.length, 3);
  });

  test('resolves nothing: that takes complete collections', async () => {
    await using room = await EngineRoom.open([notReady]);
    await shop(room, 1);
    const checkout = room.cluster.pods('shop').find(({ name }) => name.startsWith('checkout'));
    assert.ok(checkout);
    checkout.container().setReady(false);
    await room.targeted(checkout.name);
    assert.deepEqual(firing(room), ['NotReady checkout']);
    checkout.container().setReady(true);
    for (let reads = 0; reads < 4; reads++) await room.targeted(checkout.name);
    assert.deepEqual(firing(room), ['NotReady checkout']);
    await room.scheduled();
    assert.deepEqual(firing(room), ['NotReady checkout']);
    await room.scheduled();
    assert.deepEqual(firing(room), []);
  });

  test('judges no condition on logs', async () => {
    await using room = await EngineRoom.open([errors]);
    await shop(room);
    const [pod] = room.cluster.pods('shop');
    assert.ok(pod);
    pod.container().write('ERROR all is lost', { at: Date.now() - 120_000 });
    const before = room.alerts.read().judgedTo;
    await room.targeted(pod.name);
    assert.deepEqual(firing(room), []);
    assert.equal(room.alerts.read().judgedTo, before);
  });

  test('does not claim to have seen the minutes of its workload', async () => {
    await using room = await EngineRoom.open([errors]);
    await shop(room);
    const [pod] = room.cluster.pods('shop');
    assert.ok(pod);
    await room.targeted(pod.name);
    const minute = Math.floor(Date.now() / 60_000) + 1;
    assert.equal(room.engine.window.coverage('shop/Deployment/checkout', 'app', minute), 'unseen');
  });

  test('by a state that is older than what was read since misses nothing and reads nothing twice', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    crashed.container().write('one').restart({ exitCode: 1 });
    await room.scheduled();
    crashed.container().write('two').exit({ exitCode: 1 });
    const older = await room.look(crashed.name);
    await room.targeted(crashed.name);
    crashed.container().wait('CrashLoopBackOff');
    await room.targeted(crashed.name);
    await room.engine.targeted(once(batchOf([older], Date.now())), new AbortController().signal);
    await room.targeted(crashed.name);
    const lines = (await room.lines()).filter((line) => !line.endsWith('begins'));
    assert.deepEqual(lines.toSorted(), ['one', 'two']);
    assert.deepEqual(
      room.engine.window.cycles.flatMap(({ gaps }) => gaps),
      [],
    );
  });

  test('comes to nothing before the first scheduled one', async () => {
    await using room = await EngineRoom.open([terminated]);
    const pod = room.cluster.addPod({ namespace: 'shop', name: 'lonely' });
    pod.container().restart({ exitCode: 1 });
    assert.deepEqual(await room.targeted('lonely'), ['lonely']);
    assert.deepEqual(room.engine.window.cycles, []);
  });

  test('that was committed and not judged is judged at the next start', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    crashed.container().restart({ exitCode: 1 });
    const before = room.alerts.read();
    await room.targeted(crashed.name);
    await room.alerts.update(() => before);
    assert.deepEqual(firing(room), []);
    await room.reopen();
    assert.deepEqual(firing(room), ['Test checkout']);
  });

  test('tells a crash before a deletion from the end that the deletion brings', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    crashed.container().exit({ exitCode: 3 });
    const first = await room.look(crashed.name);
    crashed.markDeleted();
    const second = await room.look(crashed.name);
    const { reads, observed } = batchOf([second], Date.now());
    const batch = { reads, observed: [{ pod: first, seenAt: Date.now(), isGone: false }, ...observed] };
    await room.engine.targeted(once(batch), new AbortController().signal);
    assert.deepEqual(firing(room), ['Test checkout']);
    assert.equal(room.alerts.read().alerts[0]?.facts.exit_code, 3);
  });
});

suite('the next scheduled cycle', () => {
  const stored = (room: EngineRoom) => room.store.summaries().map(({ trigger, lines }) => `${trigger} ${lines}`);
  const listed = (room: EngineRoom) => room.engine.window.cycles.map(({ trigger, lines }) => `${trigger} ${lines}`);

  test('takes the targeted ones over, with all that they had', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    for (let crash = 0; crash < 3; crash++) {
      crashed.container().write(`words ${crash}`).restart({ exitCode: 1 });
      await room.targeted(crashed.name);
    }
    crashed.container().write('words 3');
    assert.deepEqual(stored(room), ['scheduled 3', 'targeted 1', 'targeted 1', 'targeted 1']);
    await room.scheduled();
    assert.deepEqual(stored(room), ['scheduled 3', 'scheduled 4']);
    assert.deepEqual(listed(room), stored(room));
    const key = 'shop/Deployment/checkout';
    const { engine } = room;
    const counts = () => {
      const at = room.engine.window.counts(key, 'app', { kind: 'everything' }, { match: [], except: [] });
      const minute = Math.floor(Date.now() / 60_000);
      return [minute - 1, minute].reduce((sum, each) => sum + (at?.at(each) ?? 0), 0);
    };
    const facts = () => [
      counts(),
      room.engine.window.restarts(key, 0, Number.MAX_SAFE_INTEGER).length,
      room.engine.window.terminations(key, 0, Number.MAX_SAFE_INTEGER).length,
      firing(room),
    ];
    const before = facts();
    await room.reopen();
    assert.notEqual(room.engine, engine);
    assert.deepEqual(listed(room), ['scheduled 3', 'scheduled 4']);
    assert.deepEqual(facts(), before);
    const lines = (await room.lines()).filter((line) => !line.endsWith('begins'));
    assert.deepEqual(lines, ['words 0', 'words 1', 'words 2', 'words 3']);
    crashed.container().write('words 4');
    await room.scheduled();
    assert.equal((await room.lines()).filter((line) => line.startsWith('words')).length, 5);
  });

  test('keeps what rules select by of a pod that was born and died in between', async () => {
    const selection = { match: [selector({ labels: { team: 'web' } })], except: [] };
    await using room = await EngineRoom.open([{ ...terminated, selection }]);
    await shop(room);
    const pod = room.cluster.addPod({ namespace: 'shop', name: 'brief', labels: { team: 'ops' } });
    pod.container().restart({ exitCode: 1 });
    await room.targeted('brief');
    room.cluster.removePod(pod);
    await room.scheduled();
    const ends = (of?: typeof selection) =>
      room.engine.window.terminations('shop/Pod/brief', 0, Number.MAX_SAFE_INTEGER, of).length;
    assert.deepEqual([ends(), ends(selection)], [1, 0]);
    await room.reopen();
    assert.deepEqual([ends(), ends(selection)], [1, 0]);
  });

  test('judges first what waits for its turn: of a pod that is gone by then it sees nothing', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    crashed.container().restart({ exitCode: 1 });
    // So many judgements of a namespace follow each other without a pause.
    for (let turn = 0; turn < 3; turn++) await room.targeted(crashed.name);
    const brief = room.cluster.addPod({ namespace: 'shop', name: 'brief' });
    brief.container().write('last words').exit({ exitCode: 3 });
    await room.targeted('brief');
    room.cluster.removePod(brief);
    assert.notEqual(room.engine.judgesAt, null);
    await room.scheduled();
    assert.equal(room.engine.judgesAt, null);
    const alert = room.alerts.read().alerts.find(({ labels }) => labels['workload'] === 'brief');
    assert.deepEqual([alert?.state, alert?.resolvedReason], ['resolved', 'workload is gone']);
    const evidence = await room.store.loadEvidence(alert?.id ?? '');
    assert.deepEqual(
      evidence?.lastLines.map(({ text }) => text),
      ['last words'],
    );
  });

  test('leaves those of its own time to the one after it', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const log = holdSlow(room);
    const cycle = room.scheduled();
    while ((room.engine.progress?.done ?? 0) < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    room.cluster.addPod({ namespace: 'shop', name: 'born' }).container().write('hello').restart({ exitCode: 1 });
    await room.targeted('born').finally(log.letGo);
    await cycle;
    assert.deepEqual(stored(room), ['scheduled 3', 'targeted 1', 'scheduled 1']);
    await room.scheduled();
    assert.deepEqual(stored(room), ['scheduled 3', 'scheduled 1', 'scheduled 1']);
    await room.reopen();
    assert.equal((await room.lines()).filter((line) => line === 'hello').length, 1);
    assert.deepEqual(firing(room), ['Test born']);
  });

  test('shows whoever follows the lines nothing twice', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    crashed.container().write('words 0').restart({ exitCode: 1 });
    await room.targeted(crashed.name);
    const afterCycle = room.engine.window.cycles.at(-1)?.id ?? null;
    crashed.container().write('words 1');
    await room.scheduled();
    const query = { ...EVERY_LINE, from: 0, to: Number.MAX_SAFE_INTEGER, afterCycle };
    const found: string[] = [];
    for await (const { text } of room.store.lines(query, new AbortController().signal)) found.push(text);
    assert.deepEqual(found, ['words 1']);
  });
});

suite('a targeted cycle beside a scheduled one', () => {
  /** Runs `during` while a scheduled cycle waits for the slow log of one pod. */
  async function beside(room: EngineRoom, during: () => Promise<void>): Promise<void> {
    const log = holdSlow(room);
    const cycle = room.scheduled();
    const pods = room.cluster.pods().length;
    while ((room.engine.progress?.done ?? 0) < pods - 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await during().finally(log.letGo);
    await cycle;
  }

  test('tells at once of a pod that the scheduled one has read, which reads its end once more', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    await beside(room, async () => {
      crashed.container().write('last words').restart({ exitCode: 1 });
      assert.deepEqual(await room.targeted(crashed.name), []);
      assert.deepEqual(firing(room), ['Test checkout']);
    });
    const evidence = await room.store.loadEvidence(room.alerts.read().alerts[0]?.id ?? '');
    assert.deepEqual(
      evidence?.lastLines.map(({ text }) => text),
      [`${crashed.name} begins`, 'last words'],
    );
    const [one, two, three, ...rest] = room.engine.window.cycles.map(({ id }) => id);
    assert.ok(one && two && three && one < two && two < three);
    assert.equal(rest.length, 0);
    await room.reopen();
    const lines = await room.lines();
    assert.equal(lines.filter((line) => line === 'last words').length, 1);
    assert.deepEqual(firing(room), ['Test checkout']);
  });

  test('saves the end of a pod that is deleted before the scheduled one is committed', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    const [crashed] = room.cluster.pods('shop');
    assert.ok(crashed);
    await beside(room, async () => {
      crashed.container().write('last words').exit({ exitCode: 1 });
      const reads = () =>
        room.cluster.traffic.requests.filter(
          ({ url, status }) => url.includes(`pods/${crashed.name}/log`) && status === 200 && !url.includes('tailLines'),
        ).length;
      const before = reads();
      assert.deepEqual(await room.targeted(crashed.name), []);
      // Two equal answers show that the end was read whole.
      await eventually('the end', 30_000, () => reads() >= before + 2);
      room.cluster.removePod(crashed);
    });
    assert.ok((await room.lines()).includes('last words'));
    assert.deepEqual(
      room.engine.window.cycles.flatMap(({ gaps }) => gaps),
      [],
    );
  });

  test('lets it read what a busy container has written since, once more and whole', async () => {
    await using room = await EngineRoom.open();
    await shop(room);
    const [busy] = room.cluster.pods('shop');
    assert.ok(busy);
    await beside(room, async () => {
      for (let line = 0; line < 5; line++) {
        busy.container().write(`line ${line}`);
        await eventually('a read', 30_000, async () => (await room.targeted(busy.name)).length === 0);
      }
    });
    const lines = (await room.lines()).filter((line) => line.startsWith('line'));
    assert.deepEqual(lines, ['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
  });

  test('leaves a container to be read later that the scheduled one reads right now', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    await beside(room, async () => {
      room.cluster.pod('shop', 'slow').container().exit({ exitCode: 1 });
      assert.deepEqual(await room.targeted('slow'), ['slow']);
    });
    assert.deepEqual(await room.targeted('slow'), []);
  });

  test('keeps a pod that was born after the list', async () => {
    await using room = await EngineRoom.open([terminated]);
    await shop(room);
    await beside(room, async () => {
      const born = room.cluster.addPod({ namespace: 'shop', name: 'born' });
      born.container().write('hello').restart({ exitCode: 1 });
      assert.deepEqual(await room.targeted('born'), []);
      assert.deepEqual(firing(room), ['Test born']);
    });
    assert.deepEqual(firing(room), ['Test born']);
    assert.ok(room.engine.window.newest?.pods.some(({ name }) => name === 'born'));
    await room.reopen();
    await room.scheduled();
    assert.deepEqual(firing(room), ['Test born']);
    assert.equal((await room.lines()).filter((line) => line === 'hello').length, 1);
    assert.deepEqual(
      room.engine.window.cycles.flatMap(({ gaps }) => gaps),
      [],
    );
  });

  test('judges what the scheduled one has listed by the newer state', async () => {
    await using room = await EngineRoom.open([terminated, notReady]);
    await shop(room, 1);
    const checkout = room.cluster.pods('shop').find(({ name }) => name.startsWith('checkout'));
    assert.ok(checkout);
    await beside(room, async () => {
      checkout.container().crash({ exitCode: 1 });
      await room.targeted(checkout.name);
      assert.deepEqual(firing(room).toSorted(), ['NotReady checkout', 'Test checkout']);
    });
    assert.deepEqual(firing(room).toSorted(), ['NotReady checkout', 'Test checkout']);
    for (const { falseCollections, falseSince } of room.alerts.read().alerts) {
      assert.equal(falseCollections, 0);
      assert.equal(falseSince, null);
    }
  });
});
