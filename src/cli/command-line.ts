import { parseArgs } from 'node:util';
import { LOG_LEVELS } from '../base/logger.ts';
import { nearest } from '../base/schema/suggestion.ts';
import type { Command, CommandContext } from './command.ts';
import { GLOBAL_OPTIONS } from './help.ts';

/** Options of every command may stand before it too: `tocsin --config FILE check`. */
export function commandFirst(argv: readonly string[]): readonly string[] {
  let place = 0;
  for (let arg = argv[0]; arg?.startsWith('--'); arg = argv[place]) {
    const takesNext = !arg.includes('=') && GLOBAL_OPTIONS[arg.slice(2)]?.type === 'string';
    place += takesNext ? 2 : 1;
  }
  const command = argv[place];
  return command === undefined ? argv : [command, ...argv.slice(0, place), ...argv.slice(place + 1)];
}

/** What is wrong with a command line that has options and names no command. */
export function withoutCommand(argv: readonly string[], commands: readonly string[]): string {
  const unknown = argv.find((arg) => arg.startsWith('-') && !Object.hasOwn(GLOBAL_OPTIONS, nameOf(arg)));
  if (unknown !== undefined)
    return `unknown option ${unknown.split('=')[0]}${hint(nameOf(unknown), Object.keys(GLOBAL_OPTIONS))}`;
  return `no command is named; known are ${commands.join(', ')}`;
}

/** The arguments of a command as it reads them; throws an `Error` that says in one line what is wrong with them. */
export function parseCommandLine(command: Command, argv: readonly string[]): CommandContext['args'] {
  const known = { ...GLOBAL_OPTIONS, ...command.options };
  const options = Object.fromEntries(
    Object.entries(known).map(([key, { type, multiple }]) => [key, { type, multiple: multiple ?? false }]),
  );
  const { values, positionals } = parseStrictly(argv, options);
  const most = command.positionals ?? 0;
  if (positionals.length > most) throw new Error(`unexpected argument ${JSON.stringify(positionals[most])}`);
  // `parseArgs` types a repeated option as a mixed list, though a list is all of one kind.
  const flags = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : value]),
  );
  for (const key of Object.keys(GLOBAL_OPTIONS)) {
    if (flags[key] === '') throw new Error(`option --${key} needs a value, found an empty one`);
  }
  const level = flags['log-level'];
  if (level !== undefined && !LOG_LEVELS.some((each) => each === level))
    throw new Error(`expected --log-level as one of ${LOG_LEVELS.join(', ')}, found ${JSON.stringify(level)}`);
  return { positionals, flags };
}

type ParseOptions = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple: boolean }>>;

function parseStrictly(argv: readonly string[], options: ParseOptions) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Error(mistakeIn(error, Object.keys(options)), { cause: error });
  }
}

/** Node's own words are several sentences over several lines, and name no option that may have been meant. */
function mistakeIn(error: unknown, known: readonly string[]): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const option = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `unknown option ${option}${hint(nameOf(option), known)}`;
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return message.split('\n')[0] ?? message;
  if (message.includes('does not take')) return `option ${option} takes no value`;
  const dashed = message.includes('ambiguous') ? `; one that begins with a dash is written ${option}=-…` : '';
  return `option ${option} needs a value${dashed}`;
}

/** `; did you mean --x?` where something is near. */
function hint(name: string, known: readonly string[]): string {
  const best = nearest(
    name,
    known.map((key) => key.replaceAll('-', '_')),
  );
  return best === undefined ? '' : `; did you mean --${best.replaceAll('_', '-')}?`;
}

function nameOf(arg: string): string {
  return arg.replace(/^--?/, '').replace(/=.*$/s, '');
}
