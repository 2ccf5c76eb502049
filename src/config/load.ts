import { resolve } from 'node:path';
import type { Problem } from '../base/errors.ts';
import type { Rule } from '../core/rules/rule.ts';
import { type LoadedRules, loadRules, type RulesRequest, type RuleTexts } from './rules/rule-file.ts';
import { type LoadedSettings, loadSettings, type Settings, type SettingsRequest } from './settings/settings.ts';
import { type Stamps, takeStamps } from './stamps.ts';

/** Settings and rules together; each `null` exactly when a problem of its own files is an error, the rules also while the settings are. */
export interface Configuration {
  readonly settings: Settings | null;
  readonly rules: readonly Rule[] | null;
  readonly problems: readonly Problem[];
  /** The files and folders whose change matters, as they were just before they were read. */
  readonly stamps: Stamps;
  /** The settings file as it is written. */
  readonly written: LoadedSettings['written'];
  /** Equal while the settings say the same: then a reload need not open anything anew. */
  readonly digest: string;
  /** Rule tests found beside the rules, absolute. */
  readonly tests: readonly string[];
  /** The rule files as they were read. */
  readonly ruleTexts: RuleTexts;
}

/**
 * Reads the settings and then the rules that they name. With broken settings the rules are still read, so that every problem is told
 * at once. `texts` are read instead of the rule files; beside those `inForce` a folder without any is an error.
 */
export function loadConfiguration(request: SettingsRequest, given: Pick<RulesRequest, 'texts' | 'inForce'> = {}): Configuration {
  const before = takeStamps([resolve(request.cwd, request.file)]);
  const loaded = loadSettings(request);
  const folder = loaded.rules;
  const stamps = new Map([...takeStamps(folder === null ? loaded.files : [...loaded.files, folder]), ...before]);
  const receivers = loaded.settings?.receivers.map((receiver) => receiver.name) ?? null;
  const rules: LoadedRules = folder === null ? NO_RULES : loadRules({ folder, cwd: request.cwd, receivers, ...given });
  const failed = loaded.settings === null || rules.problems.some((problem) => problem.severity === 'error');
  return {
    settings: loaded.settings,
    rules: failed ? null : rules.rules,
    problems: [...loaded.problems, ...rules.problems],
    stamps,
    written: loaded.written,
    digest: loaded.digest,
    tests: rules.tests,
    ruleTexts: rules.texts,
  };
}

const NO_RULES: LoadedRules = { rules: [], problems: [], texts: new Map(), tests: [] };
