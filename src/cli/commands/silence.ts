import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { silencePort } from '../../app/alerts/silences.ts';
import { humanDuration } from '../../base/duration.ts';
import { CollectError, ConfigError, StoreError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Settings } from '../../config/settings/settings.ts';
import { parseMatchers } from '../../core/alerts/suppress/matcher-text.ts';
import { readSilence, type SilenceRequest } from '../../core/alerts/suppress/silence-request.ts';
import { createRedactor } from '../../core/analyze/redact.ts';
import { silenceState } from '../../core/model/silence.ts';
import { openStore } from '../../store/open-store.ts';
import { silenceJson } from '../../web/api/resources.ts';
import type { SilencePort } from '../../web/view.ts';
import type { Command, CommandContext } from '../command.ts';
import { type DaemonApi, daemonApi, daemonAt } from '../daemon-api.ts';
import { settingsOf } from '../settings.ts';
import { renderTable } from '../table.ts';

/** Makes, lists and ends silences through the daemon that runs on the store, else on the store itself. */
export const silence: Command = {
  name: 'silence',
  summary: 'make, list and end silences',
  usage: 'silence add --match LABEL=GLOB… --for DURATION [--comment TEXT] | list | end ID',
  positionals: 2,
  options: {
    match: {
      type: 'string',
      multiple: true,
      value: 'LABEL=GLOB',
      description: 'which alerts, such as namespace=shop-*; several must all hold',
    },
    for: { type: 'string', value: 'DURATION', description: 'how long, such as 2h' },
    until: { type: 'string', value: 'TIME', description: 'until when, such as 2026-11-30T08:00Z, instead of --for' },
    'until-resolved': { type: 'boolean', description: 'end it once the alerts have resolved; without --for a day at most' },
    comment: { type: 'string', value: 'TEXT', description: 'why' },
    author: { type: 'string', value: 'NAME', description: 'who (default: the user of this machine)' },
    all: { type: 'boolean', description: 'list: also those that have ended lately' },
    url: { type: 'string', value: 'URL', description: 'the daemon to ask (default: the one that runs on the store)' },
    'token-file': { type: 'string', value: 'FILE', description: 'holds the token of a daemon with bearer authentication' },
  },
  async run(context) {
    const [action, id] = context.args.positionals;
    switch (action) {
      case 'add':
        if (id !== undefined) throw new ConfigError(`unexpected argument ${JSON.stringify(id)}`);
        return add(context);
      case 'list':
        if (id !== undefined) throw new ConfigError(`unexpected argument ${JSON.stringify(id)}`);
        return list(context);
      case 'end':
        if (id === undefined) throw new ConfigError('say which silence to end: tocsin silence end ID');
        return end(context, id);
      default:
        throw new ConfigError('expected add, list or end: tocsin silence add|list|end');
    }
  },
};

type SilenceJson = ReturnType<typeof silenceJson>;

/** Where silences are kept, whoever keeps them. */
interface Silences {
  readonly where: string;
  add(request: SilenceRequest): Promise<SilenceJson>;
  list(all: boolean): Promise<readonly SilenceJson[]>;
  /** `null` when there is no such silence. */
  end(id: string): Promise<SilenceJson | null>;
}

async function add(context: CommandContext): Promise<number> {
  const { flags } = context.args;
  const { match, problems } = parseMatchers(Array.isArray(flags['match']) ? flags['match'] : []);
  if (problems.length > 0) throw new ConfigError(problems.join('; '));
  const request: SilenceRequest = {
    match,
    ...(flags['for'] === undefined ? {} : { for: flags['for'] }),
    ...(flags['until'] === undefined ? {} : { ends_at: flags['until'] }),
    ...(flags['until-resolved'] === true ? { until_resolved: true } : {}),
    comment: flags['comment'] ?? '',
    author: flags['author'] ?? userName(),
  };
  // Before anyone is asked: a daemon that is not there must not hide what is wrong with the line.
  const { problems: wrong } = readSilence(request, { now: Date.now(), id: '', author: '' });
  if (wrong.length > 0) throw new ConfigError(wrong.map(inFlags).join('; '));
  return withSilences(context, async (silences) => {
    const made = await silences.add(request);
    const until = `until ${made.ends_at}${made.until_resolved ? ', or until its alerts have resolved' : ''}`;
    print(context, made, `silence ${made.id} ${until} (${silences.where})\n${matchedText(made)}\n`);
    return 0;
  });
}

/** A problem in the words of the command line: it names the fields as the API does. */
function inFlags(problem: string): string {
  return problem
    .replace(/^(?=(?:for|match|comment|author)\b)/, '--')
    .replaceAll('ends_at, a time', '--until TIME')
    .replaceAll('ends_at', '--until');
}

function matchedText({ alerts }: SilenceJson): string {
  if (alerts.length === 0) return 'no alert matches at the moment';
  const names = alerts.slice(0, 10).map(({ alert, id }) => `${alert} (${id})`);
  return `${alerts.length} alert${alerts.length === 1 ? ' matches' : 's match'} now: ${names.join(', ')}${alerts.length > 10 ? ', …' : ''}`;
}

