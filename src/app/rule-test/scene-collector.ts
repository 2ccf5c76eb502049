import { HOUR } from '../../base/duration.ts';
import { Analyzer } from '../../core/analyze/analyzer.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import { restartIncreases, terminationRecords } from '../../core/model/changes.ts';
import type { ClusterEvent, Cycle } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { withHistory } from '../../core/model/objects/object-history.ts';
import { nodeTrouble, objectTrouble } from '../../core/model/objects/trouble.ts';
import type { NodeState, PodState } from '../../core/model/pod.ts';
import type { RollingWindow } from '../../core/model/window/rolling-window.ts';
import { subjectOfNode, subjectOfObject } from '../../core/model/window/touched.ts';
import { type WorkloadKey, workloadKey } from '../../core/model/workload.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { nextCronTick } from '../cron-tick.ts';
import { withKnown } from '../cycle/known-objects.ts';
import { feedLines } from '../replay/feed-lines.ts';
import type { Scene, SceneLine } from './scene.ts';

const MAX_LINE = 256 * 1024;
/** The API server forgets events after that. */
const KEPT_EVENTS = HOUR;

/** Makes the cycles that the daemon would have collected of a scene, in the order of time. */
export class SceneCollector {
  readonly #scene: Scene;
  /** One for the whole scene: what it counts is handed over cycle by cycle. */
  readonly #analyzer: Analyzer;
  #before: readonly PodState[] = [];
  #probedTo: number;
  /** What cannot be read for a while is read afterwards, as from a cluster: the log is still there, and so are events for an hour. */
  #linesTo: number;
  #listedTo: number;
  #eventsTo: number;
  /** Events since the last list that targeted cycles have counted. */
  #told: readonly ClusterEvent[] = [];

