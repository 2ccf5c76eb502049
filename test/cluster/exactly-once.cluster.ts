import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSize } from '../../src/base/size.ts';
import { eventually, freshNamespace, kubectl, removeNamespace, scriptPod } from './kubectl.ts';
import { TocsinProcess } from './tocsin-process.ts';

const NAMESPACE = 'tocsin-exactly-once';
const PORT = 18_431;
const LINES = Number(process.env['TOCSIN_TEST_LINES'] ?? 60_000);
const PER_SECOND = 200;
/** What makes the kubelet rotate a log of 10 MiB, its default, about every 90 seconds at this rate. */
const PADDING = 'x'.repeat(550);
/** Time, stream and tag before each line in the kubelet's file. */
const PREFIX_BYTES = 45;

const SETTINGS = `
cluster: { name: test }
namespaces: { include: [${NAMESPACE}] }
schedule: "*/30 * * * * *"
status_page: { listen: 127.0.0.1:${PORT} }
`;

/** Prints numbered lines at a steady rate; busybox's sleep takes fractions. */
function numbers(padding: string): string {
  const burst = PER_SECOND / 10;
  return `i=0; while [ $i -lt ${LINES} ]; do n=0; while [ $n -lt ${burst} ]; do i=$((i+1)); n=$((n+1)); echo "line $i ${padding}"; done; sleep 0.1; done; sleep 3600`;
}

before(() => freshNamespace(NAMESPACE));
after(() => removeNamespace(NAMESPACE));

test('numbered lines are stored exactly once through rotations and three kill -9, and what is missing lies in a recorded gap', async (t) => {
  const tocsin = new TocsinProcess(SETTINGS);
  await kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], scriptPod('small', numbers('')));
  await kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], scriptPod('rotating', numbers(PADDING)));
  tocsin.start();
  const started = Date.now();
  const seconds = LINES / PER_SECOND;
  for (let kill = 1; kill <= 3; kill++) {
    await sleep(Math.max(0, started + (kill * seconds * 1000) / 4 + kill * 7_000 - Date.now()));
    assert.ok(tocsin.running, tocsin.log);
    await tocsin.stop('SIGKILL');
    tocsin.start();
  }
  const last = (pod: string) => {
    const { stdout } = tocsin.command('logs', `${NAMESPACE}/${pod}`, '--json', '--grep', `^line ${LINES} `);
    return stdout.includes(`line ${LINES} `);
  };
  await eventually('the last line of both pods is stored', seconds + 300, () => last('small') && last('rotating'));
  const recorded = await gapsOf();
  assert.equal(await tocsin.stop(), 0, tocsin.log);

  const rotatesAt = await rotationSize();
  for (const [pod, padding] of [
    ['small', ''],
    ['rotating', PADDING],
  ] as const) {
    // Without a rotation nothing may be missing; a rotation takes with it what was printed since the last read.
    const mayLose = LINES * (PREFIX_BYTES + `line ${LINES} ${padding}\n`.length) > rotatesAt;
    const { status, stdout, stderr } = tocsin.command('logs', `${NAMESPACE}/${pod}`, '--json', '--since', '24h');
    assert.equal(status, 0, stderr);
    const at = new Map<number, number>();
    for (const row of stdout.trim().split('\n')) {
      const line: { at: string; text: string } = JSON.parse(row);
      const number = Number(/^line (\d+) ?/.exec(line.text)?.[1]);
      assert.ok(!at.has(number), `${pod}: line ${number} is there twice`);
      at.set(number, Date.parse(line.at));
    }
    const gaps = recorded.filter((gap) => gap.pod === pod);
    const missing = Array.from({ length: LINES }, (_, i) => i + 1).filter((number) => !at.has(number));
    t.diagnostic(`${pod}: ${at.size} of ${LINES} stored, ${missing.length} missing, ${gaps.length} gaps`);
    if (!mayLose) assert.deepEqual(missing, []);
    for (const number of missing) {
      if (number > 1 && !at.has(number - 1)) continue;
      // What is missing was printed between its stored neighbours: the gap has to span all of that.
      let next = number + 1;
      while (next <= LINES && !at.has(next)) next++;
      const from = at.get(number - 1) ?? 0;
      const to = at.get(next) ?? Number.POSITIVE_INFINITY;
      assert.ok(
        gaps.some((gap) => (gap.from ?? 0) <= from && gap.to >= to),
        `${pod}: lines ${number} to ${next - 1}, printed between ${from} and ${to}, are in no gap of ${JSON.stringify(gaps)}`,
      );
    }
  }
});

/** The size at which the kubelet of some node rotates a container's log, in bytes. */
async function rotationSize(): Promise<number> {
  const [node] = JSON.parse(await kubectl(['get', 'nodes', '-o', 'json'])).items;
  const { kubeletconfig } = JSON.parse(await kubectl(['get', '--raw', `/api/v1/nodes/${node.metadata.name}/proxy/configz`]));
  return parseSize(kubeletconfig.containerLogMaxSize) ?? assert.fail(`no size: ${kubeletconfig.containerLogMaxSize}`);
}

interface GapJson {
  readonly pod: string;
  readonly from: string | null;
  readonly to: string;
}

async function gapsOf(): Promise<readonly { readonly pod: string; readonly from: number | null; readonly to: number }[]> {
  const response = await fetch(`http://127.0.0.1:${PORT}/api/v1/cycles?limit=1000&since=24h`);
  assert.equal(response.status, 200);
  const { items }: { items: { gaps: GapJson[] }[] } = JSON.parse(await response.text());
  return items
    .flatMap((cycle) => cycle.gaps)
    .map(({ pod, from, to }) => ({ pod, from: from === null ? null : Date.parse(from), to: Date.parse(to) }));
}
