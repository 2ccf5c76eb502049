import { Findings, type Node, type Position, writtenText } from '../../base/node.ts';
import { list, mapOf, oneOrMany } from '../../base/schema/collections.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { choice, duration, flag, glob, integer, text } from '../../base/schema/scalars.ts';
import { described, type JsonSchema, oneRequired, refine, type Type, type Value, withJson } from '../../base/schema/type.ts';
import { SEVERITIES } from '../../core/model/alert.ts';
import type { Selector } from '../../core/model/selector.ts';
import { TEMPLATE_NAMES } from '../../core/model/template.ts';
import type { Condition } from '../../core/rules/condition.ts';
import { CONDITION_KINDS } from '../../core/rules/registry.ts';
import { LABEL_NAME } from '../decode/label-match.ts';
import { exactlyOne } from '../decode/one-of.ts';
import { name, type Placed, placed, webAddress } from '../decode/scalars.ts';
import { resolveBelowType, type WrittenLimit } from './resolve-below.ts';

/** Labels that every alert may carry by itself (interface.md section 4.1 point 10). */
export const BUILT_IN_LABELS = [
  'alert',
  'alertname',
  'severity',
  'cluster',
  'namespace',
  'kind',
  'workload',
  'container',
  'pod',
  'node',
] as const;

const TAKEN = new Set<string>([...BUILT_IN_LABELS, ...TEMPLATE_NAMES]);

const globs = oneOrMany(glob(), 1);

const selector: Type<Selector> = refine(
  object({
    namespace: optional(globs, null),
    workload: optional(globs, null),
    kind: optional(globs, null),
    pod: optional(globs, null),
    container: optional(globs, null),
    node: optional(globs, null),
    image: optional(globs, null),
    labels: optional(described(mapOf(globs), "The pod's labels."), null),
  }),
  (value) => value,
);

const labelValue: Type<string> = {
  expected: 'the value of a label',
  json: { type: ['string', 'number', 'boolean'] },
  decode: (node, findings) =>
    (node.kind === 'scalar' ? writtenText(node) : null) ?? text('the value of a label').decode(node, findings),
};

const labels: Type<ReadonlyMap<string, string>> = {
  ...withJson(mapOf(labelValue, LABEL_NAME), {
    propertyNames: { pattern: LABEL_NAME.pattern.source, not: { enum: [...TAKEN] } },
  }),
  decode(node, findings) {
    const decoded = mapOf(labelValue, LABEL_NAME).decode(node, findings);
    const taken = node.kind === 'map' ? node.entries.filter((entry) => TAKEN.has(entry.key)) : [];
    for (const entry of taken)
      findings.error(entry.keyAt, `label "${entry.key}" would hide the built-in one: choose another name`);
    return taken.length > 0 ? undefined : decoded;
  },
};

const NO_LABELS: ReadonlyMap<string, string> = new Map();

/** What a rule may say and `defaults` may say for every rule of its file. */
const shared = {
  match: optional(described(oneOrMany(selector, 1), 'What the rule applies to: a selector, or a list of which any holds.'), null),
  except: optional(described(oneOrMany(selector), 'What it does not apply to.'), null),
  for: optional(described(duration(), 'True at every judgement for that long before it fires.'), null),
  keep_firing_for: optional(described(duration(), 'How long it goes on firing after the condition became false.'), null),
  recurs_within: optional(
    described(
      duration(),
      'An alert that fires again so soon after its end goes on firing for as long after its condition became false.',
    ),
    null,
  ),
  resolve_after: optional(described(integer(1, 1000), 'Complete collections in which it must be false.'), null),
  resolve_below: optional(
    described(
      placed(resolveBelowType),
      'A firing alert resolves only when its value is below this, in the unit of the threshold; above it, for a condition with `below`.',
    ),
    null,
  ),
  severity: optional(choice(...SEVERITIES), null),
  labels: optional(described(labels, "Further labels of the rule's alerts."), NO_LABELS),
  runbook: optional(described(webAddress(), 'Linked in messages.'), null),
  receivers: optional(described(list(placed(text('the name of a receiver')), 1), "Receivers instead of the routes'."), null),
};

/** For editors: what is opened is closed. Which names a template knows, the rule's labels say. */
const template = withJson(text(), { pattern: String.raw`^(?:[^{]|\{(?!\{)|\{\{\s*[A-Za-z_]\w*\s*\}\})*$` });

