import { suggestion } from '../../base/schema/suggestion.ts';

/** A parsed `{{ name }}` text. */
export interface Template {
  readonly source: string;
  readonly parts: readonly (string | { readonly name: string })[];
}

/** The names that every template knows besides the alert's labels (interface.md section 4.1 point 15). */
export const TEMPLATE_NAMES = ['value', 'threshold', 'count', 'reason', 'exit_code', 'since', 'pods', 'node', 'image'] as const;

/** Parses a template; throws `Error` for an unclosed brace or a name that is not in `known`. */
export function parseTemplate(source: string, known: ReadonlySet<string>): Template {
  const parts: (string | { readonly name: string })[] = [];
  let rest = source;
  while (true) {
    const open = rest.indexOf('{{');
    if (open === -1) break;
    const close = rest.indexOf('}}', open);
    if (close === -1) throw new Error('"{{" is not closed');
    const name = rest.slice(open + 2, close).trim();
    if (!known.has(name)) throw new Error(`unknown name "${name}"${suggestion(name, [...known])}`);
    if (open > 0) parts.push(rest.slice(0, open));
    parts.push({ name });
    rest = rest.slice(close + 2);
  }
  if (rest !== '') parts.push(rest);
  return { source, parts };
}

/** The text with every name replaced; a name without a value becomes `-`. */
export function render(template: Template, textOf: (name: string) => string | undefined): string {
  return template.parts.map((part) => (typeof part === 'string' ? part : (textOf(part.name) ?? '-'))).join('');
}
