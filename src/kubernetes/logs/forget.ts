import type { Cursor, Gap } from '../../core/model/cycle.ts';
import { unseenSince } from './cursor.ts';

/** Complete lists without the pod after which its cursors are forgotten: one may come from a moment of a moving cluster. */
const FORGET_AFTER = 2;

/**
 * What becomes of the cursors of pods that were not listed: kept while their namespace could not be listed completely, forgotten after two
 * complete lists. The first absence of a pod that was not read to its end is a gap.
 */
export function retainCursors(
  cursors: readonly Cursor[],
  seen: {
    /** Uids of the listed pods: their cursors are renewed by their reads. */
    readonly uids: ReadonlySet<string>;
    readonly selects: (namespace: string) => boolean;
    readonly isComplete: (namespace: string) => boolean;
    readonly now: number;
  },
): { readonly cursors: readonly Cursor[]; readonly gaps: readonly Gap[] } {
  const kept: Cursor[] = [];
  const gaps: Gap[] = [];
  for (const cursor of cursors) {
    const { ref } = cursor;
    const { namespace } = ref.workload;
    if (seen.uids.has(ref.uid) || !seen.selects(namespace)) continue;
    if (!seen.isComplete(namespace)) {
      kept.push(cursor);
      continue;
    }
    const missing = cursor.missing + 1;
    if (missing === 1 && !cursor.drained)
      gaps.push({
        namespace,
        workload: ref.workload,
        pod: ref.pod,
        container: ref.container,
        from: unseenSince(cursor, null),
        to: seen.now,
        reason: 'gone',
      });
    if (missing < FORGET_AFTER) kept.push({ ...cursor, missing });
  }
  return { cursors: kept, gaps };
}
