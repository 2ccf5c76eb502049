import type { ContainerState, PodState } from '../../core/model/pod.ts';
import type { LogsRequest } from '../collection.ts';
import type { Session } from '../session/session.ts';
import { forEachByNode } from './by-node.ts';
import { containerKey } from './cursor-book.ts';
import { HASTY } from './logs.ts';
import { NodeBreaker } from './node-breaker.ts';
import { type LogsReading, LogsRun } from './read-logs.ts';

/** Targeted log reads at a time, in all and on one node. */
export const AT_ONCE = 12;
export const PER_NODE = 3;

/** Containers to be read now. */
export interface ReadTarget {
  readonly pod: PodState;
  /** By name; `null` for all of the pod's. */
  readonly containers: ReadonlySet<string> | null;
}

/** Reads single containers at once, beside the collections of the schedule; what does not come soon is left to those. */
export class TargetedReading {
  readonly #session: Session;
  readonly #request: LogsRequest;
  readonly #run: LogsRun;

  constructor(session: Session, request: LogsRequest, signal: AbortSignal) {
    this.#session = session;
    this.#request = request;
    this.#run = new LogsRun(session, request, { breaker: new NodeBreaker(new Set()), signal, patience: HASTY });
  }

  /** Resolves with what was not read because another reading has it. Rejects only when aborted. */
  async read(targets: readonly ReadTarget[]): Promise<readonly ReadTarget[]> {
    const taken: ReadTarget[] = [];
    const limits = {
      total: Math.min(Math.max(this.#session.maxInFlight - 1, 1), AT_ONCE),
      perNode: PER_NODE,
      nodeOf: ({ pod }: ReadTarget) => pod.node,
    };
    await forEachByNode(targets, limits, async ({ pod, containers }) => {
      const wanted = pod.containers.filter(({ name }) => containers === null || containers.has(name));
      const free = wanted.filter((container) => this.#isFree(pod, container));
      if (free.length < wanted.length) {
        const names = wanted.filter((container) => !free.includes(container)).map(({ name }) => name);
        taken.push({ pod, containers: new Set(names) });
      }
      await this.#run.readPod(pod, free);
    });
    return taken;
  }

  reading(): LogsReading {
    return this.#run.reading();
  }

  #isFree(pod: PodState, { name }: ContainerState): boolean {
    return this.#request.cursors.tryClaim(containerKey(pod.uid, name)) !== null;
  }
}
