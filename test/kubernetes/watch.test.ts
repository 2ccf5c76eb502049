import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { statusAnswer } from '../../demo/cluster/answer.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { compileGlob } from '../../src/base/glob.ts';
import { createLogger, type Logger, silentLogger } from '../../src/base/logger.ts';
import { Metrics } from '../../src/base/metrics.ts';
import type { PodState } from '../../src/core/model/pod.ts';
import { PodWatch } from '../../src/kubernetes/watch/pod-watch.ts';
import { readWatch } from '../../src/kubernetes/watch/watch-events.ts';
import { MOST_WATCHES } from '../../src/kubernetes/watch/watch-scope.ts';
import { eventually } from '../faults/eventually.ts';
import { Collecting } from './collecting.ts';
import { lentBody } from './lent-body.ts';

/** A pod watch over a simulated cluster, and what it has shown. */
class Watching implements AsyncDisposable {
  readonly on: Collecting;
  readonly watch: PodWatch;
  readonly metrics = new Metrics();
  readonly seen: string[] = [];
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  private constructor(on: Collecting, options: { readonly include: readonly string[]; readonly idle: number }) {
    this.on = on;
    this.watch = new PodWatch({
      session: on.session,
      metrics: this.metrics,
      include: options.include.map(compileGlob),
      exclude: [compileGlob('secret')],
      redact: (text) => text.replaceAll('hunter2', '***'),
      idle: options.idle,
      onPod: (pod, isGone) => this.seen.push(shown(pod, isGone)),
    });
    this.#done = this.watch.run(this.#abort.signal);
  }

  static async start(
    options: {
      readonly include?: readonly string[];
      readonly idle?: number;
      readonly clock?: Clock;
      readonly logger?: Logger;
    } = {},
  ): Promise<Watching> {
    const { clock = systemClock, logger = silentLogger } = options;
    const on = await Collecting.start({ clock, logger, random: () => 0 });
    on.cluster.addPod({ namespace: 'shop', name: 'checkout' });
    on.cluster.addPod({ namespace: 'secret', name: 'hidden' });
    return new Watching(on, { include: ['*'], idle: 60_000, ...options });
  }

  get cluster(): Collecting['cluster'] {
    return this.on.cluster;
  }

  /** Waits until it watches over so many connections. */
  async open(connections = 1): Promise<void> {
    await eventually('an open watch', 30_000, () => this.cluster.watches.open === connections);
  }

  async shows(text: string): Promise<void> {
    await eventually(`${text} among ${this.seen.join(', ')}`, 30_000, () => this.seen.includes(text));
  }

