import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../base/errors.ts';
import { Findings } from '../../base/node.ts';
import { parseTemplate, TEMPLATE_NAMES, type Template, TemplateError } from '../../core/model/template.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { readConfigFile, readRegularFile, shownPath, whyUnreadable } from '../decode/config-file.ts';
import { requireKnown } from '../decode/one-of.ts';
import type { Placed } from '../decode/scalars.ts';
import { resolveLimit } from './resolve-below.ts';
import { BUILT_IN_LABELS, type RuleDefaults, type RuleOutline, ruleFileType, type WholeRule } from './rule-type.ts';

/** More rules than anyone watches; a file made by a program gone wrong stops here. */
export const MAX_RULES = 500;

const DEFAULT_RESOLVE_AFTER = 2;
const NO_FILES = 'no rule files (*.yaml) in this folder';
const WANTS_NONE = 'a file with "rules: []" says that none are wanted';

export interface RulesRequest {
  /** The folder, absolute. */
  readonly folder: string;
  readonly cwd: string;
  /** Names of the receivers in the settings; `null` when they are not known, which checks none. */
  readonly receivers: readonly string[] | null;
  /** Only the file of this name. */
  readonly only?: string;
  /** Read these instead of the folder's files. */
  readonly texts?: RuleTexts;
  /** The files that are in force: that all of them are gone, or that one is empty now, is a mount or a copy that went wrong, and no wish. */
  readonly inForce?: RuleTexts;
}

/** Rule files by their names in the folder, as they were read. */
export type RuleTexts = ReadonlyMap<string, string>;

/** `rules` holds the good ones even when there are errors, so that a check can go on; the daemon uses them only without an error. */
export interface LoadedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
  /** The rule files, in the order of their names. */
  readonly texts: RuleTexts;
  /** The tests beside them, in the order of their names; absolute. */
  readonly tests: readonly string[];
}

/** Reads every `*.yaml` and `*.yml` of a folder but the `*.test.yaml`, in the order of their names; every problem at once. */
export function loadRules(request: RulesRequest): LoadedRules {
  const shown = shownPath(request.folder, request.cwd);
  const folder = new Findings(shown);
  const start = { line: 1, column: 1 };
  let names: readonly string[];
  try {
    names = [...(request.texts?.keys() ?? readdirSync(request.folder))]
      .filter((name) => (request.only === undefined ? /\.ya?ml$/.test(name) && !name.startsWith('.') : name === request.only))
      .sort();
  } catch (error) {
    folder.error(start, `could not read the rules folder: ${whyUnreadable(error)}`);
    return { rules: [], problems: folder.problems, texts: new Map(), tests: [] };
  }
  const tests = names.filter((name) => /\.test\.ya?ml$/.test(name));
  const files = names.filter((name) => !tests.includes(name));
  if (files.length === 0) {
    if ((request.inForce?.size ?? 0) > 0) folder.error(start, `${NO_FILES}: ${WANTS_NONE}`);
    else folder.warning(start, `${NO_FILES}: nothing will be told`);
  }
  const context: FileContext = { ...request, places: new Map(), rules: [], read: new Map() };
  const problems = files.flatMap((name) =>
    readRuleFile(name, { path: join(request.folder, name), shown: join(shown, name) }, context),
  );
  if (context.rules.length > MAX_RULES) {
    folder.error(start, `${context.rules.length} rules are more than the ${MAX_RULES} that Tocsin judges`);
  }
  return {
    rules: context.rules.slice(0, MAX_RULES),
    problems: [...folder.problems, ...problems],
    texts: context.read,
    tests: tests.map((name) => join(request.folder, name)),
  };
}

interface FileContext extends Pick<RulesRequest, 'receivers' | 'texts' | 'inForce'> {
  /** Where each alert name was seen first. */
  readonly places: Map<string, string>;
  readonly rules: Rule[];
  readonly read: Map<string, string>;
}

