import { hint, suggestion } from '../../base/schema/suggestion.ts';

/** A parsed `{{ name }}` text. */
export interface Template {
  readonly source: string;
  readonly parts: readonly (string | { readonly name: string })[];
}

/** The names that every template knows besides the alert's labels (interface.md section 4.1 point 15). */
export const TEMPLATE_NAMES = ['value', 'threshold', 'count', 'reason', 'exit_code', 'since', 'pods', 'node', 'image'] as const;

/** All that is wrong with a template. */
export class TemplateError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.problems = problems;
  }
}

/** Parses a template; throws {@link TemplateError} for an unclosed brace and names that are not in `known`, all of them. */
export function parseTemplate(source: string, known: ReadonlySet<string>): Template {
  const parts: (string | { readonly name: string })[] = [];
  const problems = new Set<string>();
  let rest = source;
  while (true) {
    const open = rest.indexOf('{{');
    if (open === -1) break;
    const close = rest.indexOf('}}', open);
    if (close === -1) {
      problems.add('"{{" is not closed');
      break;
    }
    const name = rest.slice(open + 2, close).trim();
    if (!known.has(name))
      problems.add(`unknown name "${name}"${problems.size === 0 ? suggestion(name, [...known]) : hint(name, [...known])}`);
    if (open > 0) parts.push(rest.slice(0, open));
    parts.push({ name });
    rest = rest.slice(close + 2);
  }
  if (problems.size > 0) throw new TemplateError([...problems]);
  if (rest !== '') parts.push(rest);
  return { source, parts };
}

/** The text with every name replaced; a name without a value becomes `-`. */
export function render(template: Template, textOf: (name: string) => string | undefined): string {
  return template.parts.map((part) => (typeof part === 'string' ? part : (textOf(part.name) ?? '-'))).join('');
}
