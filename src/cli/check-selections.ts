import { existsSync } from 'node:fs';
import { humanDuration } from '../base/duration.ts';
import type { Problem } from '../base/errors.ts';
import { StoreError } from '../base/errors.ts';
import type { RulePlaces } from '../config/rules/rule-places.ts';
import type { Settings } from '../config/settings/settings.ts';
import type { PodState } from '../core/model/pod.ts';
import { selects } from '../core/model/selector.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { Store } from '../store/store.ts';
import { openToRead } from './stored.ts';

/** Rules whose `match` took no pod in all that is stored: most often a name that is misspelt. Nothing is said where nothing is stored. */
export async function checkSelections(
  settings: Settings,
  rules: readonly Rule[],
  places: RulePlaces,
): Promise<readonly Problem[]> {
  const chosen = rules.filter((rule) => rule.enabled && rule.selection.match.length > 0 && isAboutPods(rule));
  if (chosen.length === 0 || !existsSync(settings.store.path)) return [];
  try {
    await using store = await openToRead(settings);
    const [oldest] = store.summaries();
    const newest = store.summaries().at(-1);
    if (oldest === undefined || newest === undefined) return [];
    const span = humanDuration(newest.at - oldest.at);
    return (await unmatched(store, chosen)).map((rule) => {
      const { alert, file } = rule;
      const message = `rule ${alert}: its "match" took nothing in what is stored (${span}, ${store.summaries().length} cycles)`;
      return { file, ...places.at(rule, 'match'), severity: 'warning', message };
    });
  } catch (error) {
    // The files can be checked without a store.
    if (error instanceof StoreError) return [];
    throw error;
  }
}

/** Of other objects, and of the workloads that events name, what is stored of pods says nothing. */
function isAboutPods({ condition }: Rule): boolean {
  return condition.reads === undefined && condition.whyGone === undefined && condition.kind !== 'event';
}

async function unmatched(store: Store, rules: readonly Rule[]): Promise<readonly Rule[]> {
  const newest = await store.newest();
  let left = rules.filter((rule) => !takesAny(rule, newest?.states ?? []));
  if (left.length === 0) return [];
  for await (const cycle of store.cycles()) {
    left = left.filter((rule) => !takesAny(rule, cycle.states));
    if (left.length === 0) break;
  }
  return left;
}

function takesAny({ selection }: Rule, pods: readonly PodState[]): boolean {
  return pods.some((pod) => pod.containers.some((container) => selects(selection, pod, container)));
}
