import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compileSchedule } from '../app/schedule.ts';
import { DAY, parseDuration } from '../base/duration.ts';
import { ConfigError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import { shownPath, whyUnreadable } from '../config/decode/config-file.ts';
import type { Settings } from '../config/settings/settings.ts';
import { countedFor } from '../core/rules/judging/counted.ts';
import type { Rule } from '../core/rules/rule.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { CommandContext } from './command.ts';
import { progressLine } from './progress-line.ts';
import { openToRead } from './stored.ts';
import { timeOption } from './time-option.ts';

/** What a backtest judges. */
export interface BacktestSource extends AsyncDisposable {
  readonly store: Store;
  readonly period: number;
  /** How far back the first cycle's lines go, in milliseconds. */
  readonly lookback: number;
}

/** The stored window, or a store of the given files that is removed in the end. */
export async function openSource(context: CommandContext, settings: Settings, rules: readonly Rule[]): Promise<BacktestSource> {
  const { args, cwd, signal } = context;
  const given = args.flags['logs'];
  const files = [...(Array.isArray(given) ? given : []), ...args.positionals].map((file) => resolve(cwd, file));
  const period = compileSchedule(settings.schedule, settings.timezone, Date.now()).period;
  if (args.positionals.length > 0 && !Array.isArray(given))
    throw new ConfigError(`unexpected argument ${JSON.stringify(args.positionals[0])}; log files are given with --logs`);
  if (files.length === 0) {
    const store = await openToRead(settings);
    return { store, period, lookback: settings.logs.lookback, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-backtest-'));
  const store = await openStore('json', {
    path: folder,
    window: 366 * DAY,
    maxSize: Number.MAX_SAFE_INTEGER,
    access: 'write',
    wait: 0,
    command: 'tocsin backtest',
    now: () => Date.now(),
    logger: silentLogger,
  });
  const close = async () => {
    await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { importLogs } = await import('../app/replay/import-logs.ts');
    using progress = progressLine(context);
    await importLogs(
      store,
      {
        files,
        counted: countedFor(rules),
        period,
        redact: settings.logs.redact,
        maxLine: settings.logs.maxLine,
        // Rules look back from the first moment that counts.
        from: (fixedTime('--from', args.flags['from']) ?? Number.NEGATIVE_INFINITY) - settings.store.window,
        to: fixedTime('--to', args.flags['to']) ?? Number.POSITIVE_INFINITY,
        latest: Date.now() + DAY,
        window: settings.store.window,
        onTimeless: (file) =>
          context.stderr(`tocsin backtest: ${shownPath(file, cwd)} is left out: no line in it has a time of this span\n`),
        onProgress: (lines) => progress.show(`reading: ${lines} lines`),
      },
      signal,
    );
    if (store.summaries().length === 0) throw new ConfigError('no line with a time in the given files: nothing to judge');
    return { store, period, lookback: 0, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw readable(error, cwd);
  }
}

/** `null` for a duration as well: how far back it goes from the newest line is known once that is read. */
function fixedTime(flag: string, value: unknown): number | null {
  return typeof value === 'string' && parseDuration(value) !== null ? null : timeOption(flag, value, 0);
}

/** A file that cannot be read is the user's to mend. */
function readable(error: unknown, cwd: string): unknown {
  if (!(error instanceof Error) || !('path' in error) || !('code' in error)) return error;
  return new ConfigError(`could not read ${shownPath(String(error.path), cwd)}: ${whyUnreadable(error)}`);
}
