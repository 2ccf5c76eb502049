import { oneOrMany } from '../../../base/schema/collections.ts';
import { object, optional } from '../../../base/schema/object.ts';
import { choice, onlyTrue } from '../../../base/schema/scalars.ts';
import { anyRequired, refine, withJson } from '../../../base/schema/type.ts';
import type { Labels } from '../../model/alert.ts';
import { isFinished, type NodeState } from '../../model/pod.ts';
import { selectsObject } from '../../model/selector.ts';
import type { StateSample } from '../../model/window/window.ts';
import type { ConditionKind, Sample, View } from '../condition.ts';
import { notes, plural, podFacts } from '../evaluation/facts.ts';
import { FLAP_KEYS, type Flapping, type FlapSpec, flappingAt, flapText } from '../evaluation/flapping.ts';

interface Spec extends FlapSpec {
  readonly not_ready: true | null;
  readonly pressure: readonly (keyof typeof PRESSURES)[] | null;
}

/** A node that flaps is not ready for at least so much of the time: nodes have no reason of their own to be. */
const FLAPS_FOR = 0.1;

const PRESSURES = { memory: 'MemoryPressure', disk: 'DiskPressure', pid: 'PIDPressure' } as const;

const written = {
  not_ready: optional(onlyTrue(), null),
  pressure: optional(oneOrMany(choice('memory', 'disk', 'pid'), 1), null),
};
const keys = { ...written, ...FLAP_KEYS };

/** Nodes that are not ready, or short of something. */
export const node: ConditionKind<Spec> = {
  kind: 'node',
  description:
    'A node is not ready, or under pressure for memory, disk or process ids; of several keys one must hold. With `flaps` one is not ready, too, that was ready and not ready in turn at least that often within the time, and not ready for a tenth of it. With `namespaces` that have no glob, nodes cannot be seen.',
  type: refine(withJson(object(keys), anyRequired(Object.keys(written))), (spec, fail) =>
    spec.not_ready === null && spec.pressure === null
      ? fail('expected at least one of not_ready, pressure')
      : spec.flaps !== null && spec.not_ready === null
        ? fail('flaps goes with not_ready')
        : spec,
  ),
  bind: (spec) => ({
    kind: 'node',
    judged: 'state',
    about: 'pods',
    text: describe(spec),
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: spec.flaps === null ? true : { records: ['lapses'], within: spec.within, fades: true },
    whyGone,
    phrase: ({ facts: { notes: [first = 'not ready', second = ''] = [] } }) => (second === '' ? first : `${first}, ${second}`),
    evaluate: (view) => chosenNodes(view).map((each) => judgeNode(each, view, spec)),
  }),
};

function chosenNodes({ sample, selection }: View): readonly NodeState[] {
  return (sample?.nodes ?? []).filter(({ name }) =>
    selectsObject(selection, { namespace: '', kind: 'Node', workload: name, node: name }),
  );
}

function judgeNode(each: NodeState, { sample, window, at }: View, spec: Spec): Sample {
  const subject = { kind: 'Node', workload: each.name, node: each.name };
  const flap = flappingAt(window.lapses(each.name), at, { ...spec, share: FLAPS_FOR });
  const found = [...notReady(each, spec, flap), ...pressures(each, spec)];
  const [first] = found;
  if (first === undefined) return { subject, verdict: 'false', value: 0, facts: { count: 0, node: each.name } };
  const pods = (sample?.pods ?? []).filter((pod) => pod.node === each.name && !isFinished(pod));
  const since = Math.min(...found.map((problem) => problem.since ?? Number.POSITIVE_INFINITY));
  return {
    subject,
    verdict: 'true',
    value: found.length,
    ...(Number.isFinite(since) ? { since } : {}),
    facts: {
      count: found.length,
      reason: first.reason,
      ...podFacts(pods),
      node: each.name,
      ...notes([
        found.map(({ text }) => text).join(', '),
        pods.length === 0 ? '' : `with ${plural(pods.length, 'pod')}`,
        ...found.map(({ message }) => message),
      ]),
    },
  };
}

interface Problem {
  readonly text: string;
  readonly reason: string;
  readonly message: string;
  readonly since: number | null;
}

function notReady({ ready, conditions }: NodeState, spec: Spec, flap: Flapping | null): readonly Problem[] {
  if (spec.not_ready !== null && flap !== null) return [{ text: flap.text, reason: 'Flapping', message: '', since: flap.since }];
  if (spec.not_ready === null || ready === 'True') return [];
  const condition = conditions.find(({ type }) => type === 'Ready');
  const reason = condition?.reason || 'NotReady';
  // Unknown is the controller's word: the kubelet, which says False, is not heard any more.
  const text = ready === 'Unknown' ? 'not heard of any more' : `not ready: ${reason}`;
  return [{ text, reason, message: condition?.message ?? '', since: condition?.since ?? null }];
}

function pressures({ conditions }: NodeState, spec: Spec): readonly Problem[] {
  return (spec.pressure ?? []).flatMap((kind) => {
    const condition = conditions.find(({ type }) => type === PRESSURES[kind]);
    if (condition?.status !== 'True') return [];
    const { type: reason, message, since } = condition;
    return [{ text: `short of ${SHORT_OF[kind]}`, reason, message, since }];
  });
}

const SHORT_OF = { memory: 'memory', disk: 'disk space', pid: 'process ids' };

function whyGone({ workload }: Labels, { nodes }: StateSample): string | null {
  // No cluster is without nodes: an empty list could not be read.
  if (nodes.length === 0) return null;
  return nodes.some(({ name }) => name === workload) ? 'rule no longer selects it' : 'node is gone';
}

function describe(spec: Spec): string {
  const { not_ready, pressure } = spec;
  const parts = [
    ...(not_ready === null ? [] : [`not ready${flapText(spec)}`]),
    ...(pressure === null ? [] : [`short of ${pressure.map((kind) => SHORT_OF[kind]).join(', ')}`]),
  ];
  return `a node ${parts.join(' or ')}`;
}
