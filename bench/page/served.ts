import { openRuntime } from '../../src/app/runtime.ts';
import { statusView } from '../../src/app/status.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { configurationOf, runtimeOptions } from '../../src/cli/settings.ts';
import { DEFAULT_AUTH } from '../../src/web/auth/page-auth.ts';
import { serve } from '../../src/web/server.ts';
import { childInput, childResult } from '../harness/child.ts';
import { median } from '../harness/median.ts';
import { residentMemory } from '../harness/peak-memory.ts';

export interface ServedInput {
  readonly config: string;
  /** The first of them is the status page. */
  readonly paths: readonly string[];
  /** Of each path. */
  readonly requests: number;
}

export interface ServedResult {
  readonly openMs: number;
  /** In the order of the paths. */
  readonly pages: readonly ServedPage[];
  readonly rssMiB: number;
}

export interface ServedPage {
  readonly path: string;
  readonly coldMs: number;
  /** The median of the second half of the requests. */
  readonly ms: number;
  readonly bytes: number;
}

// The daemon's page without its loop: store, window and server are the real ones.
const { config, paths, requests } = childInput<ServedInput>();
const invocation = { args: { positionals: [], flags: { config } }, env: process.env, cwd: process.cwd() };
const { settings, rules, problems } = configurationOf(invocation);
const started = performance.now();
await using runtime = await openRuntime({
  ...runtimeOptions(invocation, silentLogger, 'tocsin bench'),
  settings,
  rules,
  problems,
});
const openMs = performance.now() - started;
const server = await serve(
  statusView(runtime),
  { host: '127.0.0.1', port: 0, auth: DEFAULT_AUTH },
  silentLogger,
  new AbortController().signal,
);
const pages: ServedPage[] = [];
for (const path of paths) pages.push(await serveOften(path));
await server.close();
childResult({ openMs, pages, rssMiB: residentMemory() } satisfies ServedResult);

async function serveOften(path: string): Promise<ServedPage> {
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < requests; index++) {
    const before = performance.now();
    const response = await fetch(server.address + path);
    bytes = (await response.arrayBuffer()).byteLength;
    times.push(performance.now() - before);
    if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`);
  }
  return { path, coldMs: times[0] ?? Number.NaN, ms: median(times.slice(times.length / 2)), bytes };
}
