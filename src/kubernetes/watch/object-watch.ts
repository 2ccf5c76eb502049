import type { Metrics } from '../../base/metrics.ts';
import { type ClusterObject, OBJECT_SOURCES } from '../../core/model/objects/cluster-object.ts';
import type { NodeState } from '../../core/model/pod.ts';
import type { SeenEvent } from '../../core/model/seen-event.ts';
import { isOrdinary, projectEvent } from '../lists/events.ts';
import type { Place } from '../lists/namespaces.ts';
import { projectNode } from '../lists/nodes.ts';
import { workloadOfJob } from '../lists/owner.ts';
import { child, type RawObject, text } from '../lists/raw-object.ts';
import { cronJobs, daemonSets, deployments, jobs, statefulSets } from '../objects/kinds.ts';
import type { Session } from '../session/session.ts';
import { ReasonWatches } from './reason-watches.ts';
import { ResourceWatch } from './resource-watch.ts';
import { isChosen, isClusterWide, MOST_WATCHES, placesOf, type WatchScope } from './watch-scope.ts';

export interface ObjectWatchOptions extends WatchScope {
  readonly session: Session;
  readonly metrics: Metrics;
  readonly redact: (text: string) => string;
  readonly idle?: number;
  /** An object of a chosen namespace, or a node, as it is now; what is removed the scheduled cycles see. */
  readonly onObject: (object: ClusterObject) => void;
  readonly onNode: (node: NodeState) => void;
  /** Reasons of Normal events that are wanted as well; only the first few are watched. */
  readonly normalReasons: readonly string[];
  /** A Warning event, or one of those; whose pod it is about is left open. */
  readonly onEvent: (event: SeenEvent) => void;
}

interface Watched {
  readonly group: string;
  readonly resource: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  /** In no namespace. */
  readonly isClusterWide?: true;
  readonly take: (raw: RawObject, options: ObjectWatchOptions) => void;
}

/** Reasons of Normal events that are watched, each over a connection of its own. */
const MOST_REASONS = 4;

/** In the order in which they get connections. */
const WATCHED: readonly Watched[] = [
  ...[jobs, deployments].map(watchedKind),
  {
    group: '/api/v1',
    resource: 'nodes',
    isClusterWide: true,
    take: (raw, { redact, onNode }) => onNode(projectNode(raw, redact)),
  },
  watchedEvents('type!=Normal'),
  ...[statefulSets, daemonSets].map(watchedKind),
];

/**
 * Follows the changes of Jobs, CronJobs, workloads, nodes and Warning events, where the connections that the pods leave suffice: a resource is watched
 * in every place or not at all.
 */
export class ObjectWatch {
  readonly #watches: readonly ResourceWatch[];
  readonly #reasons: ReasonWatches;
  readonly #left: readonly string[];
  readonly #session: Session;

  constructor(options: ObjectWatchOptions) {
    this.#session = options.session;
    const places = placesOf(options);
    let free = MOST_WATCHES - places.length;
    const watches: ResourceWatch[] = [];
    const left: string[] = [];
    const take = (watched: Watched, kept: number) => {
      if (places.length > free - kept) left.push(watched.name ?? watched.resource);
      else {
        watches.push(watchOf(watched, places, options));
        free -= places.length;
      }
    };
    for (const watched of WATCHED) if (watched.isClusterWide !== true || isClusterWide(options)) take(watched, 0);
    // A missed schedule may be told a little later, sooner than kills by a probe.
    take(watchedKind(cronJobs), Math.min(MOST_REASONS, options.normalReasons.length) * places.length);
    this.#watches = watches;
    this.#left = left;
    const most = Math.min(MOST_REASONS, Math.floor(free / Math.max(1, places.length)));
    const eventsOf = (reason: string) =>
      watchOf(watchedEvents(`type=Normal,reason=${reason}`, `events ${reason}`), places, options);
    this.#reasons = new ReasonWatches(options.normalReasons, eventsOf, most);
  }

  /** Watches Normal events of these reasons from now on, instead of those before. */
  useReasons(reasons: readonly string[]): void {
    this.#reasons.use(reasons);
  }

  /** What cannot be watched, in words: its changes are seen by the scheduled cycles alone. */
  get problems(): readonly string[] {
    return [...this.#watches, this.#reasons].flatMap(({ problems }) => problems);
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const left = [...this.#left, ...this.#reasons.left.map((reason) => `events ${reason}`)];
    if (left.length > 0) this.#session.logger.info('some resources are not watched: they would be too many', { resources: left });
    await Promise.all([...this.#watches, this.#reasons].map((watch) => watch.run(signal)));
  }
}

function watchOf({ take, ...watched }: Watched, places: readonly Place[], options: ObjectWatchOptions): ResourceWatch {
  return new ResourceWatch({
    ...options,
    ...watched,
    places,
    leavesOutages: true,
    onObject(raw, isGone) {
      const namespace = text(child(raw, 'metadata'), 'namespace');
      if (!isGone && (watched.isClusterWide === true || isChosen(options, namespace))) take(raw, options);
    },
  });
}

function watchedEvents(fieldSelector: string, name = 'events'): Watched {
  return {
    ...{ group: '/api/v1', resource: 'events', name, fieldSelector },
    take(raw, { redact, onEvent }) {
      if (!isOrdinary(raw)) onEvent(projectEvent(raw, redact));
    },
  };
}

function watchedKind({ kind, group, project }: typeof jobs): Watched {
  return {
    group,
    resource: OBJECT_SOURCES[kind],
    take(raw, { session, redact, onObject }) {
      // A pod of a Job that was made since the last list is known by it.
      if (kind === 'Job') session.owners.learn(text(child(raw, 'metadata'), 'uid'), workloadOfJob(raw));
      onObject(project(raw, redact));
    },
  };
}
