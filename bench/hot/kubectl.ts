import { spawnSync } from 'node:child_process';

/** Runs kubectl against the cluster of KUBECONFIG and returns its output; throws with its message when it fails. */
export function kubectl(args: readonly string[], input?: string): string {
  const result = spawnSync('kubectl', args, { encoding: 'utf8', timeout: 120_000, ...(input === undefined ? {} : { input }) });
  if (result.status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${result.stderr || result.error?.message}`);
  return result.stdout;
}
