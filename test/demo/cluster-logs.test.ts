import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LogFile, type LogQuery } from '../../demo/cluster/log-file.ts';
import { logAnswer } from '../../demo/cluster/logs.ts';
import type { SimulatedPod } from '../../demo/cluster/pod.ts';
import { ClusterState, type ContainerOptions } from '../../demo/cluster/state.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const T0 = BigInt(NOW) * 1_000_000n;

function addPod(
  containers: readonly ContainerOptions[] = [{ name: 'app' }],
  options: { run?: boolean; node?: string } = {},
): SimulatedPod {
  const state = new ClusterState({ now: () => NOW, file: { maxBytes: 1_000_000, zone: 'Z' }, seed: 'test' });
  return state.addPod({ namespace: 'shop', name: 'web', node: 'node-1', containers, ...options });
}

function read(pod: SimulatedPod, query = '') {
  const answer = logAnswer(pod, 'web', new URLSearchParams(query), NOW);
  const body = answer.body.toString();
  return { status: answer.status, body: answer.type === 'application/json' ? String(JSON.parse(body).message) : body };
}

suite('what a log request reads', () => {
  const running = (pod: SimulatedPod) => pod.container().write('first');
  const states: readonly { name: string; arrange: (pod: SimulatedPod) => void; now: string; previous: string }[] = [
    { name: 'running', arrange: running, now: 'first\n', previous: 'previous terminated container "app" in pod "web" not found' },
    {
      name: 'running after a restart',
      arrange: (pod) => running(pod).restart().write('second'),
      now: 'second\n',
      previous: 'first\n',
    },
    {
      name: 'terminated after a restart',
      arrange: (pod) => running(pod).restart().write('second').exit(),
      now: 'second\n',
      previous: 'first\n',
    },
    { name: 'waiting after a crash', arrange: (pod) => running(pod).crash(), now: 'first\n', previous: 'first\n' },
    {
      name: 'running after two restarts',
      arrange: (pod) => running(pod).restart().write('second').restart().write('third'),
      now: 'third\n',
      previous: 'second\n',
    },
  ];
  for (const { name, arrange, now, previous } of states) {
    test(name, () => {
      const pod = addPod();
      arrange(pod);
      assert.equal(read(pod).body, now);
      assert.equal(read(pod, 'previous=true').body, previous);
    });
  }
});

test('a followed log goes on over rotations until its container ends', () => {
  const pod = addPod();
  pod.container().write('one');
  const got: string[] = [];
  const more = logAnswer(pod, 'web', new URLSearchParams('follow=true'), NOW).more;
  assert.ok(more);
  more({ write: (bytes) => void got.push(bytes.toString()), end: () => void got.push('end') }, 0);
  pod.container().write('two').rotateLog().write('three').exit().start().write('four');
  assert.deepEqual(got, ['one\n', 'two\n', 'three\n', 'end']);
});

test('a follow that was opened just before a rotation misses a whole file', () => {
  const pod = addPod();
  const got: string[] = [];
  const more = logAnswer(pod, 'web', new URLSearchParams('follow=true'), NOW).more;
  const stop = more?.({ write: (bytes) => void got.push(bytes.toString()), end() {} }, 1);
  pod.container().write('one').rotateLog().write('missed').rotateLog().write('two');
  stop?.();
  pod.container().write('unheard');
  assert.deepEqual(got, ['one\n', 'two\n']);
});

suite('a log that cannot be read', () => {
  const waiting = (reason: string) => () => {
    const pod = addPod([{ name: 'app' }], { run: false });
    pod.container().wait(reason);
    return pod;
  };
  const two = () => addPod([{ name: 'app' }, { name: 'mesh' }]);
  const cases: readonly { name: string; pod: () => SimulatedPod; query?: string; status: number; message: string }[] = [
    { name: 'not scheduled', pod: () => addPod([{ name: 'app' }], { node: '' }), status: 204, message: '' },
    {
      name: 'being created',
      pod: waiting('ContainerCreating'),
      status: 400,
      message: 'container "app" in pod "web" is waiting to start: ContainerCreating',
    },
    {
      name: 'without an image',
      pod: waiting('ErrImagePull'),
      status: 400,
      message: 'container "app" in pod "web" is waiting to start: image can\'t be pulled',
    },
    {
      name: 'still without an image',
      pod: waiting('ImagePullBackOff'),
      status: 400,
      message: 'container "app" in pod "web" is waiting to start: trying and failing to pull image',
    },
    {
      name: 'no container chosen',
      pod: two,
      status: 400,
      message: 'a container name must be specified for pod web, choose one of: [app mesh]',
    },
    {
      name: 'no such container',
      pod: two,
      query: 'container=db',
      status: 400,
      message: 'container db is not valid for pod web',
    },
    {
      name: 'two times to start from',
      pod: () => addPod(),
      query: 'sinceSeconds=1&sinceTime=2026-03-01T12:00:00Z',
      status: 422,
      message: 'PodLogOptions "" is invalid: at most one of `sinceTime` or `sinceSeconds` may be specified',
    },
  ];
  for (const { name, pod, query = '', status, message } of cases) {
    test(`${name} is answered ${status}`, () => assert.deepEqual(read(pod(), query), { status, body: message }));
  }

  test('a removed instance is answered 200 with the error as text', () => {
    const pod = addPod();
    pod.container().restart().collectGarbage();
    const reply = read(pod, 'previous=true');
    assert.equal(reply.status, 200);
    assert.match(reply.body, /^unable to retrieve container logs for containerd:\/\/[0-9a-f]{64}$/);
  });
});

