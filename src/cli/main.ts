#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ConfigError, formatProblem, messageOf } from '../base/errors.ts';
import { suggestion } from '../base/schema/suggestion.ts';
import type { Command, CommandContext } from './command.ts';
import { COMMAND_NAMES, loadAllCommands, loadCommand } from './commands/registry.ts';
import { GLOBAL_OPTIONS, helpFor, helpForAll } from './help.ts';
import { version } from './version.ts';

/** Runs one command line and resolves to its exit status; never rejects. */
async function main(argv: readonly string[]): Promise<number> {
  const stdout = (text: string) => void process.stdout.write(text);
  const stderr = (text: string) => void process.stderr.write(text);
  const [name, ...rest] = commandFirst(argv);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = rest[0] === undefined ? undefined : await loadCommand(rest[0]);
    (name === undefined ? stderr : stdout)(asked === undefined ? helpForAll(await loadAllCommands()) : helpFor(asked));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    stdout(`${version()}\n`);
    return 0;
  }
  const command = await loadCommand(name);
  if (command === undefined) {
    const what = name.startsWith('-')
      ? `no command is named; known are ${COMMAND_NAMES.join(', ')}`
      : `unknown command ${JSON.stringify(name)}${suggestion(name, COMMAND_NAMES)}`;
    stderr(`tocsin: ${what}\n`);
    return 2;
  }
  let parsed: CommandContext['args'];
  try {
    parsed = parse(command, rest);
  } catch (error) {
    stderr(`tocsin ${command.name}: ${messageOf(error).split('. To specify')[0]}; see "tocsin ${command.name} --help"\n`);
    return 2;
  }
  if (parsed.flags['help'] === true) {
    stdout(helpFor(command));
    return 0;
  }
  if (parsed.flags['version'] === true) {
    stdout(`${version()}\n`);
    return 0;
  }
  const abort = new AbortController();
  if (command.name !== 'run') for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
  try {
    return await command.run({ args: parsed, env: process.env, stdout, stderr, cwd: process.cwd(), signal: abort.signal });
  } catch (error) {
    return report(command, error, stderr);
  }
}

/** Options of every command may stand before it too: `tocsin --config FILE check`. */
function commandFirst(argv: readonly string[]): readonly string[] {
  let place = 0;
  for (let arg = argv[0]; arg?.startsWith('--'); arg = argv[place]) {
    const takesNext = !arg.includes('=') && GLOBAL_OPTIONS[arg.slice(2)]?.type === 'string';
    place += takesNext ? 2 : 1;
  }
  const command = argv[place];
  return command === undefined ? argv : [command, ...argv.slice(0, place), ...argv.slice(place + 1)];
}

function parse(command: Command, argv: readonly string[]): CommandContext['args'] {
  const options = Object.fromEntries(
    Object.entries({ ...GLOBAL_OPTIONS, ...command.options }).map(([key, { type, multiple }]) => [
      key,
      { type, multiple: multiple ?? false },
    ]),
  );
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  const most = command.positionals ?? 0;
  if (positionals.length > most) throw new Error(`unexpected argument ${JSON.stringify(positionals[most])}`);
  // `parseArgs` types a repeated option as a mixed list, though a list is all of one kind.
  const flags = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : value]),
  );
  return { positionals, flags };
}

/** A user's mistake is told in one line each; only a bug shows where it happened. */
function report(command: Command, error: unknown, stderr: (text: string) => void): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) stderr(`${formatProblem(problem)}\n`);
    if (error.problems.length === 0) stderr(`tocsin ${command.name}: ${messageOf(error)}\n`);
    return 2;
  }
  const known = error instanceof Error && ['StoreError', 'CollectError'].includes(error.name);
  const aBug =
    error instanceof Error && (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError);
  stderr(`tocsin ${command.name}: ${messageOf(error)}\n`);
  if (!known && aBug && error.stack !== undefined)
    stderr(`this is a bug in tocsin; please report it with these lines:\n${error.stack}\n`);
  return 1;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `tocsin logs | head`: the reader has gone, which is no failure.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.exitCode = await main(process.argv.slice(2));
