import type { Settings } from '../config/settings.ts';
import type { CommandContext } from './command.ts';

/** Asks the API server which of the needed permissions it has and prints the missing RBAC rules; 0 when none is missing, 2 when some are, 1 when it cannot be reached. */
export async function checkCluster(
  _settings: Settings,
  { stderr }: Pick<CommandContext, 'stderr' | 'stdout' | 'env' | 'signal'>,
): Promise<number> {
  stderr('tocsin check: --cluster is not available yet\n');
  return 1;
}
