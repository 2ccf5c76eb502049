import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { imageEnvironment } from './image.ts';

const MARK = 'measured ';
/** Preloaded, so that the process itself says at its end what it took. */
const PRELOADED = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write('\\n${MARK}' + JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, peak: maxRSS / 1024 }) + '\\n');
})`;

/** A command as it ran; milliseconds of the clock and of CPU (all threads), peak resident MiB. */
export interface MeasuredCommand {
  readonly stdout: string;
  readonly took: number;
  readonly cpu: number;
  readonly peak: number;
}

/** Runs `tocsin ARGS` with what the image's entry point gives to node, see `buildAsImage`. Rejects when its exit status is not 0. */
export async function measureCommand(entryPoint: readonly string[], args: readonly string[]): Promise<MeasuredCommand> {
  const started = performance.now();
  const preload = `data:text/javascript,${encodeURIComponent(PRELOADED)}`;
  const child = spawn(process.execPath, ['--import', preload, ...entryPoint, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...imageEnvironment() },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = await once(child, 'close');
  const took = performance.now() - started;
  const line = stderr.split('\n').find((each) => each.startsWith(MARK));
  if (status !== 0 || line === undefined) throw new Error(`tocsin ${args.join(' ')} ended with status ${status}: ${stderr}`);
  // Printed by what was preloaded.
  const { cpu, peak } = JSON.parse(line.slice(MARK.length)) as { readonly cpu: number; readonly peak: number };
  return { stdout, took, cpu, peak };
}
