import type { Clock } from '../../base/clock.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Settings } from '../../config/settings/settings.ts';
import type { Session } from '../../kubernetes/session/session.ts';
import { ObjectWatch } from '../../kubernetes/watch/object-watch.ts';
import { PodWatch } from '../../kubernetes/watch/pod-watch.ts';
import type { AlertState } from '../alerts/alert-state.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { DueLane } from './due-lane.ts';
import { FastLane } from './fast-lane.ts';
import type { HotReads } from './hot-reads.ts';
import { ObjectLane } from './object-lane.ts';
import { PodStates } from './pod-states.ts';
import { Rollouts } from './rollouts.ts';

/** What follows the changes of a cluster between the scheduled cycles. */
export interface Watches {
  /** What is not watched, in words: its changes are seen by the scheduled cycles alone. */
  readonly problems: readonly string[];
  /** Takes up what the rules that are in force now ask for beyond those before. */
  useRules(): void;
  /** Runs until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/** The watches of the chosen pods, with a targeted read for what crashes in them, and of Jobs, workloads, nodes and events. */
export function openWatches(parts: {
  readonly settings: Pick<Settings, 'namespaces'>;
  readonly redact: (text: string) => string;
  readonly session: Session;
  readonly engine: Engine;
  readonly alerts: Pick<AlertState, 'read'>;
  readonly targeted: TargetedCycles;
  readonly hotReads: Pick<HotReads, 'take'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}): Watches {
  const { settings, session, metrics, redact } = parts;
  const common = { session, metrics, ...settings.namespaces, redact };
  const { engine, clock } = parts;
  const rollouts = new Rollouts((uid) => engine.window.object(uid));
  const lane = new FastLane(parts);
  const podStates = new PodStates(parts);
  const objectLane = new ObjectLane({ ...parts, rollouts });
  const dueLane = new DueLane({ ...parts, ...common, rollouts });
  const pods = new PodWatch({
    ...common,
    onPod(pod, isGone) {
      lane.take(pod, isGone);
      podStates.take(pod, isGone);
      objectLane.takePod(pod, isGone);
      parts.hotReads.take(pod, isGone);
    },
  });
  const objects = new ObjectWatch({
    ...common,
    normalReasons: normalReasonsOf(engine.rules),
    onObject(object) {
      const dated = rollouts.take(object, clock.now());
      objectLane.takeObject(dated);
      dueLane.takeObject(dated);
    },
    onNode: (node) => objectLane.takeNode(node),
    onEvent: (event) => objectLane.takeEvent(event),
  });
  return {
    get problems() {
      return [...pods.problems, ...objects.problems];
    },
    useRules() {
      objects.useReasons(normalReasonsOf(engine.rules));
    },
    async run(signal) {
      await Promise.all([pods, objects, podStates, objectLane, dueLane].map((part) => part.run(signal)));
    },
  };
}

/** The reasons of Normal events that rules name; where one asks for all, they come with the scheduled cycles. */
function normalReasonsOf(rules: Engine['rules']): readonly string[] {
  return [...new Set(rules.flatMap(({ condition: { normalEvents } }) => (normalEvents === 'all' ? [] : (normalEvents ?? []))))];
}
