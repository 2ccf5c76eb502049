import type { Evidence } from '../../model/notification.ts';
import { changeTexts } from './change-text.ts';
import { comparisonTexts } from './comparison-text.ts';

/** What was before an alert, as short sentences under a heading. */
export interface ContextText {
  readonly kind: 'changes' | 'comparison';
  readonly heading: string;
  readonly lines: readonly string[];
}

/** What was changed before an alert that began at `begin`, and whether it is usual; what is not known is left out. */
export function contextTexts(
  { changes, comparison }: Pick<Evidence, 'changes' | 'comparison'>,
  { begin, timezone }: { readonly begin: number; readonly timezone: string },
): readonly ContextText[] {
  const all: readonly ContextText[] = [
    {
      kind: 'changes',
      heading: 'What changed before it',
      lines: changes === undefined ? [] : changeTexts(changes, { begin, timezone }),
    },
    {
      kind: 'comparison',
      heading: 'Compared with the day before',
      lines: comparison === undefined ? [] : comparisonTexts(comparison, timezone),
    },
  ];
  return all.filter(({ lines }) => lines.length > 0);
}
