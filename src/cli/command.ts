/** An option of the command line, without its dashes. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  readonly description: string;
}

/** What a command may touch of the process: everything else it gets from modules that it imports. */
export interface CommandContext {
  readonly args: {
    readonly positionals: readonly string[];
    readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Writes a text as it is; commands add their own line ends. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** One `tocsin COMMAND`. `run` resolves with the exit status and throws only for a bug or a `ConfigError`, `StoreError` or `CollectError`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name: `test [FILE…]`. */
  readonly usage: string;
  /** How many arguments it takes at most; none when left out. */
  readonly positionals?: number;
  /** Its own options, beside the global ones. */
  readonly options: Readonly<Record<string, CommandOption>>;
  run(context: CommandContext): Promise<number>;
}
