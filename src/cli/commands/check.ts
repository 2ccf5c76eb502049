import { runRuleTests, type TestResult } from '../../app/rule-test/run.ts';
import { compileSchedule } from '../../app/schedule.ts';
import { systemClock } from '../../base/clock.ts';
import { formatProblem, type Problem } from '../../base/errors.ts';
import { doubts } from '../../config/doubts/doubts.ts';
import { type Configuration, loadConfiguration } from '../../config/load.ts';
import { loadTests } from '../../config/rule-tests/test-file.ts';
import { rulePlaces } from '../../config/rules/rule-places.ts';
import { checkCluster } from '../check-cluster.ts';
import { checkSelections } from '../check-selections.ts';
import type { Command, CommandContext } from '../command.ts';
import { settingsRequest } from '../settings.ts';

export const check: Command = {
  name: 'check',
  summary: 'Checks settings, rule files and rule tests; prints every problem with its place',
  usage: 'check [--cluster]',
  options: {
    cluster: { type: 'boolean', description: 'also ask the API server for the permissions that are needed' },
  },
  async run(context) {
    const { args, stdout, stderr } = context;
    const checked = await checkFiles(context);
    const errors = checked.problems.filter((problem) => problem.severity === 'error').length;
    const asJson = args.flags['json'] === true;
    if (!asJson) {
      for (const problem of checked.problems) stderr(`${formatProblem(problem)}\n`);
      stdout(`${summary(checked.counts, errors, checked.problems.length - errors)}\n`);
    }
    const { settings } = checked.configuration;
    const cluster = args.flags['cluster'] === true && settings !== null ? await checkCluster(settings, context) : null;
    // One object, whatever was asked for.
    const json = { ...checked.counts, problems: checked.problems, ...(cluster === null ? {} : { cluster: cluster.json }) };
    if (asJson) stdout(`${JSON.stringify(json)}\n`);
    return errors === 0 ? (cluster?.status ?? 0) : 2;
  },
};

interface Counts {
  readonly receivers: number;
  readonly receivers_off: number;
  readonly rules: number;
  readonly tests: number;
  readonly tests_failed: number;
}

interface Checked {
  readonly configuration: Configuration;
  readonly problems: readonly Problem[];
  readonly counts: Counts;
}

async function checkFiles(context: CommandContext): Promise<Checked> {
  const request = settingsRequest(context);
  const configuration = loadConfiguration(request);
  const { settings, rules } = configuration;
  const alerts = rules?.map((rule) => rule.alert) ?? null;
  const { tests, problems: wrong } = loadTests({ files: configuration.tests, cwd: context.cwd, alerts });
  const runnable = rules !== null && wrong.every((problem) => problem.severity !== 'error');
  const results = runnable ? await runRuleTests(rules, tests, context.signal) : [];
  const period = settings === null ? null : compileSchedule(settings.schedule, settings.timezone, systemClock.now()).period;
  const doubtful =
    settings === null || rules === null
      ? []
      : [
          ...doubts(configuration, { settings, rules }, { file: request.file, cwd: context.cwd, period }),
          ...(await checkSelections(settings, rules, rulePlaces(configuration.ruleTexts))),
        ];
  const receivers = settings?.receivers ?? [];
  return {
    configuration,
    problems: [...configuration.problems, ...doubtful, ...wrong, ...results.flatMap(asProblems)],
    counts: {
      receivers: receivers.length,
      receivers_off: receivers.filter((receiver) => receiver.off).length,
      rules: rules?.length ?? 0,
      tests: results.length,
      tests_failed: results.filter((result) => result.failures.length > 0).length,
    },
  };
}

function asProblems({ file, name, failures }: TestResult): readonly Problem[] {
  return failures.map(({ line, column, message }) => {
    return { file, line, column, severity: 'error', message: `rule test ${JSON.stringify(name)} failed: ${message}` };
  });
}

function summary(counts: Counts, errors: number, warnings: number): string {
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  const off = counts.receivers_off === 0 ? '' : ` (${counts.receivers_off} off)`;
  const seen = `${plural(counts.rules, 'rule')}, ${plural(counts.receivers, 'receiver')}${off}, ${plural(counts.tests, 'rule test')}`;
  if (errors === 0 && warnings === 0) return `ok: ${seen}`;
  return `${errors === 0 ? 'ok' : 'not ok'}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}; ${seen}`;
}
