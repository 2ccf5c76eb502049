import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LastWords, MOST_INSTANCES } from '../../../src/app/cycle/last-words.ts';
import type { ReadTarget } from '../../../src/kubernetes/logs/read-targets.ts';
import { EngineRoom } from '../engine-room.ts';

const LOG = /pods\/checkout\/log/;
const { signal } = new AbortController();

async function opened() {
  const room = await EngineRoom.open();
  const pod = room.cluster.addPod({ namespace: 'shop', name: 'checkout' });
  const words = new LastWords({ session: room.session, collect: { maxLine: 4096, redact: ['default'] } });
  const target = async (): Promise<ReadTarget> => ({ pod: await room.look('checkout'), containers: null });
  /** Of the instance that ended last, as it stands in the pod. */
  const read = async (seen: ReadTarget) => {
    await words.read([seen], signal);
    const [container] = seen.pod.containers;
    const ended = container?.state.kind === 'terminated' ? container.state : container?.last;
    return words.of(ended?.containerID ?? '')?.map(({ text }) => text) ?? null;
  };
  return { room, pod, words, target, read };
}

suite('last words', () => {
  test('are those of the instance that ended, not of the one after it', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    pod.container().write('first').write('last').restart({ exitCode: 1 });
    pod.container().write('again');
    assert.deepEqual(await read(await target()), ['first', 'last']);
  });

  test('are found where the instance was followed by another since it was seen', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    pod.container().write('last').exit({ exitCode: 1 });
    const seen = await target();
    const later = Date.now() + 10_000;
    pod.container().start({ at: later }).write('again', { at: later });
    assert.deepEqual(await read(seen), ['last']);
  });

  test('count as those of the instance also where they came before the runtime had dated its start', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    const start = Math.floor(Date.now() / 1000) * 1000;
    pod.container().exit({ exitCode: 1, at: start - 60_000 });
    pod
      .container()
      .start({ at: start })
      .write('said at once', { at: start - 40 })
      .exit({ exitCode: 1, at: start });
    assert.deepEqual(await read(await target()), ['said at once']);
  });

  test('are not what the instance before said a moment before the start', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    const start = Math.floor(Date.now() / 1000) * 1000;
    pod
      .container()
      .write('of the first', { at: start - 300 })
      .exit({ exitCode: 1, at: start - 300 });
    pod.container().start({ at: start }).exit({ exitCode: 1, at: start });
    assert.equal(await read(await target()), null);
  });

  test('are as redacted as what is stored, also where a key begins far before them', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    const body = 'MIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9g0h1i2j3k4l5m6n7o8p9q0r1s2t3u4';
    for (let line = 0; line < 400; line++) pod.container().write(`line ${line}`);
    pod.container().write('-----BEGIN RSA PRIVATE KEY-----');
    for (let line = 0; line < 100; line++) pod.container().write(body);
    pod
      .container()
      .write('-----END RSA PRIVATE KEY-----')
      .write('password=hunter22hunter')
      .write('the end')
      .exit({ exitCode: 1 });
    const found = await read(await target());
    assert.equal(found?.at(-1), 'the end');
    assert.equal(
      found?.some((text) => text.includes(body) || text.includes('hunter22')),
      false,
    );
    assert.ok(found.length <= 64);
  });

  test('that do not come in time are done without', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    pod.container().write('last').exit({ exitCode: 1 });
    room.cluster.faults.add({ on: LOG, effect: { kind: 'hang', afterBytes: null } });
    const begun = performance.now();
    assert.equal(await read(await target()), null);
    assert.ok(performance.now() - begun < 30_000);
  });

  test('of what ended long ago are not asked for', async () => {
    const { room, pod, target, read } = await opened();
    await using _room = room;
    pod
      .container()
      .write('last')
      .exit({ exitCode: 1, at: Date.now() - 600_000 });
    const asked = room.cluster.faults.add({ on: LOG, effect: { kind: 'hang', afterBytes: null } });
    assert.equal(await read(await target()), null);
    assert.equal(asked.hits, 0);
  });

  test(`are kept of ${MOST_INSTANCES} instances, the newest`, async () => {
    const { room, pod, words, target } = await opened();
    await using _room = room;
    const ids: string[] = [];
    for (let instance = 0; instance <= MOST_INSTANCES; instance++) {
      pod.container().write(`words ${instance}`).restart({ exitCode: 1 });
      const seen = await target();
      await words.read([seen], signal);
      ids.push(seen.pod.containers[0]?.last?.containerID ?? '');
    }
    assert.equal(words.of(ids[0] ?? ''), null);
    assert.equal(ids.filter((id) => words.of(id) !== null).length, MOST_INSTANCES);
  });
});