  /** Lines and events from `start` on. */
  constructor(scene: Scene, rules: readonly Rule[], start: number) {
    this.#scene = scene;
    const { matchers, values, patternsFrom } = countedFor(rules);
    this.#analyzer = new Analyzer({
      matchers,
      values,
      patterns: { miner: new PatternMiner(), level: patternsFrom },
      redactor: createRedactor(['default']),
      maxLine: MAX_LINE,
      segments: null,
    });
    this.#probedTo = start;
    this.#linesTo = start;
    this.#listedTo = start;
    this.#eventsTo = start;
  }

  /** The cycle that a collection at this moment would have made; `known` is what the window holds of the cluster's objects. */
  async scheduled(at: number, known: readonly ClusterObject[]): Promise<Cycle> {
    const scene = this.#scene;
    const unread = scene.unreadAt(at);
    const states = unread.has('pods') ? [] : scene.podsAt(at);
    const lines = unread.has('logs') ? [] : scene.linesBetween(this.#linesTo, at);
    const events = unread.has('events') ? [] : this.#untold(scene.eventsBetween(Math.max(this.#listedTo, at - KEPT_EVENTS), at));
    // The lines of a pod that is gone by now were read before it went.
    for (const [ref, own] of byContainer(lines, [...this.#before, ...states])) {
      const sink = this.#analyzer.sinkFor(ref);
      feedLines(
        sink,
        own.map(({ at: time, text }) => ({ second: Math.floor(time / 1000), nanos: (time % 1000) * 1_000_000, text })),
      );
      await sink.flush();
    }
    const probes = scene.probesBetween(this.#probedTo, at);
    const changes = { before: this.#before, after: states, at };
    // What cannot be listed is not gone.
    if (!unread.has('pods')) this.#before = states;
    this.#probedTo = at;
    if (!unread.has('logs')) this.#linesTo = at;
    if (!unread.has('events')) {
      this.#listedTo = at;
      this.#eventsTo = at;
      this.#told = [];
    }
    return {
      id: idOf(at),
      trigger: 'scheduled',
      at,
      startedAt: at,
      finishedAt: at,
      pods: states.length,
      containers: states.reduce((sum, pod) => sum + pod.containers.length, 0),
      lines: lines.length,
      bytes: 0,
      ...scene.selfAt(at),
      errors: [...unread].map((source) => ({
        source,
        namespace: null,
        reason: 'forbidden',
        message: `${source} cannot be read`,
      })),
      namespaces: unread.has('pods') ? [] : scene.namespaces,
      podsComplete: !unread.has('pods'),
      states,
      nodes: unread.has('nodes') ? [] : scene.nodesAt(at, states),
      objects: withHistory(scene.objectsAt(at), { before: known, events, at, nextTick: nextCronTick }),
      usage: unread.has('metrics') ? [] : scene.usageAt(at),
      usageSource: unread.has('metrics') ? 'unavailable' : 'ok',
      events,
      restarts: restartIncreases(changes),
      terminations: terminationRecords(changes),
      minutes: this.#analyzer.minutes(),
      ...this.#analyzer.patterns(),
      ...(probes === null ? {} : { probes }),
      cursors: [],
      eventCounts: {},
    };
  }

  #untold(events: readonly ClusterEvent[]): readonly ClusterEvent[] {
    const told = new Set(this.#told.map(({ uid, at }) => `${uid} ${at}`));
    return told.size === 0 ? events : events.filter(({ uid, at }) => !told.has(`${uid} ${at}`));
  }

  /**
   * The targeted cycle that the watches would have started at this moment: of the pods that are not as they were, without their lines, which the
   * next scheduled cycle reads, of objects and nodes that have got into trouble or out of it, of events that rules count, and of the subjects
   * that are `due`. `null` when there is nothing of these.
   */
  targeted(at: number, { rules, window, due }: Watching): Cycle | null {
    const scene = this.#scene;
    const unread = scene.unreadAt(at);
    const known = new Map(this.#before.map((pod) => [pod.uid, JSON.stringify(pod)]));
    const all = unread.has('pods') ? [] : scene.podsAt(at);
    const present = new Set(all.map(({ uid }) => uid));
    // Whoever looks at what is due finds that a pod is gone; else the next scheduled cycle does.
    const gone = unread.has('pods')
      ? []
      : this.#before.filter((pod) => !present.has(pod.uid) && due.has(workloadKey(pod.workload)));
    const states = [
      ...all.filter((pod) => known.get(pod.uid) !== JSON.stringify(pod) || due.has(workloadKey(pod.workload))),
      ...gone.map((pod) => ({ ...pod, deletedAt: pod.deletedAt ?? at })),
    ];
    const nodes = unread.has('nodes') ? [] : changedNodes(scene.nodesAt(at, all), window.newest?.nodes ?? [], due);
    const items = scene.objectsAt(at).items.filter((object) => isNews(object, { window, due }));
    const isCounted = ({ type, reason }: ClusterEvent) =>
      rules.some(({ condition }) => condition.countsEvent?.(type, reason) === true);
    const events = unread.has('events') ? [] : scene.eventsBetween(this.#eventsTo, at).filter(isCounted);
    if (states.length + nodes.length + items.length + events.length === 0) return null;
    this.#told = [...this.#told, ...events];
    if (!unread.has('events')) this.#eventsTo = at;
    const changes = { before: this.#before, after: states, at };
    const fresh = new Map(states.map((pod) => [pod.uid, pod]));
    this.#before = [...this.#before.map((pod) => fresh.get(pod.uid) ?? pod), ...states.filter(({ uid }) => !known.has(uid))];
    return {
      ...NOTHING,
      id: idOf(at),
      at,
      startedAt: at,
      finishedAt: at,
      pods: states.length,
      states,
      nodes,
      events,
      ...(items.length === 0 ? {} : { objects: withKnown(items, window.objects, at) }),
      restarts: restartIncreases(changes),
      terminations: terminationRecords(changes),
    };
  }
}

/** What is known when a watch shows something. */
export interface Watching {
  readonly rules: readonly Rule[];
  readonly window: Pick<RollingWindow, 'newest' | 'object' | 'objects'>;
  /** Workloads, nodes and other objects that are looked at now, whatever they are like. */
  readonly due: ReadonlySet<WorkloadKey>;
}

function changedNodes(nodes: readonly NodeState[], before: readonly NodeState[], due: Watching['due']): readonly NodeState[] {
  const known = new Map(before.map((node) => [node.name, nodeTrouble(node)]));
  return nodes.filter((node) => nodeTrouble(node) !== (known.get(node.name) ?? '') || due.has(workloadKey(subjectOfNode(node))));
}

function isNews(object: ClusterObject, { window, due }: Omit<Watching, 'rules'>): boolean {
  const known = window.object(object.uid);
  return objectTrouble(object) !== (known === null ? '' : objectTrouble(known)) || due.has(workloadKey(subjectOfObject(object)));
}

const NOTHING = {
  trigger: 'targeted',
  containers: 0,
  lines: 0,
  bytes: 0,
  gaps: [],
  errors: [],
  missed: 0,
  namespaces: [],
  podsComplete: false,
  usage: [],
  usageSource: 'ok',
  minutes: [],
  patterns: [],
  cursors: [],
  eventCounts: {},
} as const;

function idOf(at: number): string {
  return String(at).padStart(16, '0');
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
