import { HOUR, MINUTE } from '../../base/duration.ts';
import { spanOf } from '../../config/test-file.ts';
import type { RuleTest } from '../../config/test-type.ts';
import { Analyzer } from '../../core/analyze/analyzer.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import type { Alert, Transition } from '../../core/model/alert.ts';
import { restartIncreases, terminationRecords } from '../../core/model/changes.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { withHistory } from '../../core/model/objects/object-history.ts';
import type { PodState } from '../../core/model/pod.ts';
import { RollingWindow } from '../../core/model/rolling-window.ts';
import type { Sample } from '../../core/rules/condition.ts';
import { countedFor, keptFor } from '../../core/rules/counted.ts';
import { judge } from '../../core/rules/judge.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { nextCronTick } from '../cron-tick.ts';
import { type Scene, type SceneLine, sceneOf } from './scene.ts';

/** A state that a cycle saw counts for 2.5 periods (interface.md section 4.1 point 3). */
const STALE_PERIODS = 2.5;
const MAX_LINE = 256 * 1024;

/** What the rules made of a scene. */
export interface Course {
  readonly transitions: readonly Transition[];
  /** Every judgement that a cycle ended with, by alert name. */
  readonly judgements: ReadonlyMap<string, readonly Judgement[]>;
}

export interface Judgement {
  readonly at: number;
  readonly samples: readonly Sample[];
  readonly error: string | null;
}

/** Runs the main job over a test's scene, on its own clock: a cycle every period, each analysed, folded in and judged as the daemon does it. */
export async function simulate(test: RuleTest, rules: readonly Rule[]): Promise<Course> {
  const [from, to] = spanOf(test);
  const start = Math.floor(from / test.every) * test.every - test.every;
  const scene = sceneOf(test, start);
  const window = new RollingWindow({
    span: 24 * HOUR,
    staleness: STALE_PERIODS * test.every,
    ...keptFor(rules),
  });
  const analyzer = analyzerFor(rules);
  const transitions: Transition[] = [];
  const judgements = new Map<string, Judgement[]>();
  let alerts: readonly Alert[] = [];
  let judgedTo: number | null = null;
  let judgedCycle: string | null = null;
  let before: readonly PodState[] = [];
  for (let at = start; at < to + test.every + MINUTE; at += test.every) {
    const cycle = await collect({ scene, at, since: at - test.every, before, objects: window.objects, analyzer });
    before = cycle.states;
    window.add(cycle);
    const verdict = judge({ rules, window, cycle, cluster: 'test', alerts, judgedTo, judgedCycle });
    ({ alerts, judgedTo, judgedCycle } = verdict);
    transitions.push(...verdict.transitions);
    for (const { alert, samples, error } of verdict.evaluations) {
      const list = judgements.get(alert) ?? [];
      judgements.set(alert, list);
      list.push({ at, samples, error });
    }
  }
  return { transitions, judgements };
}

/** Every alert as it stood at a moment, after all that was judged up to it. */
export function alertsAt({ transitions }: Course, moment: number): readonly Alert[] {
  const alerts = new Map<string, Alert>();
  for (const { alert, to, at } of transitions) {
    if (at > moment) continue;
    if (to === 'gone') alerts.delete(alert.id);
    else alerts.set(alert.id, alert);
  }
  return [...alerts.values()];
}

interface Look {
  readonly scene: Scene;
  readonly at: number;
  readonly since: number;
  readonly before: readonly PodState[];
  readonly objects: readonly ClusterObject[];
  readonly analyzer: Analyzer;
}

/** The cycle that a collection at this moment would have made. */
async function collect({ scene, at, since, before, objects, analyzer }: Look): Promise<Cycle> {
  const unread = scene.unreadAt(at);
  const states = unread.has('pods') ? [] : scene.podsAt(at);
  const lines = unread.has('logs') ? [] : scene.linesBetween(since, at);
  const events = unread.has('events') ? [] : scene.eventsBetween(since, at);
  // The lines of a pod that is gone by now were read before it went.
  for (const [ref, own] of byContainer(lines, [...before, ...states])) await feed(analyzer, ref, own);
  const changes = { before, after: states, at };
  return {
    id: String(at).padStart(16, '0'),
    trigger: 'scheduled',
    at,
    startedAt: at,
    finishedAt: at,
    pods: states.length,
    containers: states.reduce((sum, pod) => sum + pod.containers.length, 0),
    lines: lines.length,
    bytes: 0,
    ...scene.selfAt(at),
    errors: [...unread].map((source) => ({ source, namespace: null, reason: 'forbidden', message: `${source} cannot be read` })),
    namespaces: unread.has('pods') ? [] : scene.namespaces,
    podsComplete: !unread.has('pods'),
    states,
    nodes: unread.has('nodes') ? [] : scene.nodesAt(at, states),
    objects: withHistory(scene.objectsAt(at), { before: objects, events, at, nextTick: nextCronTick }),
    usage: unread.has('metrics') ? [] : scene.usageAt(at),
    usageSource: unread.has('metrics') ? 'unavailable' : 'ok',
    events,
    restarts: restartIncreases(changes),
    terminations: terminationRecords(changes),
    minutes: analyzer.minutes(),
    ...analyzer.patterns(),
    cursors: [],
    eventCounts: {},
  };
}

function byContainer(lines: readonly SceneLine[], pods: readonly PodState[]): ReadonlyMap<ContainerRef, readonly SceneLine[]> {
  const refs = new Map<string, ContainerRef>();
  for (const pod of pods) {
    for (const { name, containerID, image } of pod.containers) {
      const { workload, uid, node } = pod;
      refs.set(`${pod.namespace}/${pod.name}/${name}`, {
        workload,
        pod: pod.name,
        uid,
        container: name,
        containerID,
        node,
        image,
      });
    }
  }
  const found = new Map<ContainerRef, SceneLine[]>();
  for (const line of lines) {
    const ref = refs.get(`${line.namespace}/${line.pod}/${line.container}`);
    if (ref === undefined) continue;
    const list = found.get(ref);
    if (list === undefined) found.set(ref, [line]);
    else list.push(line);
  }
  return found;
}

/** One for the whole test: what it counts is handed over cycle by cycle. */
function analyzerFor(rules: readonly Rule[]): Analyzer {
  const { matchers, values, patternsFrom } = countedFor(rules);
  return new Analyzer({
    matchers,
    values,
    patterns: { miner: new PatternMiner(), level: patternsFrom },
    redactor: createRedactor(['default']),
    maxLine: MAX_LINE,
    segments: null,
  });
}

async function feed(analyzer: Analyzer, ref: ContainerRef, lines: readonly SceneLine[]): Promise<void> {
  const sink = analyzer.sinkFor(ref);
  const block = Buffer.from(lines.map((line) => line.text).join('\n'));
  let start = 0;
  for (const { at, text } of lines) {
    const end = start + Buffer.byteLength(text);
    sink.line(block, start, end, Math.floor(at / 1000), (at % 1000) * 1_000_000, 0);
    start = end + 1;
  }
  await sink.flush();
}
