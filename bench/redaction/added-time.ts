import { readFileSync } from 'node:fs';
import { loadRules } from '../../src/config/rules/rule-file.ts';
import { Analyzer } from '../../src/core/analyze/analyzer.ts';
import { LineFramer } from '../../src/core/analyze/frame.ts';
import { createRedactor } from '../../src/core/analyze/redact.ts';
import type { ContainerRef } from '../../src/core/model/log-line.ts';
import { childInput, childResult } from '../harness/child.ts';
import { median } from '../harness/median.ts';

export interface AddedTimeInput {
  readonly files: readonly string[];
  readonly rules: string;
  readonly rounds: number;
}

export interface AddedTimeResult {
  /** Median of the pairs: the time with redaction over the time without. */
  readonly ratio: number;
  readonly pairs: number;
  /** CPU milliseconds for everything once, with redaction. */
  readonly cpuMs: number;
  readonly bytes: number;
}

/** As a response's body brings it. */
const BLOCK_BYTES = 64 * 1024;
const MAX_LINE = 256 * 1024;
/** Files of one pair: long enough for the clock, short enough for a neighbour on the machine to slow both alike. */
const FILES_A_PAIR = 4;

const input = childInput<AddedTimeInput>();
const { rules } = loadRules({ folder: input.rules, cwd: process.cwd(), receivers: null });
const matchers = (rules ?? []).flatMap((rule) => rule.condition.matchers);
const redacting = createRedactor(['default']);
const keeping = createRedactor([]);
const bodies = input.files.map((path) => readFileSync(path));
const ratios: number[] = [];
let cpuMs = 0;
for (let round = -1; round < input.rounds; round++) {
  for (let index = 0; index < bodies.length; index += FILES_A_PAIR) {
    const group = bodies.slice(index, index + FILES_A_PAIR);
    const isFirst = (index / FILES_A_PAIR + round) % 2 === 0;
    const early = isFirst ? await timeOf(group, redacting) : await timeOf(group, keeping);
    const late = isFirst ? await timeOf(group, keeping) : await timeOf(group, redacting);
    if (round < 0) continue; // to warm up
    const [redacted, kept] = isFirst ? [early, late] : [late, early];
    ratios.push(redacted / kept);
    cpuMs += redacted / input.rounds;
  }
}
const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
childResult({ ratio: median(ratios), pairs: ratios.length, cpuMs, bytes } satisfies AddedTimeResult);

/** CPU milliseconds of the analysis with the shipped rules' matchers; what a cycle prepares once is not counted. */
async function timeOf(group: readonly Buffer[], redactor: typeof redacting): Promise<number> {
  const analyzer = new Analyzer({ matchers, redactor, maxLine: MAX_LINE, segments: { write: () => undefined } });
  const cpu = process.cpuUsage();
  for (const [index, body] of group.entries()) {
    const sink = analyzer.sinkFor(refOf(`c-${index}`));
    const framer = new LineFramer(MAX_LINE, {
      onLine: (frame) => sink.line(frame),
      onOrphan() {},
    });
    for (let at = 0; at < body.length; at += BLOCK_BYTES) framer.push(body.subarray(at, Math.min(at + BLOCK_BYTES, body.length)));
    await sink.flush();
  }
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000;
}

function refOf(container: string): ContainerRef {
  const workload = { namespace: 'shop', kind: 'Deployment', name: container };
  return { workload, pod: container, uid: container, container, containerID: container, node: 'n1', image: 'i' };
}
