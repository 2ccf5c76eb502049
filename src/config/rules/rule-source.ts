/** Where one rule stands in the text of its file: its lines, from 0, and how far they are indented. */
export interface RulePlace {
  readonly from: number;
  readonly to: number;
  readonly indent: number;
}

/** Finds a rule by its name; `null` where the text has none of it as a list item of its own lines. */
export function placeOf(text: string, alert: string): RulePlace | null {
  const lines = text.split('\n');
  const named = lines.findIndex((line) => alertOf(line) === alert);
  if (named === -1) return null;
  const column = keyColumn(lines[named] ?? '');
  let from = named;
  while (from >= 0 && !(isItem(lines[from] ?? '') && keyColumn(lines[from] ?? '') === column)) from--;
  if (from < 0) return null;
  const indent = indentOf(lines[from] ?? '');
  const next = lines.findIndex((line, i) => i > from && isContent(line) && indentOf(line) <= indent);
  const last = lines.findLastIndex((line, i) => i < (next === -1 ? lines.length : next) && isContent(line));
  return { from, to: last + 1, indent };
}

/** The rule as it stands there, without the indentation of the list. */
export function ruleText(text: string, { from, to, indent }: RulePlace): string {
  const lines = text.split('\n').slice(from, to);
  return lines.map((line) => (indentOf(line) >= indent ? line.slice(indent) : line.trimStart())).join('\n');
}

/** The file with another text in the rule's place. */
export function withRule(text: string, { from, to, indent }: RulePlace, rule: string): string {
  const lines = rule.replaceAll('\r', '').trimEnd().split('\n');
  const indented = lines.map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`));
  return text
    .split('\n')
    .toSpliced(from, to - from, ...indented)
    .join('\n');
}

function alertOf(line: string): string | null {
  const match = /^\s*(?:-\s+)?alert:\s*(?:"([^"]*)"|'([^']*)'|([^\s#'"][^\s#]*))\s*(?:#.*)?$/.exec(line);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null;
}

function keyColumn(line: string): number {
  return /^\s*(?:-\s+)?/.exec(line)?.[0].length ?? 0;
}

function isItem(line: string): boolean {
  return /^\s*-\s/.test(line);
}

function isContent(line: string): boolean {
  return /^\s*[^\s#]/.test(line);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