async function list(context: CommandContext): Promise<number> {
  return withSilences(context, async (silences) => {
    const items = await silences.list(context.args.flags['all'] === true);
    const rows = items.map((item) => [
      item.id,
      item.state,
      item.state === 'active' ? humanDuration(Date.parse(item.ends_at ?? '') - Date.now()) : (item.ends_at ?? ''),
      Object.entries(item.match)
        .flatMap(([key, globs]) => [globs].flat().map((glob) => `${key}=${glob}`))
        .join(' '),
      String(item.alerts.length),
      item.author,
      item.comment,
    ]);
    const table = renderTable([['ID', 'STATE', 'ENDS', 'MATCH', 'ALERTS', 'AUTHOR', 'COMMENT'], ...rows]);
    print(context, { items }, items.length === 0 ? 'no silences\n' : table);
    return 0;
  });
}

async function end(context: CommandContext, id: string): Promise<number> {
  return withSilences(context, async (silences) => {
    const ended = await silences.end(id);
    if (ended === null) {
      context.stderr(
        `tocsin silence: there is no silence ${JSON.stringify(id)}; "tocsin silence list --all" has those of the last day\n`,
      );
      return 1;
    }
    print(context, ended, `silence ${ended.id} has ended (${silences.where})\n`);
    return 0;
  });
}

function print(context: CommandContext, json: unknown, text: string): void {
  context.stdout(context.args.flags['json'] === true ? `${JSON.stringify(json)}\n` : text);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in a container.
    return '';
  }
}

/**
 * Who writes the store knows best: a daemon that holds its lock is asked. Where nobody holds it, the silence goes into the store, and where there
 * is no store here, such as behind a port-forward, a daemon at `status_page.listen` is asked all the same.
 */
async function withSilences(context: CommandContext, use: (silences: Silences) => Promise<number>): Promise<number> {
  const { flags } = context.args;
  const settings = settingsOf(context);
  const ask = (base: string) => use(remote(daemonApi(context, settings, base)));
  if (typeof flags['url'] === 'string') return ask(flags['url']);
  const base = daemonAt(settings.statusPage.listen);
  if (!existsSync(settings.store.path)) return ask(base).catch((error) => throwWithout(settings.store.path, error));
  let store: Awaited<ReturnType<typeof openToWrite>>;
  try {
    store = await openToWrite(settings);
  } catch (error) {
    if (error instanceof StoreError && error.reason === 'in_use') return ask(base);
    throw error;
  }
  await using opened = store;
  return use(await local(opened, settings));
}

/** Nobody answers and nothing is stored: both are told, since either may be what was meant. */
function throwWithout(path: string, error: unknown): never {
  if (error instanceof CollectError && error.reason === 'unreachable')
    throw new CollectError('unreachable', `there is no store at ${path} (--data says where), and no daemon`, { cause: error });
  throw error;
}

function openToWrite({ store }: Settings) {
  const now = () => Date.now();
  return openStore(store.kind, { ...store, access: 'write', wait: 0, command: 'tocsin silence', now, logger: silentLogger });
}

async function local(store: Awaited<ReturnType<typeof openToWrite>>, { store: { path }, logs }: Settings): Promise<Silences> {
  let document = await store.loadAlerts();
  const port: SilencePort = silencePort({
    read: () => document,
    async change(change) {
      document = change(document);
      await store.saveAlerts(document);
    },
    now: () => Date.now(),
    newId: randomUUID,
    redact: createRedactor(logs.redact).redactText,
  });
  const json = (silence: (typeof document.silences)[number]) =>
    silenceJson(silence, { alerts: document.alerts, now: Date.now() });
  return {
    where: `in the store ${path}; no daemon runs on it`,
    async add(request) {
      const { silence: made, problems } = await port.add(request, '');
      if (made === null) throw new ConfigError(problems.join('; '));
      return json(made);
    },
    list: async (all) => document.silences.filter((each) => all || silenceState(each, Date.now()) !== 'ended').map(json),
    async end(id) {
      const ended = await port.end(id);
      return ended === null ? null : json(ended);
    },
  };
}

/** The answers are of the same version of this program, or near to it: their fields are those of {@link silenceJson}. */
function remote(api: DaemonApi): Silences {
  return {
    where: `through ${api.base}`,
    add: async (request) => (await api.call('POST', '/api/v1/silences', request)) as SilenceJson,
    async list(all) {
      const states = all ? ['active', 'pending', 'ended'] : ['active', 'pending'];
      const lists = await Promise.all(states.map((state) => api.call('GET', `/api/v1/silences?limit=1000&state=${state}`)));
      return lists.flatMap((page) => (page as { readonly items: readonly SilenceJson[] }).items);
    },
    end: async (id) => (await api.call('DELETE', `/api/v1/silences/${encodeURIComponent(id)}`)) as SilenceJson | null,
  };
}
