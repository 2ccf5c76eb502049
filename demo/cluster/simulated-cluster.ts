import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Access, type Denial } from './access.ts';
import { statusAnswer } from './answer.ts';
import { answerRequest } from './api.ts';
import type { EventOptions, SimulatedEvent } from './event-log.ts';
import { Faults, send } from './faults.ts';
import { Pager } from './listing.ts';
import type { MetricsState } from './metrics.ts';
import type { SimulatedNode } from './node.ts';
import type { SimulatedPod } from './pod.ts';
import { parseRequest } from './request-info.ts';
import { ClusterState, type PodOptions, type WorkloadOptions } from './state.ts';
import { loadCertificate } from './tls/certificate.ts';
import { Traffic } from './traffic.ts';
import { Watches } from './watch.ts';
import type { SimulatedWorkload } from './workload.ts';

export interface ClusterOptions {
  /** The cluster's clock, epoch milliseconds; default the machine's. */
  readonly now?: () => number;
  /** Default: a free one. */
  readonly port?: number;
  readonly token?: string;
  /** Bytes at which a container's log is rotated; default the kubelet's 10 MiB. */
  readonly logMaxBytes?: number;
  /** Zone of the nodes' clocks in log timestamps, `Z` or an offset such as `+02:00`. */
  readonly zone?: string;
  /** Ids repeat for the same seed. */
  readonly seed?: string;
  /** Nodes to begin with; default one, `node-1`. */
  readonly nodes?: readonly string[];
}

/** Starts a simulated Kubernetes cluster: its API over HTTPS on loopback, with controls for what happens in it. */
export async function startCluster(options: ClusterOptions = {}): Promise<SimulatedCluster> {
  const cluster = new SimulatedCluster(options);
  await cluster.listen(options.port ?? 0);
  for (const name of options.nodes ?? ['node-1']) cluster.addNode(name);
  for (const name of ['default', 'kube-system']) cluster.addNamespace(name);
  return cluster;
}

/** A cluster without machines: the part of the Kubernetes API that Tocsin reads, with the kubelet's log semantics, and a menu of faults. */
export class SimulatedCluster implements AsyncDisposable {
  readonly faults = new Faults();
  readonly traffic = new Traffic();
  readonly watches: Watches;
  readonly now: () => number;
  readonly #state: ClusterState;
  readonly #access = new Access();
  readonly #pager = new Pager();
  readonly #certificate = loadCertificate();
  readonly #server: Server;
  #token: string;
  #metrics: MetricsState = 'ok';