  requests(pattern: RegExp): number {
    return this.cluster.traffic.requests.filter(({ url }) => pattern.test(url)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#done;
    await this.on[Symbol.asyncDispose]();
  }
}

function shown({ name, containers }: PodState, isGone: boolean): string {
  return `${name} ${isGone ? 'gone' : (containers[0]?.restarts ?? 0)}`;
}

suite('the pod watch', () => {
  test('shows the pods that there are, then each change of them, and what goes', async () => {
    await using watching = await Watching.start();
    await watching.open();
    const { cluster } = watching;
    await watching.shows('checkout 0');
    cluster.pod('shop', 'checkout').container().restart();
    await watching.shows('checkout 1');
    cluster.addPod({ namespace: 'shop', name: 'cart' });
    await watching.shows('cart 0');
    cluster.removePod(cluster.pod('shop', 'cart'));
    await watching.shows('cart gone');
    assert.ok(!watching.seen.some((text) => text.startsWith('hidden')));
    assert.equal(watching.requests(/pods\?limit/), 1);
  });

  test('resumes where it was when the server ends it: nothing is listed again, nothing is missed, nothing comes twice', async () => {
    await using watching = await Watching.start();
    await watching.open();
    const { cluster } = watching;
    cluster.pod('shop', 'checkout').container().restart();
    await watching.shows('checkout 1');
    cluster.watches.drop();
    cluster.pod('shop', 'checkout').container().restart();
    await watching.shows('checkout 2');
    assert.deepEqual(watching.seen, ['checkout 0', 'checkout 1', 'checkout 2']);
    assert.equal(watching.requests(/pods\?limit/), 1);
  });

  test('resumes from a bookmark, so that a quiet watch does not grow too old', async () => {
    await using watching = await Watching.start();
    await watching.open();
    const { cluster } = watching;
    cluster.addNamespace('other');
    cluster.watches.bookmark();
    cluster.watches.drop();
    await eventually('a second watch', 30_000, () => watching.requests(/watch=1/) === 2);
    const [first, second] = cluster.traffic.requests
      .filter(({ url }) => url.includes('watch=1'))
      .map(({ url }) => Number(new URL(url, 'https://api').searchParams.get('resourceVersion')));
    assert.ok(first !== undefined && second !== undefined && second > first);
  });

  test('lists anew when the server has forgotten where it stood', async () => {
    await using watching = await Watching.start();
    await watching.open();
    const { cluster } = watching;
    cluster.watches.expire();
    cluster.pod('shop', 'checkout').container().restart();
    await watching.shows('checkout 1');
    assert.equal(watching.requests(/pods\?limit/), 2);
    assert.deepEqual(watching.watch.problems, []);
  });

  test('opens a connection anew on which not even bookmarks come', async () => {
    await using watching = await Watching.start({ idle: 300 });
    watching.cluster.watches.silence();
    await watching.open();
    watching.cluster.watches.silence(false);
    await eventually('a second watch', 30_000, () => watching.requests(/watch=1/) > 1);
    watching.cluster.pod('shop', 'checkout').container().restart();
    await watching.shows('checkout 1');
    assert.match(watching.metrics.render(), /tocsin_watch_reconnects_total\{reason="timeout"\}/);
  });

  test('says nothing of a connection that breaks off and is opened again at once, but of one that breaks off again', async () => {
    let ahead = 0;
    const clock = { ...systemClock, monotonic: () => performance.now() + ahead };
    let said = '';
    const logger = createLogger({ level: 'info', write: (line) => (said += line), now: () => 0 });
    await using watching = await Watching.start({ idle: 300, clock, logger });
    watching.cluster.watches.silence();
    await watching.open();
    ahead = 10_000;
    await eventually('a second watch', 30_000, () => watching.requests(/watch=1/) === 2);
    assert.equal(said, '');
    await eventually('a word', 30_000, () => said.includes('pods cannot be watched'));
    assert.ok(watching.requests(/watch=1/) >= 2);
  });

  test('goes on after the API server was away', async () => {
    await using watching = await Watching.start();
    await watching.open();
    const { cluster } = watching;
    const away = cluster.faults.add({ effect: { kind: 'answer', answer: statusAnswer(503, 'ServiceUnavailable', 'starting') } });
    cluster.watches.drop();
    await eventually('failures', 30_000, () => away.hits > 2);
    assert.equal(watching.watch.problems.length, 1);
    cluster.pod('shop', 'checkout').container().restart();
    away.remove();
    await watching.shows('checkout 1');
    assert.deepEqual(watching.watch.problems, []);
  });

  test('tells once that it is forbidden, and asks no more for a while', async () => {
    await using watching = await Watching.start();
    const { cluster } = watching;
    cluster.deny({ verb: 'watch', resource: 'pods' });
    await eventually('a refusal', 30_000, () => watching.watch.problems.length === 1);
    assert.match(watching.watch.problems[0] ?? '', /the cluster: .*forbidden/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(watching.requests(/watch=1/), 1);
  });

  test('asks only for the namespaces of a list without globs, each over its own connection', async () => {
    await using watching = await Watching.start({ include: ['shop', 'secret', 'other'] });
    await watching.open(2);
    await watching.shows('checkout 0');
    assert.equal(watching.requests(/^\/api\/v1\/pods/), 0);
    assert.equal(watching.requests(/namespaces\/secret/), 0);
    const connected = /tocsin_watch_connections\{resource="pods"\} 2/;
    await eventually('both in the metrics', 30_000, () => connected.test(watching.metrics.render()));
  });

  test('watches no more namespaces than its bound, and says how many it leaves out', async () => {
    const include = Array.from({ length: MOST_WATCHES + 3 }, (_, index) => `ns-${index}`);
    await using watching = await Watching.start({ include });
    // Not how many are open at once: on a busy machine some of so many handshakes fail, and are tried again.
    const watched = () =>
      new Set(watching.cluster.traffic.requests.map(({ url }) => /namespaces\/([^/]+)\/pods\?watch=1/.exec(url)?.[1] ?? ''));
    await eventually('a watch of each', 120_000, () => include.slice(0, MOST_WATCHES).every((name) => watched().has(name)));
    assert.equal(
      include.slice(MOST_WATCHES).some((name) => watched().has(name)),
      false,
    );
    assert.match(watching.watch.problems.at(-1) ?? '', /^3 namespaces/);
  });
});

suite('the events of a watch', () => {
  const event = (type: string, object: unknown = { metadata: { resourceVersion: '7' } }) =>
    `${JSON.stringify({ type, object })}\n`;
  const read = async (...chunks: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    const body = lentBody(chunks.map((chunk) => Buffer.from(chunk)));
    await readWatch('/pods', body, ({ type, resourceVersion }) => found.push(`${type} ${resourceVersion}`));
    return found;
  };

  test('come whole, wherever the chunks are cut', async () => {
    const text = event('ADDED') + event('BOOKMARK') + event('DELETED', { metadata: { name: 'ü', resourceVersion: '8' } });
    const whole = ['ADDED 7', 'BOOKMARK 7', 'DELETED 8'];
    for (let cut = 0; cut < text.length; cut++) assert.deepEqual(await read(text.slice(0, cut), text.slice(cut)), whole);
  });

  test('that are cut off at the end do not count', async () => {
    assert.deepEqual(await read(event('ADDED'), event('MODIFIED').slice(0, -5)), ['ADDED 7']);
  });

  for (const [what, text, reason] of [
    ['an ERROR of 410', event('ERROR', { code: 410, reason: 'Expired', message: 'too old resource version' }), 'expired'],
    ['an ERROR of 500', event('ERROR', { code: 500, message: 'etcd is gone' }), 'server_error'],
    ['an unknown type', event('SURPRISE'), 'invalid_answer'],
    ['no JSON', 'upstream connect error\n', 'invalid_answer'],
    ['an event without an end', 'x'.repeat(9 * 1024 * 1024), 'invalid_answer'],
  ] as const) {
    test(`end with a failure for ${what}`, async () => {
      await assert.rejects(read(text), { name: 'CollectError', reason });
    });
  }
});
