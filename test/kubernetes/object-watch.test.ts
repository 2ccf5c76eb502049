import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { statusAnswer } from '../../demo/cluster/answer.ts';
import { systemClock } from '../../src/base/clock.ts';
import { compileGlob } from '../../src/base/glob.ts';
import { Metrics } from '../../src/base/metrics.ts';
import { ObjectWatch } from '../../src/kubernetes/watch/object-watch.ts';
import { eventually } from '../faults/eventually.ts';
import { Collecting } from './collecting.ts';

/** An object watch over a simulated cluster, and what it has shown. */
class Watching implements AsyncDisposable {
  readonly on: Collecting;
  readonly watch: ObjectWatch;
  readonly metrics = new Metrics();
  readonly seen: string[] = [];
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  private constructor(on: Collecting, include: readonly string[]) {
    this.on = on;
    this.watch = new ObjectWatch({
      session: on.session,
      metrics: this.metrics,
      include: include.map(compileGlob),
      exclude: [compileGlob('secret')],
      normalReasons: ['Killing'],
      redact: (text) => text.replaceAll('hunter2', '***'),
      onObject: ({ kind, namespace, name }) => this.seen.push(`${kind} ${namespace}/${name}`),
      onNode: ({ name, ready }) => this.seen.push(`Node ${name} ${ready}`),
      onEvent: ({ kind, name, message, count }) => this.seen.push(`event of ${kind} ${name}: ${message} ${count}`),
    });
    this.#done = this.watch.run(this.#abort.signal);
  }

  static async start(include: readonly string[]): Promise<Watching> {
    return new Watching(await Collecting.start({ clock: systemClock, random: () => 0 }), include);
  }

  async shows(text: string): Promise<void> {
    await eventually(`${text} among ${this.seen.join(', ')}`, 30_000, () => this.seen.includes(text));
  }

  async open(resource: string, connections: number): Promise<void> {
    await eventually(`watches of ${resource}`, 30_000, () => this.on.cluster.watches.openOf(resource) === connections);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#done;
    await this.on[Symbol.asyncDispose]();
  }
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `ns-${index}`);

suite('the watch of objects', () => {
  test('shows Jobs, workloads, nodes and Warning events of the chosen namespaces, redacted', async () => {
    await using watching = await Watching.start(['*']);
    const { cluster } = watching.on;
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'] as const) {
      await watching.open(`${kind.toLowerCase()}s`, 1);
      cluster.addWorkload({ namespace: 'shop', kind, name: 'checkout' });
      cluster.addWorkload({ namespace: 'secret', kind, name: 'hidden' });
      await watching.shows(`${kind} shop/checkout`);
    }
    cluster.nodes[0]?.setReady('Unknown');
    await watching.shows('Node node-1 Unknown');
    const event = { namespace: 'shop', kind: 'Deployment', name: 'checkout', reason: 'Failed' };
    cluster.addEvent({ ...event, type: 'Normal', message: 'as ever' });
    await watching.open('events', 2);
    cluster.addEvent({ ...event, type: 'Normal', reason: 'Killing', message: 'Stopping container app as ever' });
    cluster.addEvent({ ...event, type: 'Normal', reason: 'Killing', message: 'failed liveness probe' });
    await watching.shows('event of Deployment checkout: failed liveness probe 1');
    cluster.addEvent({ ...event, message: 'password hunter2', count: 2 });
    await watching.shows('event of Deployment checkout: password *** 2');
    assert.equal(
      watching.seen.some((text) => text.includes('hidden') || text.includes('as ever')),
      false,
    );
    assert.deepEqual(watching.watch.problems, []);
  });

  test('leaves it to the watch of pods to tell of an outage, and goes on after it', async () => {
    await using watching = await Watching.start(['*']);
    const { cluster } = watching.on;
    await watching.open('jobs', 1);
    const away = cluster.faults.add({ effect: { kind: 'answer', answer: statusAnswer(503, 'ServiceUnavailable', 'starting') } });
    cluster.watches.drop();
    await eventually('failures', 30_000, () => away.hits > 5);
    assert.deepEqual(watching.watch.problems, []);
    away.remove();
    cluster.addWorkload({ namespace: 'shop', kind: 'Job', name: 'late' });
    await watching.shows('Job shop/late');
  });

  test('takes up other reasons of Normal events while it runs, four at most', async () => {
    await using watching = await Watching.start(['*']);
    const { cluster } = watching.on;
    await watching.open('events', 2);
    const happen = (reason: string) =>
      cluster.addEvent({ namespace: 'shop', kind: 'Pod', name: 'web', type: 'Normal', reason, message: reason });
    watching.watch.useReasons(['Preempted', 'Killing']);
    await watching.open('events', 3);
    happen('Preempted');
    await watching.shows('event of Pod web: Preempted 1');
    watching.watch.useReasons(['Preempted']);
    await watching.open('events', 2);
    happen('Killing');
    happen('Preempted');
    await watching.shows('event of Pod web: Preempted 2');
    assert.equal(
      watching.seen.some((text) => text.includes('Killing')),
      false,
    );
    watching.watch.useReasons(['A', 'B', 'C', 'D', 'E']);
    await watching.open('events', 5);
    assert.match(watching.metrics.render(), /tocsin_watch_connections\{resource="events Preempted"\} 0/);
  });

  test('asks for nothing of the whole cluster where the namespaces have no glob', async () => {
    await using watching = await Watching.start(names(2));
    for (const resource of ['jobs', 'deployments', 'statefulsets', 'daemonsets']) await watching.open(resource, 2);
    await watching.open('events', 4);
    const asked = watching.on.cluster.traffic.requests.map(({ url }) => url);
    assert.deepEqual(
      asked.filter((url) => !/\/namespaces\/ns-[01]\//.test(url)),
      [],
    );
  });

  test('leaves resources out where the namespaces are too many for all, with room for the pods', async () => {
    await using watching = await Watching.start(names(15));
    const watched = () =>
      watching.on.cluster.traffic.requests.flatMap(({ url }) => /namespaces\/ns-\d+\/(\w+)\?watch=1/.exec(url)?.[1] ?? []);
    await eventually('the watches', 120_000, () => watched().length >= 30);
    assert.deepEqual(new Set(watched()), new Set(['jobs', 'deployments']));
    assert.doesNotMatch(watching.metrics.render(), /resource="events"/);
  });
});
