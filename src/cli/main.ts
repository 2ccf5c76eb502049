#!/usr/bin/env node
import { ConfigError, formatProblem, messageOf } from '../base/errors.ts';
import { suggestion } from '../base/schema/suggestion.ts';
import type { Command, CommandContext } from './command.ts';
import { commandFirst, parseCommandLine, withoutCommand } from './command-line.ts';
import { COMMAND_NAMES, loadAllCommands, loadCommand } from './commands/registry.ts';
import { helpFor, helpForAll } from './help.ts';
import { nodeProblem, version } from './version.ts';

/** Runs one command line and resolves to its exit status; never rejects. */
async function main(argv: readonly string[]): Promise<number> {
  const stdout = (text: string) => void process.stdout.write(text);
  const stderr = (text: string) => void process.stderr.write(text);
  const old = nodeProblem(process.versions.node);
  if (old !== null) {
    stderr(`tocsin: ${old}\n`);
    return 1;
  }
  const [name, ...rest] = commandFirst(argv);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = rest[0] === undefined ? undefined : await loadCommand(rest[0]);
    if (asked === undefined && name === 'help' && rest[0] !== undefined) {
      stderr(`tocsin: unknown command ${JSON.stringify(rest[0])}${suggestion(rest[0], COMMAND_NAMES)}\n`);
      return 2;
    }
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
      ? withoutCommand(argv, COMMAND_NAMES)
      : `unknown command ${JSON.stringify(name)}${suggestion(name, COMMAND_NAMES)}`;
    stderr(`tocsin: ${what}\n`);
    return 2;
  }
  let parsed: CommandContext['args'];
  try {
    parsed = parseCommandLine(command, rest);
  } catch (error) {
    stderr(
      `tocsin ${command.name}: ${error instanceof Error ? error.message : messageOf(error)}; see "tocsin ${command.name} --help"\n`,
    );
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
