import type { Glob } from '../../base/glob.ts';
import { matchesAny } from '../../base/glob.ts';
import { oneOrMany } from '../../base/schema/collections.ts';
import { object, required } from '../../base/schema/object.ts';
import { glob } from '../../base/schema/scalars.ts';
import type { ContainerState } from '../model/pod.ts';
import type { ConditionKind, Sample } from './condition.ts';
import { lastCause } from './evaluation/cause-text.ts';
import { containerFacts, notes, plural } from './evaluation/facts.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';

interface Spec {
  readonly reasons: readonly Glob[];
}

/** The kubelet flips between these two from one look to the next (kubernetes.md section 4.2). */
const IMAGE_PULL: ReadonlySet<string> = new Set(['ErrImagePull', 'ImagePullBackOff']);

/** Older kubelets say no more while they wait; newer ones repeat why the pull failed. */
const BACK_OFF = /^Back-off pulling image "[^"]*"$/;

/** A container cannot start. */
export const waiting: ConditionKind<Spec> = {
  kind: 'waiting',
  description:
    'A container waits for one of the reasons; ErrImagePull and ImagePullBackOff are one, an init container also has `Init:REASON`.',
  type: object({ reasons: required(oneOrMany(glob(), 1)) }),
  bind: ({ reasons }) => ({
    kind: 'waiting',
    judged: 'state',
    about: 'pods',
    text: `waiting for ${reasons.map((reason) => reason.source).join(', ')}`,
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: true,
    phrase,
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, reasons))),
  }),
};

/** `1 pod cannot pull cart:9: not found`, `1 pod waiting: CreateContainerConfigError, configmap "web" not found`. */
function phrase({ value, facts: { reason = 'no reason given', image, notes: [message] = [] } }: Sample): string {
  const pods = plural(value ?? 0, 'pod');
  const cause = message === undefined || BACK_OFF.test(message) ? '' : lastCause(message, IMAGE_PULL.has(reason) ? 1 : 2);
  if (IMAGE_PULL.has(reason) && image !== undefined && cause !== '') return `${pods} cannot pull ${image}: ${cause}`;
  return `${pods} waiting: ${reason}${cause === '' ? '' : `, ${cause}`}`;
}

function judgeContainer(group: ContainerGroup, reasons: readonly Glob[]): Sample {
  const found = group.members.filter(({ pod, container }) => pod.deletedAt === null && waitsFor(container, reasons));
  const [first] = found;
  if (first === undefined) return { subject: group.subject, verdict: 'false', value: 0, facts: {} };
  return {
    subject: group.subject,
    verdict: 'true',
    value: found.length,
    facts: {
      count: found.length,
      reason: shownReason(first.container),
      ...containerFacts(found),
      ...notes(found.map(({ container }) => (container.state.kind === 'waiting' ? container.state.message : ''))),
    },
  };
}

function waitsFor({ state, role }: ContainerState, reasons: readonly Glob[]): boolean {
  if (state.kind !== 'waiting' || state.reason === '') return false;
  const names = IMAGE_PULL.has(state.reason) ? [...IMAGE_PULL] : [state.reason];
  return names.some((name) => matchesAny(reasons, name) || (role === 'init' && matchesAny(reasons, `Init:${name}`)));
}

/** The same text for the whole class, so that a message does not flip. */
function shownReason({ state }: ContainerState): string {
  if (state.kind !== 'waiting') return '';
  return IMAGE_PULL.has(state.reason) ? 'ImagePullBackOff' : state.reason;
}
