import type { Command } from '../command.ts';

/** The registry of commands, in the order of the help. Each is loaded with what it needs alone: the daemon keeps what it loads. */
const COMMANDS = {
  run: async () => (await import('./run.ts')).run,
  once: async () => (await import('./once.ts')).once,
  check: async () => (await import('./check.ts')).check,
  test: async () => (await import('./test.ts')).test,
  backtest: async () => (await import('./backtest.ts')).backtest,
  explain: async () => (await import('./explain.ts')).explain,
  logs: async () => (await import('./logs.ts')).logs,
  alerts: async () => (await import('./alerts.ts')).alerts,
  silence: async () => (await import('./silence.ts')).silence,
  health: async () => (await import('./health.ts')).health,
  schema: async () => (await import('./schema.ts')).schema,
} satisfies Readonly<Record<string, () => Promise<Command>>>;

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** `undefined` when there is no such command. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  const load = new Map<string, () => Promise<Command>>(Object.entries(COMMANDS)).get(name);
  return load?.();
}

export function loadAllCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
