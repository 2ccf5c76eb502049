import { type Answer, badRequest, notFound, type Streaming, statusAnswer } from './answer.ts';
import type { Instance, SimulatedContainer } from './container.ts';
import { LogFile, type LogQuery } from './log-file.ts';
import type { SimulatedPod } from './pod.ts';
import { isTrue } from './request-info.ts';

const SECOND_NS = 1_000_000_000n;

/** Answers `pods/log` as API server and kubelet do together (kubernetes.md sections 1.1 to 1.4). */
export function logAnswer(pod: SimulatedPod | undefined, name: string, query: URLSearchParams, now: number): Answer {
  if (pod === undefined) return notFound('pods', name);
  const options = parseOptions(query, now);
  if ('status' in options) return options;
  const container = findContainer(pod, query.get('container'));
  if ('status' in container) return container;
  if (pod.spec.node === '') return { status: 204, type: '', body: '' };
  const instance = chooseInstance(pod, container, isTrue(query.get('previous')));
  if ('status' in instance) return instance;
  if (isTrue(query.get('follow'))) return followAnswer(instance, options);
  // The kubelet has sent 200 before it asks the runtime, so what goes wrong from here on is text in the body.
  const body = instance.log?.read(options) ?? `unable to retrieve container logs for ${instance.id}`;
  return { status: 200, type: 'text/plain', body };
}

function parseOptions(query: URLSearchParams, now: number): LogQuery | Answer {
  const sinceTime = query.get('sinceTime');
  const sinceSeconds = query.get('sinceSeconds');
  if (sinceTime !== null && sinceSeconds !== null) {
    return statusAnswer(
      422,
      'Invalid',
      'PodLogOptions "" is invalid: at most one of `sinceTime` or `sinceSeconds` may be specified',
    );
  }
  let since: bigint | null = null;
  if (sinceTime !== null) {
    const at = Date.parse(sinceTime);
    if (!/^\d{4}-\d\d-\d\dT/.test(sinceTime) || Number.isNaN(at)) return badRequest(`parsing time "${sinceTime}": cannot parse`);
    // The API server passes whole seconds on to the kubelet (k/k#77856), which takes lines from that moment on.
    since = BigInt(Math.floor(at / 1000)) * SECOND_NS;
  }
  for (const name of ['sinceSeconds', 'tailLines', 'limitBytes']) {
    const text = query.get(name);
    if (text !== null && !/^\d+$/.test(text)) return badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  if (sinceSeconds !== null) since = BigInt(Math.floor(now)) * 1_000_000n - BigInt(sinceSeconds) * SECOND_NS;
  const number = (name: string) => (query.get(name) === null ? null : Number(query.get(name)));
  if (number('limitBytes') === 0)
    return statusAnswer(422, 'Invalid', 'PodLogOptions "" is invalid: limitBytes: must be greater than 0');
  return { since, timestamps: isTrue(query.get('timestamps')), tailLines: number('tailLines'), limitBytes: number('limitBytes') };
}

/** The kubelet stops following when the container stops; of one that has ended it sends what there is. */
function followAnswer(instance: Instance, options: LogQuery): Answer {
  const { log } = instance;
  if (!(log instanceof LogFile)) return badRequest('the simulated cluster follows no generated or removed logs');
  if (instance.ended !== null) return { status: 200, type: 'text/plain', body: log.read(options) };
  const more: Streaming = (to, skips) =>
    log.follow(options, { onBytes: (bytes) => to.write(bytes), onEnd: () => to.end() }, skips);
  return { status: 200, type: 'text/plain', body: '', more };
}

function findContainer(pod: SimulatedPod, name: string | null): SimulatedContainer | Answer {
  const only = pod.containers[0];
  if (name === null || name === '') {
    if (pod.containers.length === 1 && only !== undefined) return only;
    const names = pod.containers.map((container) => container.name).join(' ');
    return badRequest(`a container name must be specified for pod ${pod.name}, choose one of: [${names}]`);
  }
  const found = pod.containers.find((container) => container.name === name);
  return found ?? badRequest(`container ${name} is not valid for pod ${pod.name}`);
}

/** The kubelet's `validateContainerLogStatus`: which instance's file is read. */
function chooseInstance(pod: SimulatedPod, container: SimulatedContainer, previous: boolean): Instance | Answer {
  const subject = `container "${container.name}" in pod "${pod.name}"`;
  if (previous) return container.last ?? badRequest(`previous terminated ${subject} not found`);
  if (container.phase !== 'waiting') return container.current ?? badRequest(`${subject} is not available`);
  if (container.last !== null) return container.last;
  switch (container.waiting.reason) {
    case 'ErrImagePull':
      return badRequest(`${subject} is waiting to start: image can't be pulled`);
    case 'ImagePullBackOff':
      return badRequest(`${subject} is waiting to start: trying and failing to pull image`);
    case '':
      return badRequest(`${subject} is waiting to start - no logs yet`);
    default:
      return badRequest(`${subject} is waiting to start: ${container.waiting.reason}`);
  }
}
