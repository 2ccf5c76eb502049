import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { suite, test } from 'node:test';
import { eventually } from './eventually.ts';
import { Stage } from './stage.ts';

const RULES = `
rules:
  - alert: CrashLoop
    crash_loop: { restarts: 2, within: 30m }
    severity: critical
    summary: "{{ workload }} crashes"
  - alert: NotReady
    pod: { not_ready: true }
    summary: "{{ workload }} is not ready"
`;

/** A port that nobody uses at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  return Stage.open({ rules: RULES, settings: { status_page: { listen: `127.0.0.1:${await freePort()}` }, ...settings } });
}

function crash(stage: Stage, name: string, annotations: Readonly<Record<string, string>> = {}): void {
  stage.cluster.addPod({ namespace: 'shop', name, annotations }).container().write('x').crash();
}

interface AlertJson {
  readonly labels: Readonly<Record<string, string>>;
  readonly alert: string;
  readonly silenced: boolean;
  readonly suppressed: { readonly by: string } | null;
}

suite('noise control', () => {
  test('a silence made on the store holds in the next run, and its end lets go', async () => {
    await using stage = await open();
    crash(stage, 'quiet');
    crash(stage, 'loud');
    const nobody = await stage.command('silence', 'list');
    assert.deepEqual([nobody.status, nobody.stdout], [1, '']);
    assert.match(
      nobody.stderr,
      /^tocsin silence: there is no store at \S+ \(--data says where\), and no daemon: could not ask a daemon at http:\/\/127\.0\.0\.1:\d+ \(--url says where one is\): connect ECONNREFUSED \S+\n$/,
    );

    // The first run makes the store, and reads nothing that would be told.
    stage.writeRules('rules: []\n');
    assert.equal((await stage.command('once')).status, 0);
    stage.writeRules(RULES);
    const made = await stage.command(
      'silence',
      'add',
      '--match',
      'workload=qui*',
      '--for',
      '2h',
      '--comment',
      'deploy',
      '--json',
    );
    assert.equal(made.status, 0, made.stderr);
    const { id, match, comment } = JSON.parse(made.stdout);
    assert.deepEqual([match, comment], [{ workload: 'qui*' }, 'deploy']);

    assert.equal((await stage.command('once')).status, 0);
    assert.deepEqual(stage.headlines('slack', /quiet/), []);
    assert.equal(stage.headlines('slack', /loud/).length, 1);
    const listed = await stage.command('alerts', '--json');
    const alerts: readonly AlertJson[] = JSON.parse(listed.stdout).items;
    assert.equal(alerts.filter(({ silenced, suppressed }) => silenced && suppressed?.by === 'silence').length, 2, listed.stdout);
    assert.match((await stage.command('alerts')).stdout, /firing \(silenced\)/);
    const table = (await stage.command('silence', 'list')).stdout;
    assert.match(table, new RegExp(`^${id} +active +(?:2 h|1 h 59 min) +workload=qui\\* +2 `, 'm'));

    assert.equal((await stage.command('silence', 'end', id)).status, 0);
    assert.equal((await stage.command('once')).status, 0);
    assert.equal(stage.headlines('slack', /quiet/).length, 1);
    assert.equal((await stage.command('silence', 'end', 'nothing')).status, 1);
  });

  test('through a running daemon a silence holds at once, survives a kill, and its end is told', async () => {
    await using stage = await open();
    crash(stage, 'loud');
    const first = stage.start();
    await stage.inbox.waitFor(({ kind, headline }) => kind === 'slack' && /loud/.test(headline), 90_000);
    const made = await stage.command('silence', 'add', '--match', 'workload=quiet', '--for', '2h');
    assert.equal(made.status, 0, made.stderr);
    assert.match(
      made.stdout,
      /^silence [\w-]{8} until \S+ \(through http:\/\/127\.0\.0\.1:\d+\)\nno alert matches at the moment\n$/,
    );
    crash(stage, 'quiet');
    await eventually('it is silenced', 90_000, () => isSilenced(first));
    await first.stop('SIGKILL');

    const second = stage.start();
    await second.cycles(2);
    assert.ok(await isSilenced(second));
    assert.deepEqual(stage.headlines('slack', /quiet/), []);
    const [silence] = JSON.parse((await stage.command('silence', 'list', '--json')).stdout).items;
    assert.equal((await stage.command('silence', 'end', silence.id)).status, 0);
    await stage.inbox.waitFor(({ kind, headline }) => kind === 'slack' && /quiet/.test(headline), 90_000);
    assert.equal((await second.get('/silences')).status, 200);
  });

  test('what another alert explains, and what a workload asks not to be told, is not told', async () => {
    await using stage = await open({
      inhibit: [{ source: { alert: 'CrashLoop' }, target: { alert: 'NotReady' }, equal: ['namespace', 'workload'] }],
    });
    crash(stage, 'loud');
    crash(stage, 'ignored', { 'tocsin.dev/ignore': 'true' });
    crash(stage, 'mailed', { 'tocsin.dev/receivers': 'mail' });
    crash(stage, 'confused', { 'tocsin.dev/ignore': 'yes please' });
    const daemon = stage.start();
    await daemon.cycles(2);
    await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /mailed/.test(headline), 90_000);
    await eventually('Slack was told', 90_000, () => stage.headlines('slack').length >= 2);
    const told = stage.headlines('slack').map((headline) => /shop\/(\w+): (\w+)/.exec(headline)?.slice(1, 3).join(' '));
    assert.deepEqual(told.toSorted(), ['confused CrashLoop', 'loud CrashLoop']);
    const alerts = (await daemon.list('/api/v1/alerts?limit=100')) as unknown as readonly AlertJson[];
    const by = new Set(
      alerts.map(({ alert, labels, suppressed }) => `${labels['workload']} ${alert} ${suppressed?.by ?? 'told'}`),
    );
    assert.deepEqual([...by].toSorted(), [
      'confused CrashLoop told',
      'confused NotReady inhibition',
      'ignored CrashLoop ignore',
      'ignored NotReady ignore',
      'loud CrashLoop told',
      'loud NotReady inhibition',
      'mailed CrashLoop told',
      'mailed NotReady inhibition',
    ]);
    assert.match(
      (await daemon.get('/healthz')).text,
      /shop\/Pod\/confused: annotation tocsin\.dev\/ignore says \\"yes please\\", expected \\"true\\" or \\"false\\"/,
    );
  });
});

/** Whether `quiet` has alerts, and all of them are silenced. */
async function isSilenced(daemon: ReturnType<Stage['start']>): Promise<boolean> {
  const alerts = (await daemon.list('/api/v1/alerts?limit=100&workload=quiet')) as unknown as readonly AlertJson[];
  return alerts.length > 0 && alerts.every((alert) => alert.silenced);
}
