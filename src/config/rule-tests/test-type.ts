import { MINUTE, SECOND } from '../../base/duration.ts';
import { list, mapOf, oneOrMany } from '../../base/schema/collections.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { choice, duration, flag, glob, integer, onlyTrue, text, textOrEmpty } from '../../base/schema/scalars.ts';
import { described, refine, type Type, type Value } from '../../base/schema/type.ts';
import { LABEL_NAME } from '../decode/label-match.ts';
import { placed } from '../decode/scalars.ts';
import { objectEntries } from './test-object-type.ts';
import { bytes, clockTime, cores, inOrder, MAX_TEST_LINES, notFarAfter, workload } from './test-scalars.ts';
import { series, seriesKeys } from './test-series.ts';

const resources = object({ cpu: optional(cores, null), memory: optional(bytes, null) });

const where = {
  workload: required(described(workload, 'NAMESPACE/KIND/NAME; without KIND a Deployment.')),
  pod: optional(
    described(
      oneOrMany(text('the name of a pod'), 1),
      'Of a list each; default: the name of the workload and "-1", or one that `pods` names.',
    ),
    null,
  ),
  container: optional(described(text('the name of a container'), 'Default: app.'), 'app'),
};

const log = series(
  object({
    ...where,
    at: required(clockTime),
    ...seriesKeys({ what: 'lines', every: SECOND, least: 1, most: MAX_TEST_LINES }),
    line: required(
      described(textOrEmpty('a log line'), 'As the container prints it; further lines belong to it where they would.'),
    ),
  }),
  MAX_TEST_LINES,
);

const MOST_RESTARTS = 1_000;

const restart = series(
  object({
    ...where,
    at: required(clockTime),
    ...seriesKeys({ what: 'restarts', every: MINUTE, least: SECOND, most: MOST_RESTARTS }),
    reason: optional(described(text('a reason'), 'How the instance before ended; default: Error.'), 'Error'),
    exit_code: optional(described(integer(0, 255), 'Default: 0 for Completed, 137 for OOMKilled, else 1.'), null),
    role: optional(described(choice('app', 'init', 'sidecar'), 'Of the container; default: app.'), null),
  }),
  MOST_RESTARTS,
);

const podEntry = object({
  ...where,
  at: required(clockTime),
  running: optional(described(onlyTrue(), 'The container runs.'), null),
  waiting: optional(described(text('a reason'), 'The container waits for this reason.'), null),
  terminated: optional(described(text('a reason'), 'The container has ended for this reason.'), null),
  exit_code: optional(described(integer(0, 255), 'Of `terminated`; default: 0 for Completed, 137 for OOMKilled, else 1.'), null),
  role: optional(described(choice('app', 'init', 'sidecar'), 'Of the container; default: app.'), null),
  restarts: optional(described(integer(), "The container's restart counter."), null),
  ready: optional(described(flag(), 'Default: whether everything runs.'), null),
  phase: optional(
    described(choice('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'), 'Default: follows from the containers.'),
    null,
  ),
  reason: optional(described(text('a reason'), "The pod's own reason, such as Evicted."), null),
  unschedulable: optional(described(flag(), 'No node takes the pod.'), null),
  deleting: optional(described(flag(), 'The pod is being deleted.'), null),
  gone: optional(described(onlyTrue(), 'The pod does not exist from here on.'), null),
  created: optional(
    described(clockTime, 'Default: an hour before the test where it is there from the start, else when it is first seen.'),
    null,
  ),
  node: optional(text('the name of a node'), null),
  image: optional(text('an image'), null),
  labels: optional(mapOf(text('the value of a label')), null),
  claims: optional(described(list(text('the name of a claim')), 'Volume claims that the pod uses.'), null),
  limits: optional(resources, null),
  requests: optional(resources, null),
});

const pod = refine(notFarAfter(podEntry, ['created']), (value, fail) => {
  const [one, another] = (['running', 'waiting', 'terminated'] as const).filter((key) => value[key] !== null);
  return another === undefined ? value : fail(`a container is in one state: either ${one} or ${another}`, another);
});

const usage = inOrder(
  object({
    ...where,
    at: required(clockTime),
    until: optional(described(clockTime, 'Default: the end of the test or the next entry.'), null),
    cpu: optional(described(cores, 'Such as 950m.'), 0),
    memory: optional(described(bytes, 'Such as 900Mi.'), 0),
    memory_to: optional(described(bytes, 'Rises or falls along a straight line to this at `until`.'), null),
    limits: optional(resources, null),
    requests: optional(resources, null),
  }),
);

const expectation = placed(
  object({
    at: required(described(clockTime, 'After the whole minute at or before this time was judged.')),
    alert: required(
      described(placed(glob()), 'An alert, or a glob that any alert may match: `*` with inactive says that nothing is told.'),
    ),
    state: required(
      described(
        choice('inactive', 'pending', 'firing', 'resolved'),
        'Of any alert with these labels; inactive: neither pending nor firing.',
      ),
    ),
    labels: optional(
      described(mapOf(text('the value of a label'), LABEL_NAME), 'Labels that the alert must have; others do not matter.'),
      new Map<string, string>(),
    ),
  }),
);

/** Entries about one pod each; those that name several are one for each of them. */
function perPod<T extends { readonly pod: readonly string[] | null }>(
  type: Type<T>,
): Type<readonly (Omit<T, 'pod'> & { readonly pod: string | null })[]> {
  return refine(list(type), (entries) => entries.flatMap((entry) => (entry.pod ?? [null]).map((pod) => ({ ...entry, pod }))));
}

/** What a scene is made of: what is there, and what happens to it, from moments on. */
export const sceneEntries = {
  logs: optional(perPod(log), []),
  restarts: optional(perPod(restart), []),
  pods: optional(perPod(pod), []),
  usage: optional(perPod(usage), []),
  ...objectEntries,
};

const scene = object(sceneEntries);

const ruleTest = placed(
  object({
    name: required(text('what the test shows')),
    every: optional(described(duration(SECOND), 'How often a cycle collects.'), MINUTE),
    ...sceneEntries,
    expect: required(list(expectation, 1)),
  }),
);

/** Everything that a file of rule tests can say. */
export const testFileType = object({
  tests: optional(list(ruleTest), []),
});

export type SceneEntries = Value<typeof scene>;
export type RuleTest = Value<typeof ruleTest>['value'];
export type PodEntry = SceneEntries['pods'][number];
export type RestartEntry = SceneEntries['restarts'][number];
export type LogEntry = SceneEntries['logs'][number];
export type UsageEntry = SceneEntries['usage'][number];
export type Expectation = Value<typeof expectation>;
