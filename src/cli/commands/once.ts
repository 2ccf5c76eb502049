import { CollectError } from '../../base/errors.ts';
import type { Command } from '../command.ts';
import { showProgress } from '../progress.ts';
import { configurationOf, loggerOf, runtimeOptions } from '../settings.ts';

/** One whole cycle. */
export const once: Command = {
  name: 'once',
  summary: 'run one whole cycle (collect, store, judge, deliver), then exit',
  usage: 'once [--lenient]',
  options: { lenient: { type: 'boolean', description: 'exit with 0 instead of 3 (partly read) and 4 (delivery still pending)' } },
  async run(context) {
    const logger = loggerOf(context);
    const { settings, rules, problems } = configurationOf(context);
    const { openRuntime } = await import('../../app/runtime.ts');
    const { runOnce } = await import('../../app/once.ts');
    await using runtime = await openRuntime({ ...runtimeOptions(context, logger, 'tocsin once'), settings, rules, problems });
    using _progress = showProgress(runtime, context);
    const { cycle, pending } = await runOnce(runtime, context.signal).catch(tellWhere);
    const firing = runtime.alerts.read().alerts.filter((alert) => alert.state === 'firing');
    if (context.args.flags['json'] === true) {
      context.stdout(
        `${JSON.stringify({ cycle: cycle.id, pods: cycle.pods, containers: cycle.containers, lines: cycle.lines, gaps: cycle.gaps.length, errors: cycle.errors, firing: firing.length, pending })}\n`,
      );
    } else {
      context.stdout(
        `${cycle.pods} pods, ${cycle.containers} containers, ${cycle.lines} new lines; ${firing.length} alerts firing, ${pending} messages pending\n`,
      );
      for (const alert of firing) context.stdout(`${alert.severity.toUpperCase()} ${alert.summary}\n`);
    }
    if (context.args.flags['lenient'] === true) return 0;
    return pending > 0 ? 4 : cycle.errors.length > 0 ? 3 : 0;
  },
};

/** Without a server there is no cycle at all: what chose it is told as well. */
function tellWhere(error: unknown): never {
  if (error instanceof CollectError && error.reason === 'unreachable')
    throw new CollectError('unreachable', 'could not reach the API server; --kubeconfig and --context choose another', {
      cause: error,
    });
  throw error;
}
