import type { Clock } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import { keepNewest } from '../../base/keep-newest.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { nodeTrouble, objectTrouble } from '../../core/model/objects/trouble.ts';
import type { NodeState, PodState } from '../../core/model/pod.ts';
import type { SeenEvent } from '../../core/model/seen-event.ts';
import { subjectOfObject } from '../../core/model/window/touched.ts';
import { workloadKey } from '../../core/model/workload.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetBatch } from '../cycle/targeted-cycle.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { LaneLimit } from './lane-limit.ts';
import { PassedOn } from './passed-on.ts';
import type { Rollouts } from './rollouts.ts';

/** What is remembered of each sort until a cycle has it. */
export const MOST_KEPT = 1_000;
/** An event waits so long for the watch of pods to show whose it is, and an object for the ends of its pods, which say why it failed. */
const SETTLE = SECOND;

interface ObjectLaneOptions {
  readonly engine: Pick<Engine, 'window' | 'lastAt' | 'rules' | 'eventCounts'>;
  readonly targeted: Pick<TargetedCycles, 'add'>;
  readonly rollouts: Pick<Rollouts, 'of'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** What the matter is, and what it was as the window knows it. */
interface Change {
  readonly what: string;
  readonly before: string;
}

/** Turns what the watches of Jobs, workloads, nodes and events show into judgements, where it changes what a rule asks for. */
export class ObjectLane {
  readonly #options: ObjectLaneOptions;
  readonly #limit: LaneLimit;
  readonly #passedOn: PassedOn;
  /** Events that wait to be passed on, by uid. */
  readonly #events = new Map<string, SeenEvent>();
  /** Objects that wait to be passed on, by uid. */
  readonly #objects = new Map<string, ClusterObject>();
  /** Warnings about pods that no rule counts, by uid: of an object in trouble they say why. */
  readonly #signs = new Map<string, SeenEvent>();
  /** Pods that no cycle has seen: events about them are their workloads'. */
  readonly #newPods = new Map<string, PodState>();

  constructor(options: ObjectLaneOptions) {
    this.#options = options;
    const help =
      'Jobs, workloads, nodes and events that the watch showed to change: judged at once, or left to the next scheduled cycle';
    this.#limit = new LaneLimit(options, { name: 'tocsin_targeted_objects_total', help });
    this.#passedOn = new PassedOn(options.engine, MOST_KEPT);
  }

  /** A pod as the watch shows it. */
  takePod(pod: PodState, isGone: boolean): void {
    if (isGone || this.#options.engine.window.pod(pod.uid) !== null) this.#newPods.delete(pod.uid);
    else keepNewest(this.#newPods, MOST_KEPT, [pod.uid, pod]);
  }

  /** A Job or workload as the watch shows it. */
  takeObject(object: ClusterObject): void {
    const { engine } = this.#options;
    if (!engine.rules.some(({ condition }) => condition.reads?.includes(object.kind) === true)) return;
    if (this.#isNews(object.uid, this.#troubleOf(object)) || this.#objects.has(object.uid))
      keepNewest(this.#objects, MOST_KEPT, [object.uid, object]);
  }

  takeNode(node: NodeState): void {
    const { engine } = this.#options;
    if (!engine.rules.some(({ condition }) => condition.kind === 'node')) return;
    const known = engine.window.newest?.nodes.find(({ name }) => name === node.name);
    const before = known === undefined ? '' : nodeTrouble(known);
    this.#take(`node ${node.name}`, { what: nodeTrouble(node), before }, () => ({ reads: [], observed: [], nodes: [node] }));
  }

  /** A Warning event as the watch shows it. */
  takeEvent(event: SeenEvent): void {
    const { engine } = this.#options;
    const isCounted = engine.rules.some(({ condition }) => condition.countsEvent?.(event.type, event.reason) === true);
    if (event.count <= (engine.eventCounts[event.uid] ?? 0)) return;
    if (isCounted) keepNewest(this.#events, MOST_KEPT, [event.uid, event]);
    else if (event.kind === 'Pod' && event.type === 'Warning') keepNewest(this.#signs, MOST_KEPT, [event.uid, event]);
  }

  /** Passes on what waits, until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(SETTLE, signal);
      const objects = [...this.#objects.values()];
      this.#objects.clear();
      for (const object of objects)
        this.#take(object.uid, this.#troubleOf(object), () => ({ reads: [], objects: [object], ...this.#signsOf(object) }));
      const events = [...this.#events.values()];
      this.#events.clear();
      for (const event of events) this.#passOn(event);
    }
  }

  #passOn(event: SeenEvent): void {
    const { engine, clock, rollouts } = this.#options;
    const rollout = rollouts.of(event.objectUid);
    const before = String(engine.eventCounts[event.uid] ?? 0);
    const known = engine.window.pod(event.objectUid);
    const pod = known ?? this.#newPods.get(event.objectUid) ?? null;
    // An event without its workload would count for the pod alone, and for good: the next collection knows whose it is.
    if (event.kind === 'Pod' && pod === null) {
      this.#limit.count(false);
      return;
    }
    this.#take(event.uid, { what: String(event.count), before }, () => ({
      reads: [],
      observed: pod === null || known !== null ? [] : [{ pod, seenAt: clock.now(), isGone: false }],
      events: [pod === null ? event : { ...event, workload: pod.workload }],
      // That a pod was refused is judged by how far the rollout has come.
      ...(rollout === null ? {} : { objects: [rollout] }),
    }));
  }

  /** What was said of an object's pods since the last cycle. */
  #signsOf(object: ClusterObject): Required<Pick<TargetBatch, 'observed' | 'events'>> {
    const { engine, clock } = this.#options;
    const key = workloadKey(subjectOfObject(object));
    const events: SeenEvent[] = [];
    const unseen = new Map<string, PodState>();
    for (const [uid, event] of this.#signs) {
      const known = engine.window.pod(event.objectUid);
      const pod = known ?? this.#newPods.get(event.objectUid);
      if (pod === undefined || workloadKey(pod.workload) !== key) continue;
      this.#signs.delete(uid);
      if (event.count > (engine.eventCounts[uid] ?? 0)) events.push({ ...event, workload: pod.workload });
      if (known === null) unseen.set(pod.uid, pod);
    }
    const seenAt = clock.now();
    return { events, observed: [...unseen.values()].map((pod) => ({ pod, seenAt, isGone: false })) };
  }

  #troubleOf(object: ClusterObject): Change {
    const known = this.#options.engine.window.object(object.uid);
    return { what: objectTrouble(object), before: known === null ? '' : objectTrouble(known) };
  }

  #isNews(id: string, { what, before }: Change): boolean {
    return this.#options.engine.lastAt !== null && what !== (this.#passedOn.get(id) ?? before);
  }

  #take(id: string, { what, before }: Change, batch: () => TargetBatch): void {
    if (!this.#isNews(id, { what, before })) return;
    if (this.#limit.take(() => this.#options.targeted.add(batch()))) this.#passedOn.set(id, what);
  }
}
