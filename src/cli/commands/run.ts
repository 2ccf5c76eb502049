import { type Load, withLastGoodRules } from '../../app/last-good-rules.ts';
import { formatProblem } from '../../base/errors.ts';
import { loadConfiguration } from '../../config/load.ts';
import type { Command } from '../command.ts';
import { showProgress } from '../progress.ts';
import { loggerOf, runtimeOptions, settingsRequest, usable } from '../settings.ts';

const LINGER_MS = 1_000;

/** The daemon: runs until SIGTERM or SIGINT, reloads on SIGHUP and when a file changes. */
export const run: Command = {
  name: 'run',
  summary: 'run the daemon: collect, judge and tell on the schedule, and serve the status page',
  usage: 'run',
  options: {},
  async run(context) {
    const logger = loggerOf(context);
    const request = settingsRequest(context);
    const load: Load = (given) => loadConfiguration(request, given);
    const first = usable(await withLastGoodRules(load));
    const broken = first.problems.filter(({ severity }) => severity === 'error');
    if (broken.length > 0) {
      for (const problem of broken) logger.error('a rule file is broken', { problem: formatProblem(problem) });
      logger.warn('started on the rules that were in force last; they stay until the files are mended', {
        rules: first.rules.length,
      });
    }
    // Loaded here: the other commands and the help start without the daemon's packages.
    const { Daemon } = await import('../../app/daemon.ts');
    const daemon = new Daemon({
      ...runtimeOptions(context, logger, 'tocsin run'),
      load,
      first,
      onRuntime: (runtime) => showProgress(runtime, context),
    });
    const hangUp = () => daemon.reload();
    process.on('SIGHUP', hangUp);
    let signals = 0;
    const stop = () => {
      // Whoever asks twice does not want to wait for the cycle.
      if (++signals > 1) process.exit(1);
      logger.info('stopping');
      daemon.stop();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
    try {
      await daemon.run();
      return 0;
    } finally {
      process.off('SIGHUP', hangUp);
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, stop);
      // All is put away: a connection that somebody else does not close must not keep the process.
      setTimeout(() => process.exit(), LINGER_MS).unref();
    }
  },
};
