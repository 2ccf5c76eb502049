import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedPod } from '../../demo/cluster/pod.ts';
import { chance } from './chance.ts';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';

export interface KillRun {
  readonly kills: number;
  /** A life lasts up to so many milliseconds: mostly from when it is open, sometimes from the start of its process. */
  readonly longest: number;
  readonly seed: number;
  /** SIGKILL when left out. After SIGTERM next to nothing may come twice. */
  readonly signal?: 'SIGKILL' | 'SIGTERM';
}

/** Printed every so often, by every container. */
const PRINT_MS = 60;
const LINES_AT_ONCE = 3;

/**
 * Ends the daemon again and again at random moments while containers print, crash and rotate and new pods fall into crash loops,
 * and holds that nothing was lost: no line outside of a recorded gap, none twice, and every alert told to both receivers.
 */
export async function killRun(context: TestContext, { kills, longest, seed, signal = 'SIGKILL' }: KillRun): Promise<void> {
  context.diagnostic(`seed ${seed}`);
  await using stage = await Stage.open();
  await using traffic = new Traffic(stage, chance(seed + 1));
  const random = chance(seed);
  const victims: SimulatedPod[] = [];
  const ended = new Set<string>();
  let opened = 0;
  // What is rotated away before anybody has ever read it cannot be known to be missing.
  const first = stage.start();
  await first.cycles(1);
  await first.stop('SIGKILL');
  traffic.beRough();
  for (let kill = 1; kill <= kills; kill++) {
    const daemon = stage.start();
    if (kill % 2 === 1) victims.push(newVictim(stage, kill));
    if (random() < 0.75) await daemon.says(/msg=running/);
    await sleep(random() * longest); // the moment is the point of this test: while it opens, reads, commits, judges or sends
    assert.equal(daemon.ending, null, `start ${kill} failed:\n${daemon.log}`);
    const isOpen = daemon.count(/msg=running/) > 0;
    const asked = performance.now();
    const ending = await daemon.stop(signal);
    // Before it has opened, nobody listens to the signal.
    if (signal === 'SIGTERM' && isOpen) assert.deepEqual(ending, { status: 0, signal: null }, daemon.log);
    // The pods' grace period; shutdown.faults.ts holds the 20 s, on a machine that has nothing else to do.
    assert.ok(performance.now() - asked < 45_000, `end ${kill} took ${performance.now() - asked} ms:\n${daemon.log}`);
    assert.doesNotMatch(daemon.log, /level=error|set aside|bug/, `start ${kill}`);
    opened += daemon.count(/msg=running/);
    endOneThatWasTold(stage, victims, ended);
  }

  const daemon = stage.start();
  traffic.stop();
  await daemon.cycles(3);
  const names = victims.map(({ name }) => name);
  const owed = () =>
    names.flatMap((name) =>
      (['slack', 'mail'] as const).filter((kind) => !isTold(stage, kind, name)).map((kind) => `${kind}: ${name}`),
    );
  await eventually('every alert is told to both receivers', 180_000, () => owed().length === 0).catch(() =>
    assert.deepEqual(owed(), []),
  );
  await eventually('every end is told to both receivers', 180_000, () =>
    [...ended].every((name) => (['slack', 'mail'] as const).every((kind) => stage.headlines(kind, endOf(name)).length > 0)),
  );
  await eventually('nothing is owed', 120_000, async () => (await daemon.list('/api/v1/deliveries?status=pending')).length === 0);
  const falselyEnded = names.filter((name) => !ended.has(name) && stage.told.some(({ headline }) => endOf(name).test(headline)));
  assert.deepEqual(falselyEnded, [], 'no end is told of what has not ended');

  const missing = await assertEachOnce(stage, daemon, traffic.writers);
  for (const key of ['steady/app', 'steady/proxy']) assert.equal(missing.get(key), 0, `${key} never loses a line`);
  const twice = countTwice(stage);
  // Told to end, the daemon waits some seconds for the answer to a message that is under way.
  assert.ok(twice <= (signal === 'SIGTERM' ? 1 : 10), `${twice} messages came twice`);
  const { reasons } = await daemon.health();
  assert.deepEqual(
    reasons.filter((reason) => !/missed|no cycle has ended/.test(reason)),
    [],
    'nothing was damaged',
  );
  assert.deepEqual(await daemon.stop(), { status: 0, signal: null });
  context.diagnostic(
    `${kills} times ${signal}, ${opened} of them after it was open; ${traffic.writers.reduce((sum, { printed }) => sum + printed.length, 0)} lines, ` +
      `missing within gaps: ${[...missing].map(([key, count]) => `${key} ${count}`).join(', ')}; ${stage.told.length} messages, ${twice} twice`,
  );
}

function newVictim(stage: Stage, number: number): SimulatedPod {
  const pod = stage.cluster.addPod({ namespace: 'victims', name: `victim-${number}` });
  pod.container().write('about to fail').crash();
  return pod;
}

/** Removes the first pod that both receivers know to be failing: its end is to be told then. */
function endOneThatWasTold(stage: Stage, victims: readonly SimulatedPod[], ended: Set<string>): void {
  const pod = victims.find(({ name }) => !ended.has(name) && isTold(stage, 'slack', name) && isTold(stage, 'mail', name));
  if (pod === undefined) return;
  stage.cluster.removePod(pod);
  ended.add(pod.name);
}

function isTold(stage: Stage, kind: 'slack' | 'mail', name: string): boolean {
  return stage.headlines(kind, new RegExp(`victims/${name}:`)).length > 0;
}

function endOf(name: string): RegExp {
  return new RegExp(`^RESOLVED .*victims/${name}:`);
}

/** Messages beyond the first of the same receiver with the same headline. */
function countTwice(stage: Stage): number {
  const headlines = stage.told.map(({ kind, headline }) => `${kind} ${headline}`);
  return headlines.length - new Set(headlines).size;
}

/** Containers that print numbered lines: two that only do so, one that crashes, one whose log is rotated. */
class Traffic implements AsyncDisposable {
  readonly writers: readonly NumberedLines[];
  readonly #timer: NodeJS.Timeout;
  #rough = false;

  constructor({ cluster }: Stage, random: () => number) {
    const steady = cluster.addPod({ namespace: 'lines', name: 'steady', containers: [{ name: 'app' }, { name: 'proxy' }] });
    const crashing = cluster.addPod({ namespace: 'lines', name: 'crashing' });
    const rotating = cluster.addPod({ namespace: 'lines', name: 'rotating' });
    this.writers = [steady, crashing, rotating].flatMap((pod) =>
      pod.containers.map((container) => new NumberedLines(pod.name, container)),
    );
    this.#timer = setInterval(() => {
      for (const writer of this.writers) writer.print(LINES_AT_ONCE);
      if (!this.#rough) return;
      if (random() < 0.03) crashing.container().restart();
      if (random() < 0.03) rotating.container().rotateLog();
    }, PRINT_MS);
  }

  /** From now on containers crash and logs are rotated. */
  beRough(): void {
    this.#rough = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
  }
}
