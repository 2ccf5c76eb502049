import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import type { RuntimeOptions } from '../app/runtime-options.ts';
import { scheduleProblem } from '../app/schedule.ts';
import { systemClock } from '../base/clock.ts';
import { ConfigError } from '../base/errors.ts';
import { createLogger, LOG_LEVELS, type Logger } from '../base/logger.ts';
import { type Configuration, loadConfiguration } from '../config/load.ts';
import { loadSettings, type Settings, type SettingsRequest } from '../config/settings/settings.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { CommandContext } from './command.ts';
import { version } from './version.ts';

const DEFAULT_FILE = 'tocsin.yaml';

type Invocation = Pick<CommandContext, 'args' | 'env' | 'cwd'>;

/** Where the settings are, and what flags and environment say. */
export function settingsRequest({ args, env, cwd }: Invocation): SettingsRequest {
  const { config, rules, data, kubeconfig, context } = args.flags;
  const text = (value: (typeof args.flags)[string]) => (typeof value === 'string' ? value : undefined);
  return {
    file: text(config) ?? DEFAULT_FILE,
    required: config !== undefined,
    cwd,
    env,
    overrides: { rules: text(rules), data: text(data), kubeconfig: text(kubeconfig), context: text(context) },
    checkSchedule: (pattern, timezone) => scheduleProblem(pattern, timezone, systemClock.now()),
  };
}

/** The settings alone; throws `ConfigError` with every problem when they cannot be used. */
export function settingsOf(invocation: Invocation): Settings {
  const { settings, problems } = loadSettings(settingsRequest(invocation));
  if (settings === null) throw new ConfigError('the settings cannot be used', problems);
  return settings;
}

/** A configuration that has what a cycle needs. */
export type UsableConfiguration = Configuration & { readonly settings: Settings; readonly rules: readonly Rule[] };

/** Settings and rules; throws `ConfigError` with every problem of both when they cannot be used. */
export function configurationOf(invocation: Invocation): UsableConfiguration {
  return usable(loadConfiguration(settingsRequest(invocation)));
}

/** Throws `ConfigError` with every problem when settings or rules are missing. */
export function usable({ settings, rules, ...rest }: Configuration): UsableConfiguration {
  if (settings === null || rules === null) throw new ConfigError('settings or rules cannot be used', rest.problems);
  return { settings, rules, ...rest };
}

/** What a runtime needs of this process. */
export function runtimeOptions(
  invocation: Invocation,
  logger: Logger,
  command: string,
): Omit<RuntimeOptions, 'settings' | 'rules' | 'problems'> {
  return {
    env: invocation.env,
    home: invocation.env['HOME'] ?? homedir(),
    version: version(),
    clock: systemClock,
    logger,
    random: Math.random,
    newId: randomUUID,
    command,
  };
}

/** Tocsin's own log on stderr, at the level of `--log-level`. */
export function loggerOf({ args, stderr }: Pick<CommandContext, 'args' | 'stderr'>): Logger {
  const level = LOG_LEVELS.find((each) => each === args.flags['log-level']) ?? 'info';
  return createLogger({ level, write: stderr, now: () => systemClock.now() });
}
