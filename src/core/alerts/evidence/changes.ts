import { DAY, HOUR, MINUTE } from '../../../base/duration.ts';
import { cut, visibleLine } from '../../../base/visible.ts';
import type { Alert } from '../../model/alert.ts';
import type { Change, Changes } from '../../model/context.ts';
import type { PodState } from '../../model/pod.ts';
import type { ObjectChange, Rollout, Window } from '../../model/window/window.ts';
import { type WorkloadKey, workloadKey } from '../../model/workload.ts';
import { imageChange, resourceChange } from './change-text.ts';

/** A change so long before an alert, or shorter, is named with it. */
export const NAMED_WITHIN = 6 * HOUR;
/** A node's condition changes by itself, too: that of long before says nothing. */
const NODES_WITHIN = HOUR;
/** Rollouts of other workloads in the namespace. */
const NEIGHBOURS_WITHIN = 30 * MINUTE;
const MOST_NEIGHBOURS = 2;
/** Changes that are named, the newest. */
export const MOST_CHANGES = 5;
const TEXT_CHARACTERS = 200;

export interface ChangesInput {
  readonly alert: Alert;
  /** Of what the alert is about. */
  readonly key: WorkloadKey;
  readonly window: Window;
  /** The ends that the alert counts. */
  readonly endTimes: readonly number[];
  /** When the events were that it counts. */
  readonly eventTimes: readonly number[];
}

/** What was changed about an alert's subject before it began; `undefined` where nothing is known of it. */
export function changesBefore(input: ChangesInput): Changes | undefined {
  const { alert, key, window, endTimes } = input;
  const begin = alert.activeAt;
  const target = targetOf(input);
  const seen = window.workload(target);
  const isNamed = ({ at }: { readonly at: number }) => at <= begin && at > begin - NAMED_WITHIN;
  const isNear = ({ at }: { readonly at: number }) => at <= begin && at > begin - NODES_WITHIN;
  const rollouts = window.rollouts(target).filter(({ at }) => at <= begin && at > begin - DAY);
  const named = rollouts.filter(isNamed);
  const found: readonly Change[] = [
    ...named.flatMap((rollout) => rolloutChanges(rollout, alert.labels['container'])),
    ...[...new Set([key, target])].flatMap((each) => objectChanges(window.objectChanges(each).filter(isNamed))),
    ...(named.length > 0 ? [] : [...podChanges(input, target), ...neighbourChanges(input)]),
    ...nodeChanges(input).filter(isNear),
  ];
  if (seen === null && found.length === 0) return undefined;
  const items = found.toSorted((a, b) => b.at - a.at);
  const earlier = rollouts.at(-1)?.at ?? null;
  return {
    from: Math.min(begin, Math.max(begin - DAY, seen?.firstSeenAt ?? begin, window.scheduled[0]?.at ?? begin)),
    items: items.slice(0, MOST_CHANGES).map(shortened),
    more: Math.max(0, items.length - MOST_CHANGES),
    earlierAt: items.length > 0 ? null : earlier,
    firstEndAt: endTimes.length === 0 ? null : Math.min(...endTimes),
  };
}

/** What rolls out: of an autoscaler that which it scales. */
function targetOf({ key, window, alert: { labels } }: ChangesInput): WorkloadKey {
  if (labels['kind'] !== 'HorizontalPodAutoscaler') return key;
  const { namespace, workload } = labels;
  const object = window.newest?.objects?.items.find(
    (each) => each.kind === 'HorizontalPodAutoscaler' && each.namespace === namespace && each.name === workload,
  );
  return object?.kind === 'HorizontalPodAutoscaler' ? `${object.namespace}/${object.target}` : key;
}

/** The alert's own container first. */
function rolloutChanges({ at, dated: by, images, resources }: Rollout, container: string | undefined): readonly Change[] {
  const dated = by === 'seen' ? 'seen' : 'rolled out';
  const all = [
    ...images.map((image) => ({ container: image.container, text: imageChange(image) })),
    ...resources.map((resource) => ({ container: resource.container, text: resourceChange(resource) })),
  ].toSorted((a, b) => Number(b.container === container) - Number(a.container === container));
  if (all.length > 0) return all.map(({ text }): Change => ({ at, dated, ...text }));
  return [{ at, dated, what: 'another pod template, with the same images, limits and requests', from: null, to: null }];
}

