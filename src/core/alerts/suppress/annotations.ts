import { parseTime } from '../../../base/time.ts';
import type { Alert } from '../../model/alert.ts';
import type { PodState } from '../../model/pod.ts';
import type { Suppression } from '../../model/suppression.ts';
import type { StateSample } from '../../model/window/window.ts';
import { type WorkloadKey, workloadKey } from '../../model/workload.ts';

/** What a workload says of its own alerts in the annotations of its pod template. */
interface Wishes {
  /** `null` when its alerts are told; `until` is `null` for ever. */
  readonly ignore: { readonly until: number | null } | null;
  /** Names as written. */
  readonly receivers: readonly string[] | null;
  /** What cannot be read, in words. */
  readonly problems: readonly string[];
}

/** The pods of a workload as they were seen last. */
export type LastPods = (key: WorkloadKey) => readonly PodState[];

const IGNORE = 'tocsin.dev/ignore';
const IGNORE_UNTIL = 'tocsin.dev/ignore-until';
const RECEIVERS = 'tocsin.dev/receivers';
const KNOWN: readonly string[] = [IGNORE, IGNORE_UNTIL, RECEIVERS];

/** What the workloads of a state wish, by alert. */
export class WorkloadWishes {
  readonly #state: StateSample | null;
  readonly #lastPods: LastPods;
  readonly #known = new Map<PodState['annotations'], Wishes>();

  /** `lastPods`: of workloads that the state does not show, such as one that was not listed, or a cron job between its runs. */
  constructor(state: StateSample | null, lastPods: LastPods = () => []) {
    this.#state = state;
    this.#lastPods = lastPods;
  }

  /** Whether the alert's workload is ignored at a moment. Of a workload of which nothing is known, as it was. */
  ignored(alert: Alert, at: number): Suppression | null {
    const wishes = this.#of(alert);
    if (wishes === null) {
      const { suppressed } = alert;
      return suppressed?.by === 'ignore' && (suppressed.until === null || suppressed.until > at) ? suppressed : null;
    }
    const { ignore } = wishes;
    if (ignore === null || (ignore.until !== null && ignore.until <= at)) return null;
    const annotation = ignore.until === null ? IGNORE : IGNORE_UNTIL;
    return { by: 'ignore', text: `ignored by the workload's annotation ${annotation}`, id: null, until: ignore.until };
  }

  /** The receivers that the alert's workload asks for, as far as they are among the given ones; `null` for the rule's or the routes'. */
  receiversOf(alert: Alert, known: readonly string[]): readonly string[] | null {
    const found = this.#of(alert)?.receivers?.filter((name) => known.includes(name)) ?? [];
    return found.length === 0 ? null : found;
  }

  /** What is wrong with the workloads' annotations, a sentence each, every workload once. */
  problems(known: readonly string[]): readonly string[] {
    const found: string[] = [];
    for (const [key, pods] of this.#state?.byWorkload ?? []) {
      const pod = newest(pods);
      if (pod === undefined || Object.keys(pod.annotations).length === 0) continue;
      const { problems, receivers } = this.#read(pod.annotations);
      const unknown = (receivers ?? []).filter((name) => !known.includes(name));
      found.push(
        ...problems.map((problem) => `${key}: ${problem}`),
        ...unknown.map(
          (name) => `${key}: annotation ${RECEIVERS} names ${JSON.stringify(name)}, which is no receiver that is on`,
        ),
      );
    }
    return found;
  }

  #of({ labels }: Alert): Wishes | null {
    const { namespace = '', kind = '', workload = '', pod: named } = labels;
    const key = workloadKey({ namespace, kind, name: workload });
    const pods = this.#state?.byWorkload.get(key) ?? this.#lastPods(key);
    const pod = pods.find(({ name }) => name === named) ?? newest(pods);
    if (pod !== undefined) return this.#read(pod.annotations);
    // Pods that were never made, such as those that a quota refuses, would have had those of the template.
    const owner = this.#state?.objects?.items.find(
      (each) => each.name === workload && each.namespace === namespace && each.kind === kind,
    );
    return owner?.annotations === undefined ? null : this.#read(owner.annotations);
  }

  #read(annotations: PodState['annotations']): Wishes {
    const known = this.#known.get(annotations) ?? readWishes(annotations);
    this.#known.set(annotations, known);
    return known;
  }
}

/** While a template with another annotation rolls out, the newest pod has it. */
function newest(pods: readonly PodState[]): PodState | undefined {
  return pods.reduce<PodState | undefined>(
    (found, pod) => (found === undefined || pod.createdAt > found.createdAt ? pod : found),
    undefined,
  );
}

function readWishes(annotations: PodState['annotations']): Wishes {
  const problems: string[] = [];
  const { [IGNORE]: ignore, [IGNORE_UNTIL]: until, [RECEIVERS]: receivers } = annotations;
  const bad = (name: string, value: string, expected: string) =>
    problems.push(`annotation ${name} says ${JSON.stringify(value.slice(0, 80))}, expected ${expected}`);
  if (ignore !== undefined && ignore !== 'true' && ignore !== 'false') bad(IGNORE, ignore, '"true" or "false"');
  const end = until === undefined ? null : parseTime(until);
  if (until !== undefined && end === null) bad(IGNORE_UNTIL, until, 'a time such as 2026-11-30T08:00Z');
  const names =
    receivers
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '') ?? null;
  if (names?.length === 0) bad(RECEIVERS, receivers ?? '', 'names of receivers, with commas between them');
  for (const name of Object.keys(annotations))
    if (!KNOWN.includes(name)) problems.push(`unknown annotation ${name}; known are ${KNOWN.join(', ')}`);
  const isIgnored = ignore !== 'false' && (end !== null || ignore === 'true');
  return { ignore: isIgnored ? { until: end } : null, receivers: names, problems };
}
