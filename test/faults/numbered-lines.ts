import assert from 'node:assert/strict';
import type { SimulatedContainer } from '../../demo/cluster/container.ts';
import type { Stage } from './stage.ts';
import type { TocsinDaemon } from './tocsin-daemon.ts';

/** One container that prints `line 1`, `line 2` and so on, and remembers when it printed each. */
export class NumberedLines {
  readonly pod: string;
  readonly container: SimulatedContainer;
  /** Epoch milliseconds of line N at index N - 1. */
  readonly printed: number[] = [];

  constructor(pod: string, container: SimulatedContainer) {
    this.pod = pod;
    this.container = container;
  }

  get key(): string {
    return `${this.pod}/${this.container.name}`;
  }

  print(count: number, at: number = Date.now()): void {
    for (let i = 0; i < count; i++) {
      this.printed.push(at);
      this.container.write(`line ${this.printed.length} of ${this.key}`, { at: BigInt(at) * 1_000_000n + BigInt(i) });
    }
  }
}

interface Gap {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** How many of the lines printed so far are missing within recorded gaps. Fails when one is stored twice, or missing outside of any gap. */
export async function assertEachOnce(
  stage: Stage,
  daemon: TocsinDaemon,
  writers: readonly NumberedLines[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map(writers.map(({ key, printed }) => [key, printed.length]));
  await daemon.cycles(2);
  const gaps = await recordedGaps(daemon);
  const { status, stdout, stderr } = await stage.command('logs', '--json', '--since', '24h', '--grep', '^line ');
  assert.equal(status, 0, stderr);
  const stored = new Map<string, Set<number>>(writers.map(({ key }) => [key, new Set()]));
  for (const row of stdout.trim().split('\n')) {
    const line: { pod: string; container: string; text: string } = JSON.parse(row);
    const number = Number(/^line (\d+) /.exec(line.text)?.[1]);
    const numbers = stored.get(`${line.pod}/${line.container}`);
    if (numbers === undefined) continue;
    assert.ok(!numbers.has(number), `line ${number} of ${line.pod}/${line.container} is stored twice`);
    numbers.add(number);
  }
  const missing = new Map<string, number>();
  for (const { key, printed } of writers) {
    const own = gaps.filter((gap) => gap.key === key);
    const lost = printed
      .slice(0, counts.get(key))
      .flatMap((at, index) => (stored.get(key)?.has(index + 1) ? [] : [{ number: index + 1, at }]));
    const outside = lost.filter(({ at }) => !own.some(({ from, to }) => at >= from && at <= to));
    assert.deepEqual(outside, [], `${key}: lost outside of its gaps ${JSON.stringify(own)}`);
    missing.set(key, lost.length);
  }
  return missing;
}

async function recordedGaps(daemon: TocsinDaemon): Promise<readonly Gap[]> {
  const cycles = await daemon.list('/api/v1/cycles?limit=1000');
  return cycles.flatMap((cycle) =>
    // Fixed by interface.md section 6.1.
    (cycle['gaps'] as { pod: string; container: string; from: string | null; to: string }[]).map((gap) => ({
      key: `${gap.pod}/${gap.container}`,
      from: gap.from === null ? 0 : Date.parse(gap.from),
      to: Date.parse(gap.to),
    })),
  );
}
