import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the image sets for malloc and the like: memory is promised of what runs in a cluster. */
export function imageEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries([...dockerfile().matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

/** Compiles into `dist`, as the image does; resolves with what its entry point gives to node, before a command of Tocsin's. */
export async function buildAsImage(): Promise<readonly string[]> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`could not compile: the compiler ended with status ${status}`);
  const entryPoint = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile())?.[1] ?? '[]';
  const [, ...args] = JSON.parse(entryPoint) as string[]; // our own file
  return args.map((arg) => arg.replace(/^\/app\//, ROOT));
}

function dockerfile(): string {
  return readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
}