const own = {
  alert: required(described(placed(name('a name for the alert', 128)), 'Unique over all files.')),
  summary: optional(described(placed(template), 'A template for the first line of messages.'), null),
  description: optional(described(placed(template), 'A template for more.'), null),
  enabled: optional(flag(), true),
};

const withoutCondition = object({ ...own, ...shared });
const withConditions = object({
  ...own,
  ...Object.fromEntries(CONDITION_KINDS.map((kind) => [kind.kind, optional(described(kind.type, kind.description), null)])),
  ...shared,
});

const CONDITION_NAMES = CONDITION_KINDS.map((kind) => kind.kind);

/** A rule as written: templates, receivers and the name not yet checked against the rest. */
export interface RuleEntry {
  readonly outline: RuleOutline;
  /** `null` when something in the rule is wrong, which was told. */
  readonly whole: WholeRule | null;
}

export interface WholeRule {
  readonly written: Value<typeof withoutCondition>;
  readonly condition: Condition;
  readonly at: Position;
}

/** What of a rule is checked against the rest of the files; a part that is absent or wrong is `null`, so that a broken rule hides nothing. */
export interface RuleOutline {
  readonly alert: Placed<string> | null;
  readonly summary: Placed<string> | null;
  readonly description: Placed<string> | null;
  readonly receivers: readonly Placed<string>[] | null;
  readonly labels: ReadonlyMap<string, string> | null;
  readonly resolve_below: Placed<WrittenLimit> | null;
  readonly condition: Condition | null;
}

function outlineOf(node: Node): RuleOutline {
  const entries = node.kind === 'map' ? node.entries : [];
  // What is wrong with a part was told when the whole rule was read.
  const untold = new Findings('');
  const read = <T>(key: string, { type }: { readonly type: Type<T> }): T | null => {
    const entry = entries.find((each) => each.key === key);
    return entry === undefined ? null : (type.decode(entry.value, untold) ?? null);
  };
  const condition = (): Condition | null => {
    const [kind, ...others] = CONDITION_KINDS.filter((each) => entries.some(({ key }) => key === each.kind));
    const spec = kind === undefined || others.length > 0 ? null : read(kind.kind, kind);
    return kind === undefined || spec === null ? null : kind.bind(spec);
  };
  const labels = read('labels', shared.labels);
  // Without the rule's labels it is not known which names its templates may have.
  const hasBadLabels = labels === null && entries.some(({ key }) => key === 'labels');
  return {
    alert: read('alert', own.alert),
    summary: hasBadLabels ? null : read('summary', own.summary),
    description: hasBadLabels ? null : read('description', own.description),
    receivers: read('receivers', shared.receivers),
    labels,
    resolve_below: read('resolve_below', shared.resolve_below),
    condition: condition(),
  };
}

const ruleJson: JsonSchema = {
  ...withConditions.json,
  ...oneRequired(CONDITION_KINDS.map(({ kind }) => kind)),
};

const ruleType: Type<RuleEntry> = {
  expected: 'a rule: `alert` and one condition',
  json: ruleJson,
  decode(node, findings) {
    const decoded = withConditions.decode(node, findings);
    const entry = exactlyOne(node, CONDITION_NAMES, 'a rule has exactly one condition', findings);
    const condition = CONDITION_KINDS.find((kind) => kind.kind === entry?.key);
    if (decoded === undefined || condition === undefined) return { outline: outlineOf(node), whole: null };
    // The decoded map holds the condition's own spec under the condition's own key.
    const spec = (decoded as Readonly<Record<string, unknown>>)[condition.kind];
    const bound = condition.bind(spec);
    return { outline: { ...decoded, condition: bound }, whole: { written: decoded, condition: bound, at: node.at } };
  },
};

const defaults = object(shared);

/** Everything that a rule file can say. */
export const ruleFileType = object({
  defaults: optional(described(defaults, 'For every rule of this file that does not say otherwise; labels are added.'), null),
  rules: optional(lenientList(ruleType), []),
});

export type RuleDefaults = Value<typeof defaults>;

/** A list that keeps its good items: one bad rule must not hide what is wrong with the rest against each other. */
function lenientList<T>(item: Type<T>): Type<readonly T[]> {
  const whole = list(item);
  return {
    ...withJson(whole, { type: ['array', 'null'] }),
    decode(node, findings) {
      if (node.kind !== 'list') return node.kind === 'scalar' && node.value === null ? [] : whole.decode(node, findings);
      return node.items.map((each) => item.decode(each, findings)).filter((value) => value !== undefined);
    },
  };
}
