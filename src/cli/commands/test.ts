import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { runRuleTests, type TestResult } from '../../app/rule-test/run.ts';
import { ConfigError, formatProblem, type Problem } from '../../base/errors.ts';
import { loadTests } from '../../config/rule-tests/test-file.ts';
import { loadRules } from '../../config/rules/rule-file.ts';
import type { Command, CommandContext } from '../command.ts';
import { settingsOf } from '../settings.ts';

export const test: Command = {
  name: 'test',
  summary: "Runs the rules' own tests, *.test.yaml beside the rules",
  usage: 'test [FILE…]',
  positionals: Number.POSITIVE_INFINITY,
  options: {},
  async run(context) {
    const { args, stdout, stderr } = context;
    const results: TestResult[] = [];
    const problems: Problem[] = [];
    for (const { folder, files } of foldersOf(context)) {
      const rules = loadRules({ folder, cwd: context.cwd, receivers: null });
      const broken = rules.problems.some((problem) => problem.severity === 'error');
      const alerts = broken ? null : rules.rules.map((rule) => rule.alert);
      const loaded = loadTests({ files: files ?? rules.tests, cwd: context.cwd, alerts });
      const wrong = [...rules.problems, ...loaded.problems].filter((problem) => problem.severity === 'error');
      problems.push(...wrong);
      if (wrong.length === 0) results.push(...(await runRuleTests(rules.rules, loaded.tests, context.signal)));
    }
    for (const problem of problems) stderr(`${formatProblem(problem)}\n`);
    const failed = results.filter((result) => result.failures.length > 0);
    if (args.flags['json'] === true) stdout(`${JSON.stringify({ items: results })}\n`);
    else {
      for (const result of results) stdout(report(result));
      stdout(`${results.length - failed.length} passed, ${failed.length} failed\n`);
    }
    return failed.length === 0 && problems.length === 0 ? 0 : 1;
  },
};

interface Folder {
  readonly folder: string;
  /** The files to run; `null` for all of the folder. */
  readonly files: readonly string[] | null;
}

/** Tests are run against the rules beside them: the named files by folder, else the rules folder of the settings. */
function foldersOf(context: CommandContext): readonly Folder[] {
  const named = context.args.positionals;
  if (named.length === 0) return [{ folder: settingsOf(context).rules, files: null }];
  const folders = new Map<string, string[] | null>();
  for (const name of named) {
    const path = resolve(context.cwd, name);
    if (isFolder(path)) {
      folders.set(path, null);
      continue;
    }
    if (!/\.test\.ya?ml$/.test(path)) throw new ConfigError(`${name} is no rule test: expected a folder or *.test.yaml`);
    const files = folders.get(dirname(path));
    if (files === undefined) folders.set(dirname(path), [path]);
    else files?.push(path);
  }
  return [...folders].map(([folder, files]) => ({ folder, files }));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function report({ file, line, name, failures }: TestResult): string {
  if (failures.length === 0) return `ok    ${file}: ${name}\n`;
  const told = failures.flatMap((failure) => [
    `  ${file}:${failure.line}:${failure.column}: ${failure.message}`,
    ...failure.details.map((detail) => `      ${detail}`),
  ]);
  return `FAIL  ${file}:${line}: ${name}\n${told.join('\n')}\n`;
}
