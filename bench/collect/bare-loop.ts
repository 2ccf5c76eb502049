import { homedir } from 'node:os';
import { type Dispatcher, request } from 'undici';
import { systemClock } from '../../src/base/clock.ts';
import { METADATA_ONLY } from '../../src/kubernetes/lists/list.ts';
import { createDispatcher } from '../../src/kubernetes/session/agent.ts';
import { Credentials } from '../../src/kubernetes/session/credentials.ts';
import { loadKubeconfig } from '../../src/kubernetes/session/kubeconfig.ts';
import { childInput, childResult } from '../harness/child.ts';
import { peakMemory } from '../harness/peak-memory.ts';

export interface BareLoopInput {
  readonly kubeconfig: string;
  readonly inFlight: number;
}

export interface BareLoopResult {
  readonly ms: number;
  readonly cpuMs: number;
  readonly requests: number;
  /** Of log bodies. */
  readonly bytes: number;
  readonly peakMiB: number;
}

interface Listed {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly { readonly metadata: { readonly namespace: string; readonly name: string } }[];
}

// What reading costs when nothing is done with what is read: the lists of a cycle, paged and parsed, and every log, drained.
const { kubeconfig, inFlight } = childInput<BareLoopInput>();
const kubeconfigOptions = { kubeconfig, context: null, env: process.env, home: homedir() };
const loaded = await loadKubeconfig(kubeconfigOptions);
const credentials = new Credentials(loaded, {
  reload: () => loadKubeconfig(kubeconfigOptions),
  env: process.env,
  clock: systemClock,
});
const identity = await credentials.current();
const dispatcher = createDispatcher(identity, inFlight);
let [requests, bytes] = [0, 0];

const [started, cpu] = [performance.now(), process.cpuUsage()];
await list('/api/v1/namespaces', METADATA_ONLY);
const [pods] = await Promise.all([list('/api/v1/pods'), list('/api/v1/nodes')]);
await Promise.all([drainAll(pods), list('/api/v1/events'), list('/apis/metrics.k8s.io/v1beta1/pods')]);
const { user, system } = process.cpuUsage(cpu);
const ms = performance.now() - started;
childResult({ ms, cpuMs: (user + system) / 1000, requests, bytes, peakMiB: peakMemory() } satisfies BareLoopResult);
await dispatcher.destroy();

async function list(path: string, accept = 'application/json'): Promise<Listed['items']> {
  const items: Listed['items'][number][] = [];
  let token = '';
  do {
    const query = new URLSearchParams({ limit: '250', ...(token === '' ? {} : { continue: token }) });
    const { body } = await get(`${path}?${query}`, accept);
    const page = JSON.parse(await body.text()) as Listed; // what a list of the API is
    items.push(...page.items);
    token = page.metadata.continue ?? '';
  } while (token !== '');
  return items;
}

async function drainAll(pods: Listed['items']): Promise<void> {
  const queue = pods.values();
  const worker = async () => {
    for (const { metadata } of queue) {
      const { body } = await get(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/log?timestamps=true`, '*/*');
      for await (const chunk of body) bytes += (chunk as Buffer).length; // a body without an encoding yields Buffers
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function get(path: string, accept: string): Promise<Dispatcher.ResponseData> {
  requests++;
  const response = await request(loaded.server + path, { dispatcher, headers: { ...identity.headers, accept } });
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`);
  return response;
}
