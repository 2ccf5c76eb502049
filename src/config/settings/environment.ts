import type { Findings, Node, ScalarNode } from '../../base/node.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in the texts of a parsed file (never in keys, so that a value cannot become structure);
 * `$${` stands for `${`. A name that is not set and has no default is a problem at its place; the default also stands in for an empty value.
 */
export function substitute(node: Node, environment: Environment, findings: Findings): Node {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.value.includes('${')
        ? replace(node, node.value, environment, findings)
        : node;
    case 'list':
      return { ...node, items: node.items.map((item) => substitute(item, environment, findings)) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({ ...entry, value: substitute(entry.value, environment, findings) })),
      };
    default:
      return node satisfies never;
  }
}

function replace(node: ScalarNode, text: string, environment: Environment, findings: Findings): ScalarNode {
  let substituted = false;
  const value = text.replace(REFERENCE, (whole, body: string | undefined, end: string | undefined) => {
    if (body === undefined) return '${';
    const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(body);
    const name = match?.[1];
    if (name === undefined || end === '') {
      findings.error(
        node.at,
        `bad reference ${JSON.stringify(whole)}: expected \${NAME} or \${NAME:-default}; $\${ is a literal \${`,
      );
      return '';
    }
    substituted = true;
    const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
    const fallback = match?.[2];
    if (fallback !== undefined) return found === undefined || found === '' ? fallback : found;
    if (found === undefined)
      findings.error(node.at, `environment variable ${name} is not set; \${${name}:-default} gives it a default`);
    return found ?? '';
  });
  return { kind: 'scalar', value, at: node.at, ...(substituted ? { substituted: true as const } : {}) };
}
