import type { ContainerRef, Level } from '../../../core/model/log-line.ts';
import type { ContainerPatterns, Pattern } from '../../../core/model/pattern.ts';

/** A pattern's words: written once for all containers that have it. */
export type TemplateRow = readonly [id: string, level: Level, template: string, sample: string];
type PatternRow = readonly [template: number, firstAt: number, lastAt: number, minutes: readonly number[]];
export type PatternsRow = readonly [container: number, patterns: readonly PatternRow[], dropped?: number];

/** Numbers templates in the order of their first use; the first sample of each is kept. */
export class TemplateTable {
  readonly rows: TemplateRow[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf({ id, level, template, sample }: Pattern): number {
    const key = `${id} ${template}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.rows.push([id, level, template, sample]) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

export function patternsRow({ patterns, dropped }: ContainerPatterns, container: number, table: TemplateTable): PatternsRow {
  const rows = patterns.map((each): PatternRow => [table.numberOf(each), each.firstAt, each.lastAt, each.minutes]);
  return dropped === 0 ? [container, rows] : [container, rows, dropped];
}

/** Throws an Error for a template that the file does not have. */
export function patternsOf(
  [, rows, dropped = 0]: PatternsRow,
  ref: ContainerRef,
  templates: readonly TemplateRow[],
): ContainerPatterns {
  const patterns = rows.map(([number, firstAt, lastAt, minutes]) => {
    const row = templates[number];
    if (row === undefined) throw new Error(`it refers to template ${number}, which it does not name`);
    const [id, level, template, sample] = row;
    return { id, level, template, sample, firstAt, lastAt, minutes };
  });
  return { ref, patterns, dropped };
}
