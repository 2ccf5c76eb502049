import { setTimeout as sleep } from 'node:timers/promises';
import { PatternWorker } from '../../app/patterns/pattern-worker.ts';
import { lineQuery } from '../../app/stored/line-search.ts';
import { LineSearcher } from '../../app/stored/line-searcher.ts';
import { DAY, SECOND } from '../../base/duration.ts';
import { ConfigError } from '../../base/errors.ts';
import { visible } from '../../base/visible.ts';
import type { Settings } from '../../config/settings/settings.ts';
import { formatNanoTime, LEVELS, type LogLine } from '../../core/model/log-line.ts';
import { logLineJson } from '../../web/api/resources.ts';
import type { LineSearch } from '../../web/view.ts';
import type { Command, CommandContext } from '../command.ts';
import { printPatterns } from '../patterns.ts';
import { settingsOf } from '../settings.ts';
import { openToRead } from '../stored.ts';
import { timeOption } from '../time-option.ts';
import { parseWorkload } from '../workload-argument.ts';

const FOLLOW_EVERY_MS = 2 * SECOND;
/** `--follow` begins so far back unless `--since` says otherwise. */
const FOLLOW_FROM = 10 * 60 * SECOND;

/** Searches the stored window; a daemon may be running on it. */
export const logs: Command = {
  name: 'logs',
  summary: 'search the stored log lines, newest first',
  usage: 'logs [WORKLOAD] [--since 1h] [--level error] [--grep RE] [--contains TEXT] [--follow | --patterns]',
  positionals: 1,
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      description: 'a duration back from now, or a time (RFC 3339); default: the whole window',
    },
    until: { type: 'string', value: 'TIME', description: 'likewise; default: now' },
    level: { type: 'string', value: 'LEVEL', description: 'that level or worse' },
    grep: { type: 'string', value: 'RE', description: 'an RE2 pattern that the text must match' },
    contains: { type: 'string', value: 'TEXT', description: 'a text that must occur as it stands here' },
    pod: { type: 'string', value: 'GLOB', description: 'only these pods' },
    container: { type: 'string', value: 'GLOB', description: 'only these containers' },
    limit: { type: 'string', value: 'N', description: 'stop after so many lines' },
    patterns: {
      type: 'boolean',
      description: 'print the patterns of warnings and worse instead of lines, the most frequent first',
    },
    follow: { type: 'boolean', description: 'print oldest first, and go on with what each cycle adds' },
  },
  async run(context) {
    const { args, signal } = context;
    const now = Date.now();
    const text = (name: string) => (typeof args.flags[name] === 'string' ? args.flags[name] : null);
    const follow = args.flags['follow'] === true;
    const search: LineSearch = {
      ...parseWorkload(args.positionals[0]),
      pod: text('pod'),
      container: text('container'),
      since: timeOption('--since', args.flags['since'], now) ?? now - (follow ? FOLLOW_FROM : 366 * DAY),
      until: timeOption('--until', args.flags['until'], now),
      level: text('level'),
      grep: text('grep'),
      contains: text('contains'),
    };
    lineQuery(search);
    const limit = limitOf(text('limit'));
    const settings = settingsOf(context);
    if (args.flags['patterns'] === true) {
      for (const name of ['until', 'grep', 'contains', 'pod', 'follow'])
        if (args.flags[name] !== undefined && args.flags[name] !== false) throw new ConfigError(`--patterns takes no --${name}`);
      await printPatterns(context, settings, { search, limit });
      return 0;
    }
    const print = printer(context);
    await using worker = new PatternWorker({ onSuspend: () => undefined });
    if (follow) return followLines({ settings, search, worker, limit }, print, signal);
    await using store = await openToRead(settings);
    let count = 0;
    for await (const line of new LineSearcher(store, worker).lines(search, signal)) {
      await print(line);
      if (++count >= limit) break;
    }
    return 0;
  },
};

interface Followed {
  readonly settings: Settings;
  readonly search: LineSearch;
  readonly worker: PatternWorker;
  readonly limit: number;
}

async function followLines(
  { settings, search, worker, limit }: Followed,
  print: (line: LogLine) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  let seen: string | null = null;
  let count = 0;
  while (!signal.aborted) {
    await using store = await openToRead(settings);
    const newest = store.summaries().at(-1)?.id ?? null;
    if (newest !== seen) {
      const lines = new LineSearcher(store, worker).lines(search, signal, { order: 'oldest_first', afterCycle: seen });
      for await (const line of lines) {
        await print(line);
        if (++count >= limit) return 0;
      }
      seen = newest;
    }
    await sleep(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return 0;
}

/** Writes one line and waits while the reader is slower. */
function printer({ args, stdout }: CommandContext): (line: LogLine) => Promise<void> {
  const render = args.flags['json'] === true ? (line: LogLine) => JSON.stringify(logLineJson(line)) : asText;
  return async (line) => {
    stdout(`${render(line)}\n`);
    if (process.stdout.writableNeedDrain) await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
  };
}

function asText({ second, nanos, ref, level, text }: LogLine): string {
  const at = formatNanoTime(second, nanos).replace(/\d{6}Z$/, 'Z');
  const name = level === 0 ? '-' : LEVELS[level];
  // A stored line must not be able to drive the reader's terminal.
  return `${at} ${ref.workload.namespace}/${ref.pod}/${ref.container} ${name} ${visible(text)}`;
}

function limitOf(text: string | null): number {
  if (text === null) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d*$/.test(text))
    throw new ConfigError(`expected --limit as a whole number of at least 1, found ${JSON.stringify(text)}`);
  return Number(text);
}