suite('sinceTime', () => {
  test('is floored to its second and takes lines of that very moment', () => {
    const pod = addPod();
    const container = pod.container();
    for (const [text, offset] of [
      ['before', -1n],
      ['at', 0n],
      ['after', 900_000_000n],
    ] as const) {
      container.write(text, { at: T0 + offset });
    }
    assert.equal(read(pod, 'sinceTime=2026-03-01T12:00:00.950Z').body, 'at\nafter\n');
    assert.equal(read(pod, 'sinceTime=2026-03-01T13:00:00.95%2B01:00').body, 'at\nafter\n');
  });
});

suite('the kubelet reader', () => {
  const query = (more: Partial<LogQuery> = {}): LogQuery => ({
    since: null,
    timestamps: true,
    tailLines: null,
    limitBytes: null,
    ...more,
  });
  const file = (options: { maxBytes?: number; zone?: string } = {}) =>
    new LogFile({ maxBytes: options.maxBytes ?? 1_000_000, zone: options.zone ?? 'Z' });

  test('prefixes every logical line with nine digits and the zone of the node', () => {
    const log = file({ zone: '+02:00' });
    log.append(T0 + 5n, Buffer.from('text'));
    assert.equal(log.read(query()).toString(), '2026-03-01T14:00:00.000000005+02:00 text\n');
  });

  test('joins partial lines under the first one’s time, and gives a head-less rest when the head is too old', () => {
    const log = file();
    log.append(T0, Buffer.from('head '), false);
    log.append(T0 + 1_000_000_000n, Buffer.from('tail'));
    assert.equal(log.read(query()).toString(), '2026-03-01T12:00:00.000000000Z head tail\n');
    assert.equal(log.read(query({ since: T0 + 1n })).toString(), 'tail\n');
  });

  test('splits a line of more than 16 KiB and joins it again', () => {
    const log = file();
    const long = 'x'.repeat(40_000);
    log.append(T0, Buffer.from(long));
    assert.equal(log.read(query({ timestamps: false })).toString(), `${long}\n`);
    assert.equal(log.read(query({ timestamps: false, tailLines: 1 })).length, 40_000 - 2 * 16_384 + 1);
  });

  test('keeps a line of exactly 16 KiB whole', () => {
    const log = file();
    log.append(T0, Buffer.alloc(16_384, 'x'));
    assert.equal(log.read(query({ timestamps: false })).length, 16_385);
  });

  test('leaves an unterminated last line without its newline', () => {
    const log = file();
    log.append(T0, Buffer.from('one'));
    log.append(T0, Buffer.from('tw'), false);
    assert.ok(log.read(query()).toString().endsWith('Z tw'));
  });

  test('limitBytes cuts in the middle of a line, oldest first', () => {
    const log = file();
    for (const text of ['first', 'second']) log.append(T0, Buffer.from(text));
    assert.equal(log.read(query({ timestamps: false, limitBytes: 8 })).toString(), 'first\nse');
  });

  test('rotation at the bound drops what the file had', () => {
    const log = file({ maxBytes: 200 });
    for (let index = 0; index < 4; index++) log.append(T0, Buffer.from(`line ${index}`));
    assert.equal(log.rotations, 0);
    log.append(T0, Buffer.from('line 4'));
    assert.equal(log.rotations, 1);
    assert.equal(log.read(query()).length, 0);
    assert.equal(log.bytes, 0);
  });
});
