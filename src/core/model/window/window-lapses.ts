import { HOUR } from '../../../base/duration.ts';
import { conditionOf, type NodeState, type PodState } from '../pod.ts';
import type { Lapse } from './window.ts';

/** Lapses are kept for so long, and of one pod or node so many: the oldest go first. */
const KEPT_FOR = 6 * HOUR;
const MOST_LAPSES = 64;

/** What of a pod or node says since when it is ready, or not; `since` is `null` where it does not say so. */
interface Standing {
  readonly status: string;
  readonly isReady: boolean;
  readonly since: number | null;
}

/** The times in which pods and nodes that had been ready were not, as their states one after the other show them. */
export class WindowLapses {
  readonly #byId = new Map<string, Lapse[]>();

  /** Of a pod (its uid) or a node (its name), oldest first. */
  of(id: string): readonly Lapse[] {
    return this.#byId.get(id) ?? [];
  }

  /** Whether any began or ended in (from, to]. */
  happened(from: number, to: number): boolean {
    const isIn = (time: number | null) => time !== null && time > from && time <= to;
    for (const lapses of this.#byId.values()) if (lapses.some((each) => isIn(each.from) || isIn(each.to))) return true;
    return false;
  }

  seePod(before: PodState, pod: PodState, at: number): void {
    this.#see(pod.uid, { before: podStanding(before), now: podStanding(pod), at });
  }

  seeNodes(before: readonly NodeState[], nodes: readonly NodeState[], at: number): void {
    const known = new Map(before.map((node) => [node.name, node]));
    for (const node of nodes) {
      const former = known.get(node.name);
      if (former !== undefined) this.#see(node.name, { before: nodeStanding(former), now: nodeStanding(node), at });
    }
  }

  /** Drops what is older than `before`. */
  expire(before: number): void {
    for (const [id, lapses] of this.#byId) if ((lapses.at(-1)?.to ?? before) < before) this.#byId.delete(id);
  }

  #see(id: string, { before, now, at }: { readonly before: Standing; readonly now: Standing; readonly at: number }): void {
    const changed = Math.min(now.since ?? at, at);
    // Not being heard of any more is no other state than not being ready.
    const isAnother = before.status === now.status && before.since !== null && now.since !== null && now.since > before.since;
    if (before.isReady === now.isReady && !isAnother) return;
    const lapses = this.#byId.get(id) ?? [];
    const last = lapses.at(-1);
    // What was not ready and is so anew has been ready meanwhile.
    if (!before.isReady && last?.to === null) lapses[lapses.length - 1] = { from: last.from, to: changed };
    // One that began and ended between two looks has no length that is known. Before it was ever ready, it was on its way.
    if (before.isReady) lapses.push({ from: changed, to: now.isReady ? changed : null });
    else if (!now.isReady) lapses.push({ from: changed, to: null });
    const kept = lapses.filter(({ to }) => to === null || to > at - KEPT_FOR).slice(-MOST_LAPSES);
    if (kept.length > 0) this.#byId.set(id, kept);
  }
}

function podStanding(pod: PodState): Standing {
  const ready = conditionOf(pod, 'Ready');
  const status = ready?.status ?? 'Unknown';
  return { status, isReady: status === 'True', since: ready?.since ?? null };
}

function nodeStanding({ ready, conditions }: NodeState): Standing {
  return { status: ready, isReady: ready === 'True', since: conditions.find(({ type }) => type === 'Ready')?.since ?? null };
}