function readRuleFile(
  name: string,
  { path, shown }: { readonly path: string; readonly shown: string },
  context: FileContext,
): readonly Problem[] {
  const text = context.texts?.get(name);
  const { node, findings, bytes } = readConfigFile(path, shown, text === undefined ? readRegularFile : () => Buffer.from(text));
  context.read.set(name, bytes.toString());
  if (isBlank(bytes.toString()) && !isBlank(context.inForce?.get(name) ?? ''))
    findings.error({ line: 1, column: 1 }, `the file is empty now: ${WANTS_NONE}`);
  const decoded = node === null ? undefined : ruleFileType.decode(node, findings);
  const { receivers } = context;
  if (decoded !== undefined) {
    if (decoded.rules.length === 0 && !findings.failed) findings.warning({ line: 1, column: 1 }, 'no rules in this file');
    if (receivers !== null) requireKnown(decoded.defaults?.receivers ?? [], receivers, 'receiver', findings);
    for (const { outline, whole } of decoded.rules) {
      checkName(outline.alert, context.places, findings);
      if (receivers !== null) requireKnown(outline.receivers ?? [], receivers, 'receiver', findings);
      const texts = compileTexts(outline, decoded.defaults, findings);
      const { condition, resolve_below } = outline;
      // Of a rule that is wrong it is not known whether it says its own.
      const written = resolve_below ?? (whole === null ? null : (decoded.defaults?.resolve_below ?? null));
      const resolveBelow = condition === null ? null : resolveLimit(written, condition, findings);
      if (whole !== null) context.rules.push(compileRule(whole, { ...texts, resolveBelow }, decoded.defaults, findings.file));
    }
  }
  return [...findings.problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Whether a file holds nothing at all, as one that was cut off does. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}

function checkName(alert: Placed<string> | null, places: Map<string, string>, findings: Findings): void {
  if (alert === null) return;
  const first = places.get(alert.value);
  if (first !== undefined) findings.error(alert.at, `duplicate alert "${alert.value}": it is already at ${first}`);
  else places.set(alert.value, `${findings.file}:${alert.at.line}:${alert.at.column}`);
}

function compileTexts(
  outline: RuleOutline,
  defaults: RuleDefaults | null,
  findings: Findings,
): Pick<Rule, 'labels' | 'summary' | 'description'> {
  const labels = { ...Object.fromEntries(defaults?.labels ?? []), ...Object.fromEntries(outline.labels ?? []) };
  const known = new Set<string>([...BUILT_IN_LABELS, ...TEMPLATE_NAMES, ...Object.keys(labels)]);
  known.delete('alertname');
  return {
    labels,
    summary: template(outline.summary, known, findings),
    description: template(outline.description, known, findings),
  };
}

function compileRule(
  { written, condition, at }: WholeRule,
  checked: ReturnType<typeof compileTexts> & Pick<Rule, 'resolveBelow'>,
  defaults: RuleDefaults | null,
  file: string,
): Rule {
  const receivers = written.receivers ?? defaults?.receivers ?? null;
  return {
    ...checked,
    alert: written.alert.value,
    condition,
    selection: { match: written.match ?? defaults?.match ?? [], except: written.except ?? defaults?.except ?? [] },
    for: written.for ?? defaults?.for ?? 0,
    keepFiringFor: written.keep_firing_for ?? defaults?.keep_firing_for ?? 0,
    recursWithin: written.recurs_within ?? defaults?.recurs_within ?? 0,
    resolveAfter: written.resolve_after ?? defaults?.resolve_after ?? DEFAULT_RESOLVE_AFTER,
    severity: written.severity ?? defaults?.severity ?? 'warning',
    runbook: written.runbook ?? defaults?.runbook ?? null,
    receivers: receivers === null ? null : receivers.map((receiver) => receiver.value),
    enabled: written.enabled,
    file,
    line: at.line,
  };
}

function template(source: Placed<string> | null, known: ReadonlySet<string>, findings: Findings): Template | null {
  if (source === null) return null;
  try {
    return parseTemplate(source.value, known);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    for (const problem of error.problems) findings.error(source.at, `bad template: ${problem}`);
    return null;
  }
}
