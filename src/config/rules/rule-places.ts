import { basename } from 'node:path';
import { Findings, type MapNode, type Node, type Position } from '../../base/node.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { parseYaml } from '../decode/yaml.ts';
import type { RuleTexts } from './rule-file.ts';

/** Where the parts of rules stand in their files. */
export interface RulePlaces {
  /** The value at the path of keys in a rule: `log_match`, `within`; `undefined` where the rule does not say it itself. */
  find(rule: Rule, ...path: readonly string[]): Node | undefined;
  /** The same value's place, or that of the alert's name. */
  at(rule: Rule, ...path: readonly string[]): Position;
}

/** Reads the files again, for what is told of rules that are used as they are: those keep the line they begin at, and no other. */
export function rulePlaces(texts: RuleTexts): RulePlaces {
  const files = new Map<string, readonly MapNode[]>();
  const rulesOf = (name: string): readonly MapNode[] => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const root = parseYaml(Buffer.from(texts.get(name) ?? ''), new Findings(name));
    const list = root === null ? undefined : child(root, 'rules');
    const rules = list?.kind === 'list' ? list.items.filter((item) => item.kind === 'map') : [];
    files.set(name, rules);
    return rules;
  };
  const find = (rule: Rule, ...path: readonly string[]): Node | undefined => {
    const node: Node | undefined = rulesOf(basename(rule.file)).find((each) => each.at.line === rule.line);
    return path.reduce<Node | undefined>((at, key) => (at === undefined ? undefined : child(at, key)), node);
  };
  return {
    find,
    at: (rule, ...path) => (find(rule, ...path) ?? find(rule, 'alert'))?.at ?? { line: rule.line, column: 1 },
  };
}

function child(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}