/** Each setting once, over all of its changes; what is again as it was has not changed. */
function objectChanges(changes: readonly ObjectChange[]): readonly Change[] {
  return [...Map.groupBy(changes, ({ what }) => what).values()].flatMap((same): readonly Change[] => {
    const [first, last] = [same[0], same.at(-1)];
    if (first === undefined || last === undefined || first.from === last.to) return [];
    return [{ at: last.at, dated: 'seen', what: last.what, from: first.from, to: last.to }];
  });
}

/** Kinds whose every run makes pods. */
const RUNS = new Set(['Job', 'CronJob', 'Pod']);

/** Of log files only the lines are known: not when what wrote them was made. */
const isOnlyItsLog = ({ containers }: PodState): boolean => containers.every(({ image }) => image === '');

/** Without a rollout: that the workload's first pods came, or that the alert's newest pod was made anew. */
function podChanges({ alert, window }: ChangesInput, key: WorkloadKey): readonly Change[] {
  const seen = window.workload(key);
  const pods = window.newest?.byWorkload.get(key) ?? [];
  if (seen === null || RUNS.has(seen.workload.kind) || pods.every(isOnlyItsLog)) return [];
  const isNamed = ({ createdAt }: PodState) => createdAt <= alert.activeAt && createdAt > alert.activeAt - NAMED_WITHIN;
  const firstMade = Math.min(...pods.map(({ createdAt }) => createdAt));
  if (wasMissedBefore(window, { firstMade, seenAt: seen.firstSeenAt }))
    return pods.some(isNamed) ? [{ at: firstMade, dated: 'made', what: 'its first pods', from: null, to: null }] : [];
  const own = new Set(alert.labels['pod'] === undefined ? alert.facts.pods : [alert.labels['pod']]);
  const [newest] = pods.filter((pod) => own.has(pod.name) && isNamed(pod)).toSorted((a, b) => b.createdAt - a.createdAt);
  if (newest === undefined) return [];
  // Of what was before the first look nothing is known.
  const same = seen.firstSeenAt < newest.createdAt ? ', of the same template' : '';
  const where = newest.node === '' ? '' : ` on node ${newest.node}`;
  return [{ at: newest.createdAt, dated: 'made', what: `pod ${newest.name}${where}${same}`, from: null, to: null }];
}

/** Whether the look before the workload was first seen would have shown its first pod, had it been there. */
function wasMissedBefore(
  { scheduled }: Window,
  { firstMade, seenAt }: { readonly firstMade: number; readonly seenAt: number },
): boolean {
  const before = scheduled.findLast(({ at }) => at < seenAt);
  if (before === undefined || before.at > firstMade) return false;
  return !before.errors.some(({ source }) => source === 'pods' || source === 'namespaces');
}

/**
 * Without a rollout of its own: those of the namespace's other workloads shortly before, for it may depend on them; one line each. One after the
 * first of the ends or events that the alert counts cannot be their cause.
 */
function neighbourChanges({ alert, key, window, endTimes, eventTimes }: ChangesInput): readonly Change[] {
  const begin = Math.min(alert.activeAt, ...endTimes, ...eventTimes);
  const { namespace } = alert.labels;
  const found = window.workloads().flatMap(({ workload }): readonly Change[] => {
    if (workload.namespace !== namespace || workloadKey(workload) === key) return [];
    const rollout = window.rollouts(workloadKey(workload)).findLast(({ at }) => at <= begin);
    if (rollout === undefined || rollout.at <= begin - NEIGHBOURS_WITHIN) return [];
    const [first] = rolloutChanges(rollout, undefined);
    return first === undefined ? [] : [{ ...first, what: `${workload.kind} ${workload.name}: ${first.what}` }];
  });
  return found.toSorted((a, b) => b.at - a.at).slice(0, MOST_NEIGHBOURS);
}

/** What the cluster dates of the node that all of the alert's pods are on. */
function nodeChanges({ alert: { labels, facts }, window }: ChangesInput): readonly Change[] {
  const node = labels['node'] === undefined ? window.newest?.nodes.find(({ name }) => name === facts.node) : undefined;
  return (node?.conditions ?? []).flatMap(({ type, status, since }): readonly Change[] => {
    if (since === null) return [];
    const change = { at: since, dated: 'since', from: null, to: null } as const;
    if (type === 'Ready') return [{ ...change, what: `node ${node?.name} ${status === 'True' ? 'ready' : 'not ready'}` }];
    return status === 'True' ? [{ ...change, what: `node ${node?.name} with ${type}` }] : [];
  });
}

function shortened(change: Change): Change {
  const short = (text: string) => cut(visibleLine(text), TEXT_CHARACTERS);
  return {
    ...change,
    what: short(change.what),
    from: change.from === null ? null : short(change.from),
    to: change.to === null ? null : short(change.to),
  };
}
