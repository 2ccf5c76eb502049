import { CollectError, messageOf } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import { Metrics } from '../base/metrics.ts';
import type { Settings } from '../config/settings/settings.ts';
import { createRedactor } from '../core/analyze/redact.ts';
import { checkAccess } from '../kubernetes/session/access.ts';
import type { CommandContext } from './command.ts';
import { runtimeOptions } from './settings.ts';

/**
 * Asks the API server which of the needed permissions it has and prints the missing RBAC rules; `status` is 0 when none is missing, 2 when some are, 1
 * when it cannot be reached. With `--json` nothing is printed: `json` is what the server said, `null` where it could not be reached.
 */
export async function checkCluster(
  settings: Settings,
  context: CommandContext,
): Promise<{ readonly status: number; readonly json: object | null }> {
  const { stdout, stderr, signal, args } = context;
  const { openClusterSession } = await import('../app/cluster-session.ts');
  await using session = await openClusterSession(
    {
      ...runtimeOptions(context, silentLogger, 'tocsin check'),
      settings,
      redact: createRedactor(settings.logs.redact).redactText,
    },
    new Metrics(),
  );
  try {
    const { checked, missing, rules } = await checkAccess(session, settings.namespaces, signal);
    const status = missing.length === 0 ? 0 : 2;
    if (args.flags['json'] === true) return { status, json: { server: session.server, checked, missing } };
    if (missing.length === 0) stdout(`${session.server}: all ${checked} permissions are there\n`);
    else {
      for (const { group, resource, verbs, namespace, neededFor } of missing) {
        const where = namespace === null ? 'in the whole cluster' : `in namespace ${namespace}`;
        stderr(`missing: ${verbs.join(', ')} ${resource}${group === '' ? '' : `.${group}`} ${where}, needed for ${neededFor}\n`);
      }
      stdout(rules);
    }
    return { status, json: null };
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    stderr(`could not ask ${session.server} for permissions: ${messageOf(error)}\n`);
    return { status: 1, json: null };
  }
}
