import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/base/errors.ts';
import { createLogger } from '../src/base/logger.ts';
import { Scope } from '../src/base/scope.ts';
import { type SimulatedCluster, startCluster } from './cluster/simulated-cluster.ts';
import { HASTE, writeDemoSettings } from './demo-settings.ts';
import { freePort } from './free-port.ts';
import { startInbox } from './inbox/inbox.ts';
import { createScenario } from './scenario.ts';
import { farewell, HELP, messageLine, STARTING, welcome } from './terminal.ts';
import { TocsinProcess } from './tocsin-process.ts';

const PREFERRED_PAGE_PORT = 8080;
const PREFERRED_INBOX_PORT = 8081;
/** The daemon's share of the five seconds that Ctrl-C may take. */
const GRACE_MS = 3_500;
const CLOSE_MS = 4_500;
const READY_TIMEOUT_MS = 20_000;

const print = (text: string) => void process.stdout.write(`${text}\n`);
const scope = new Scope(createLogger({ level: 'warn', write: (line) => void process.stderr.write(line), now: Date.now }));
// On a terminal, Ctrl-C reaches every process of the demo, and npm passes it on once more: only the first one counts.
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
});
try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, verbose: { type: 'boolean' } } });
  if (values.help === true) print(HELP);
  else await runDemo(values.verbose === true);
} catch (error) {
  process.stderr.write(`could not run the demo: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
await scope.close(CLOSE_MS);
// What has not closed by now must not keep the terminal.
process.exit();

/** Runs until it is stopped or Tocsin ends; what it started is the scope's to end. */
async function runDemo(verbose: boolean): Promise<void> {
  print(STARTING);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
  scope.defer('temporary folder', () => rmSync(folder, { recursive: true, force: true }));
  const cluster = await startStory();
  const pagePort = await freePort(PREFERRED_PAGE_PORT);
  const page = `http://127.0.0.1:${pagePort}`;
  const onMessage = (message: Parameters<typeof messageLine>[0]) => print(messageLine(message));
  const inbox = await startInbox({ port: await freePort(PREFERRED_INBOX_PORT), statusPage: page, onMessage });
  scope.defer('inbox', () => inbox.close());
  const settingsFile = writeDemoSettings({
    folder,
    kubeconfig: cluster.kubeconfig({ name: 'demo' }),
    slackUrl: inbox.slackUrl,
    inboxUrl: inbox.url,
    smtpUrl: inbox.smtpUrl,
    pagePort,
    rulesFolder: fileURLToPath(new URL('../rules', import.meta.url)),
  });
  const tocsin = new TocsinProcess({ settingsFile, onLine: (line) => verbose && print(line) });
  scope.defer('tocsin', () => tocsin.stop(GRACE_MS));
  const ends = Promise.race([stopped.then(() => null), tocsin.exited]);
  const early = await Promise.race([pageAnswers(page).then(() => 'ready' as const), ends]);
  if (early === 'ready')
    print(welcome({ page, inbox: inbox.url, pods: cluster.pods().length, nodes: cluster.nodes.length, haste: HASTE }));
  const died = await ends;
  if (died === null) return print(farewell(inbox.messages().length));
  const lastWords = tocsin.tail.map((line) => `  ${line}\n`).join('');
  throw new Error(`tocsin ${died}; its last words were:\n${lastWords}`);
}

/** The cluster with its hour of history, told on second by second. */
async function startStory(): Promise<SimulatedCluster> {
  const cluster = await startCluster({ nodes: ['node-1', 'node-2', 'node-3'] });
  scope.defer('cluster', () => cluster.close());
  const scenario = createScenario(cluster, cluster.now());
  const timer = setInterval(() => scenario.advance(cluster.now()), 1_000);
  scope.defer('scenario', () => clearInterval(timer));
  return cluster;
}

async function pageAnswers(page: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline && !scope.signal.aborted) {
    try {
      if ((await fetch(`${page}/readyz`)).ok) return;
    } catch {
      // Not listening yet: asked again below.
    }
    await sleep(100);
  }
}