  constructor(options: ClusterOptions) {
    this.now = options.now ?? Date.now;
    this.#token = options.token ?? 'simulated-cluster-token';
    this.#state = new ClusterState({
      now: this.now,
      file: { maxBytes: options.logMaxBytes ?? 10 * 1024 ** 2, zone: options.zone ?? 'Z' },
      seed: options.seed ?? 'tocsin',
      onChange: () => this.watches.changed(),
      onRemoved: (pod, revision) => this.watches.removed(pod, revision),
    });
    this.watches = new Watches(this.#state);
    this.#server = createServer(this.#certificate, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.on('secureConnection', () => this.traffic.connected());
    // Clients that hang up in the middle of a handshake are not this server's concern.
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** `https://127.0.0.1:PORT`. */
  get url(): string {
    // A listening TCP server has an AddressInfo, never a pipe's path.
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  get token(): string {
    return this.#token;
  }
  /** The certificate authority to trust, as PEM. */
  get ca(): string {
    return this.#certificate.cert;
  }

  /** The text of a kubeconfig that reaches this cluster; `namespace`, `token` and `user` can be other than the right ones. */
  kubeconfig(options: { readonly name?: string; readonly token?: string } = {}): string {
    const name = options.name ?? 'simulated';
    return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${this.url}
      certificate-authority-data: ${Buffer.from(this.ca).toString('base64')}
contexts:
  - name: ${name}
    context: { cluster: ${name}, user: ${name} }
users:
  - name: ${name}
    user: { token: "${options.token ?? this.#token}" }
`;
  }

  get nodes(): readonly SimulatedNode[] {
    return this.#state.nodes;
  }
  get workloads(): readonly SimulatedWorkload[] {
    return this.#state.workloads;
  }
  pods(namespace: string | null = null): readonly SimulatedPod[] {
    return this.#state.pods(namespace);
  }
  /** The pod of that name; throws when there is none. */
  pod(namespace: string, name: string): SimulatedPod {
    const pod = this.#state.findPod(namespace, name);
    if (pod === undefined) throw new Error(`there is no pod ${namespace}/${name}`);
    return pod;
  }

  addNode(
    name: string,
    size: { readonly cpu?: string; readonly memory?: string; readonly createdAt?: number } = {},
  ): SimulatedNode {
    return this.#state.addNode(name, size);
  }
  addNamespace(name: string): void {
    this.#state.addNamespace(name);
  }
  removeNamespace(name: string): void {
    this.#state.removeNamespace(name);
  }
  /** Adds a bare pod; its containers run at once unless `run: false`. */
  addPod(options: PodOptions): SimulatedPod {
    return this.#state.addPod(options);
  }
  removePod(pod: SimulatedPod): void {
    this.#state.removePod(pod);
  }
  /** Adds a workload with its pods; a Deployment gets a ReplicaSet, a CronJob a Job. */
  addWorkload(options: WorkloadOptions): SimulatedWorkload {
    return this.#state.addWorkload(options);
  }
  removeWorkload(workload: SimulatedWorkload): void {
    this.#state.removeWorkload(workload);
  }
  /** Adds or replaces an autoscaler, a claim or a quota; `null` removes it. */
  setObject(...args: Parameters<ClusterState['setFurther']>): void {
    this.#state.setFurther(...args);
  }
  /** Records an event about an object; the same one again raises its count. */
  addEvent(options: EventOptions): SimulatedEvent {
    return this.#state.events.add(options);
  }

  /** Refuses requests with 403; call the result to allow them again. */
  deny(denial: Denial): () => void {
    return this.#access.deny(denial);
  }
  /** Whether metrics.k8s.io is installed and answers. */
  setMetrics(state: MetricsState): void {
    this.#metrics = state;
  }
  /** Requests with the old token get 401 from now on. */
  setToken(token: string): void {
    this.#token = token;
  }
  /** Lets the next `count` continuations of a paged list fail with 410. */
  expireContinuations(count: number): void {
    this.#pager.expireNext(count);
  }

  /** Stops listening and drops every connection, also those of answers that hang. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const node = this.#nodeOf(method, url);
    const record = {
      at: this.now(),
      method,
      url: url.pathname + url.search,
      userAgent: request.headers['user-agent'] ?? '',
      node,
      status: 0,
    };
    response.on('close', this.traffic.begin(record));
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const answer =
      request.headers.authorization === `Bearer ${this.#token}`
        ? answerRequest(
            {
              state: this.#state,
              access: this.#access,
              pager: this.#pager,
              watches: this.watches,
              now: this.now,
              metrics: () => this.#metrics,
            },
            { method, url, accept: request.headers.accept ?? '', body },
          )
        : statusAnswer(401, 'Unauthorized', 'Unauthorized');
    response.on('finish', () => {
      record.status = response.statusCode;
    });
    // As Go's server: the time of the cluster.
    response.setHeader('date', new Date(this.now()).toUTCString());
    await send(response, request, answer, this.faults.take(`${method} ${record.url}`, node));
  }

  #nodeOf(method: string, url: URL): string | null {
    const info = parseRequest(method, url);
    if (info?.subresource !== 'log' || info.name === null) return null;
    return this.#state.findPod(info.namespace ?? '', info.name)?.spec.node ?? null;
  }
}
