import { homedir } from 'node:os';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { Metrics } from '../../src/base/metrics.ts';
import type { LineSink } from '../../src/core/analyze/line-sink.ts';
import type { ContainerRef } from '../../src/core/model/log-line.ts';
import { startingAt } from '../../src/kubernetes/logs/cursor.ts';
import { PATIENT, readLog } from '../../src/kubernetes/logs/logs.ts';
import { openSession, type Session } from '../../src/kubernetes/session/session.ts';

/** Where the corpus is served as an API server serves logs. */
export interface LogServer {
  readonly kubeconfig: string;
}

/** As many requests as the daemon has under way by default. */
const IN_FLIGHT = 16;

/** Reads the whole log of every container through the daemon's own client and reader. */
export async function readLogs(
  server: LogServer,
  options: {
    readonly containers: readonly string[];
    readonly maxLine: number;
    readonly sinkFor: (ref: ContainerRef) => LineSink;
  },
): Promise<void> {
  const { signal } = new AbortController();
  await withSession(server, options.containers, async (session, container) => {
    const reader = {
      api: session.api,
      signal,
      now: () => performance.now(),
      sinkFor: options.sinkFor,
      patience: PATIENT,
      mayRetry: () => true,
      isStillThere: async () => true,
      hasEnded: async () => false,
    };
    const response = await readLog(reader, {
      ref: refOf(container),
      previous: false,
      position: startingAt(null),
      afresh: false,
      isDoubtful: false,
      plausible: { from: null, to: null },
      isFollowed: false,
      maxLine: options.maxLine,
      budget: Number.POSITIVE_INFINITY,
    });
    if (response.failure !== null) throw response.failure;
  });
}

/** Reads the same bodies and drops them: what the connection alone costs. */
export async function drainLogs(server: LogServer, containers: readonly string[]): Promise<void> {
  const { signal } = new AbortController();
  await withSession(server, containers, async (session, container) => {
    const { workload, pod } = refOf(container);
    const path = `/api/v1/namespaces/${workload.namespace}/pods/${pod}/log?container=${container}&timestamps=true`;
    await session.api.stream(path, signal, { idle: 30_000, mayRetry: () => true }, (body) => body.each(() => true));
  });
}

export function refOf(container: string): ContainerRef {
  const workload = { namespace: 'shop', kind: 'Deployment', name: container };
  return {
    workload,
    pod: `${container}-1`,
    uid: container,
    container,
    containerID: `containerd://${container}`,
    node: 'n1',
    image: 'i',
  };
}

async function withSession(
  { kubeconfig }: LogServer,
  containers: readonly string[],
  read: (session: Session, container: string) => Promise<void>,
): Promise<void> {
  await using session = await openSession({
    kubeconfig,
    context: null,
    env: process.env,
    home: homedir(),
    requestsPerSecond: 10_000,
    maxInFlight: IN_FLIGHT,
    version: 'bench',
    metrics: new Metrics(),
    logger: silentLogger,
    redact: (text) => text,
    random: () => 0.5,
    clock: systemClock,
  });
  const queue = [...containers];
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await read(session, next);
    }),
  );
}
