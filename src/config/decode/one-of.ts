import type { Findings, MapEntry, Node } from '../../base/node.ts';
import { nearest, suggestion } from '../../base/schema/suggestion.ts';

/** The one entry of a map, decoded before, whose key is in `keys`; none or several is a problem. `what` names the thing: `a rule has exactly one condition`. */
export function exactlyOne(node: Node, keys: readonly string[], what: string, findings: Findings): MapEntry | undefined {
  if (node.kind !== 'map') return undefined;
  const [first, second] = node.entries.filter((entry) => keys.includes(entry.key));
  if (first === undefined) {
    if (node.entries.some((entry) => nearest(entry.key, keys) !== undefined && isTold(entry, findings))) return undefined;
    findings.error(node.at, `${what}: one of ${keys.join(', ')}`);
    return undefined;
  }
  if (second !== undefined) {
    findings.error(second.keyAt, `${what}: "${first.key}" is already there at line ${first.keyAt.line}`);
    return undefined;
  }
  return first;
}

/** A key that is one of them but for its spelling was told where it stands. */
function isTold({ keyAt }: MapEntry, { problems }: Findings): boolean {
  return problems.some(({ line, column }) => line === keyAt.line && column === keyAt.column);
}

/** Reports every name in `given` that is not in `known`. */
export function requireKnown(
  given: readonly { readonly value: string; readonly at: Node['at'] }[],
  known: readonly string[],
  what: string,
  findings: Findings,
): void {
  for (const { value, at } of given) {
    if (known.includes(value)) continue;
    const hint = known.length === 0 ? `; the settings have no ${what}` : suggestion(value, known);
    findings.error(at, `unknown ${what} ${JSON.stringify(value)}${hint}`);
  }
}
