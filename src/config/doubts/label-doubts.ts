import { compileGlob } from '../../base/glob.ts';
import type { Findings, MapEntry, Node } from '../../base/node.ts';
import { hint } from '../../base/schema/suggestion.ts';
import { SEVERITIES } from '../../core/model/alert.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { BUILT_IN_LABELS } from '../rules/rule-type.ts';

/** Labels and values in the settings that no alert can have: nothing says no to them, and nothing ever matches. */
export function labelDoubts(settings: Node, rules: readonly Rule[], findings: Findings): void {
  const labels = [...new Set([...BUILT_IN_LABELS, ...rules.flatMap((rule) => Object.keys(rule.labels))])];
  const values = new Map<string, readonly string[]>([
    ['severity', SEVERITIES],
    ['alert', rules.map((rule) => rule.alert)],
  ]);
  const checkLabel = (name: string, at: Node['at']): boolean => {
    if (labels.includes(name)) return true;
    findings.warning(at, `no alert has the label "${name}"${hint(name, labels)}`);
    return false;
  };
  const checkGlob = ({ key }: MapEntry, node: Node): void => {
    const known = values.get(key);
    if (known === undefined || node.kind !== 'scalar' || node.value === null) return;
    const glob = String(node.value);
    if (known.some((value) => compileGlob(glob).matches(value))) return;
    findings.warning(
      node.at,
      `no ${key === 'alert' ? 'rule has the alert' : 'alert has the severity'} "${glob}"${hint(glob, known)}`,
    );
  };
  for (const match of matchesOf(settings)) {
    for (const entry of match.kind === 'map' ? match.entries : [])
      if (checkLabel(entry.key, entry.keyAt)) for (const node of manyOf(entry.value)) checkGlob(entry, node);
  }
  for (const names of [
    at(settings, 'notifications', 'group_by'),
    ...manyOf(at(settings, 'inhibit')).map((each) => at(each, 'equal')),
  ])
    for (const node of manyOf(names)) if (node.kind === 'scalar') checkLabel(String(node.value), node.at);
}

/** Every map of globs by alert label that the settings have. */
function matchesOf(settings: Node): readonly Node[] {
  const sections = [
    ...manyOf(at(settings, 'routes')).map((route) => at(route, 'match')),
    ...manyOf(at(settings, 'mute')).map((mute) => at(mute, 'match')),
    ...manyOf(at(settings, 'inhibit')).flatMap((each) => [at(each, 'source'), at(each, 'target')]),
  ];
  return sections.flatMap(manyOf);
}

function manyOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}

function at(node: Node, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>(
    (from, key) => (from?.kind === 'map' ? from.entries.find((entry) => entry.key === key)?.value : undefined),
    node,
  );
}
