import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { policyOf } from '../../app/alerts/policy.ts';
import type { BacktestOptions } from '../../app/replay/backtest.ts';
import { ConfigError, StoreError } from '../../base/errors.ts';
import { shownPath } from '../../config/decode/config-file.ts';
import { loadRules } from '../../config/rules/rule-file.ts';
import type { Settings } from '../../config/settings/settings.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { printReport, reportJson } from '../backtest-report.ts';
import { openSource } from '../backtest-source.ts';
import type { Command, CommandContext } from '../command.ts';
import { progressLine } from '../progress-line.ts';
import { configurationOf } from '../settings.ts';
import { timeOption } from '../time-option.ts';

export const backtest: Command = {
  name: 'backtest',
  summary: 'judge what is stored, or log files, by the rules: what would have fired, and what would have been sent',
  usage: 'backtest [--from TIME] [--to TIME] [--logs FILE…] [--budget N] [--against FILE]',
  positionals: Number.POSITIVE_INFINITY,
  options: {
    from: { type: 'string', value: 'TIME', description: 'a duration back from the newest cycle, or a time (RFC 3339)' },
    to: { type: 'string', value: 'TIME', description: 'likewise; default: the newest cycle' },
    logs: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description: 'log files instead of what is stored: CRI, kubectl logs --timestamps, JSON lines; plain, gzip or zstd',
    },
    budget: { type: 'string', value: 'N', description: 'also say the threshold of each rule that gives at most N alerts a day' },
    against: { type: 'string', value: 'FILE', description: 'edited rules, compared with those in force' },
  },
  async run(context) {
    const { args, stdout, signal } = context;
    const { settings, rules } = configurationOf(context);
    const budget = budgetOf(args.flags['budget']);
    // A slip of the pen is told before anything long begins.
    for (const flag of ['from', 'to']) timeOption(`--${flag}`, args.flags[flag], 0);
    const edited = editedRules(context, settings);
    await using source = await openSource(context, settings, [...rules, ...(edited ?? [])]);
    const [first, last] = [source.store.summaries()[0], source.store.summaries().at(-1)];
    if (first === undefined || last === undefined)
      throw new StoreError('unreadable', 'there is nothing to judge: no cycle is stored yet');
    const span = {
      from: timeOption('--from', args.flags['from'], last.at) ?? first.at - source.lookback,
      to: timeOption('--to', args.flags['to'], last.at) ?? last.at,
    };
    if (span.from > span.to) throw new ConfigError('nothing lies between --from and --to: --from is the later one');
    const { backtest: run } = await import('../../app/replay/backtest.ts');
    const options = {
      period: source.period,
      span: settings.store.window,
      lookback: source.lookback,
      cluster: settings.cluster.name ?? 'cluster',
      timezone: settings.timezone,
      externalUrl: settings.statusPage.externalUrl,
      policy: policyOf(settings, receiversOf(settings)),
      ...span,
    };
    using progress = progressLine(context);
    const { countedStore } = await import('../counted-store.ts');
    const isReread = budget !== null;
    await using store = countedStore(source.store, [...rules, ...(edited ?? [])], { context, progress, isReread });
    const inForce = edited === null ? rules : rules.filter((rule) => edited.some(({ alert }) => alert === rule.alert));
    const onProgress = (done: number, of: number) => progress.show(`judging: ${done} of ${of} cycles`);
    const { suggestThresholds, TunedRules } = await import('../../app/replay/budget.ts');
    const tuned = budget === null ? null : new TunedRules({ ...options, rules: edited ?? rules });
    const onCycle: BacktestOptions['onCycle'] = (cycle, window) => tuned?.look(cycle, window);
    const [result, other = null] = await run(
      store,
      edited === null ? [inForce] : [inForce, edited],
      { ...options, onProgress, onCycle },
      signal,
    );
    progress.show('trying other thresholds');
    const suggestions =
      budget === null || tuned === null ? [] : await suggestThresholds(store, tuned, { ...span, budget }, signal);
    progress.clear();
    if (args.flags['json'] === true) stdout(`${JSON.stringify(reportJson(result, other, suggestions))}\n`);
    else printReport({ result, other, suggestions, budget, span, settings, context });
    return 0;
  },
};

function budgetOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  if (!/^\d+(\.\d+)?$/.test(value))
    throw new ConfigError(`expected --budget as a number of alerts a day, found ${JSON.stringify(value)}`);
  return Number(value);
}

/** The rules of `--against`; `null` when it was not given. */
function editedRules({ args, cwd }: CommandContext, settings: Settings): readonly Rule[] | null {
  const file = args.flags['against'];
  if (typeof file !== 'string') return null;
  const path = resolve(cwd, file);
  if (!existsSync(path)) throw new ConfigError(`could not read ${shownPath(path, cwd)}: it does not exist`);
  const receivers = settings.receivers.map(({ name }) => name);
  const loaded = loadRules({ folder: dirname(path), cwd, receivers, only: basename(path) });
  if (loaded.problems.some(({ severity }) => severity === 'error'))
    throw new ConfigError(`the rules of ${shownPath(path, cwd)} cannot be used`, loaded.problems);
  return loaded.rules;
}

/** Receivers that are off count as well: what would have been sent if they were on. */
function receiversOf({ receivers }: Settings): readonly string[] {
  const names = receivers.map(({ name }) => name);
  return names.length === 0 ? ['(no receiver)'] : names;
}
