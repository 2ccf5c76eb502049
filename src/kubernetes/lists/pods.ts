import { SECOND } from '../../base/duration.ts';
import type { ContainerState, PodCondition, PodPhase, PodState, Resources, RunState, Termination } from '../../core/model/pod.ts';
import { type Workload, workloadKey } from '../../core/model/workload.ts';
import { withoutCredentials } from './image-credentials.ts';
import { type OwnerCache, ownerOf } from './owner.ts';
import { parseQuantity } from './quantity.ts';
import { child, list, number, type RawObject, text, time } from './raw-object.ts';

/** The kubelet's own limit for one container's termination message. */
const MAX_MESSAGE = 4096;
const PHASES: readonly PodPhase[] = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];
/** Of labels and annotations: what a secret is called, and how long one is at least that has another name. */
const SECRET_NAME = /pass|pwd|secret|token|key|cred|auth/i;
const SHORTEST_SECRET = 16;
const NO_LABELS: Readonly<Record<string, string>> = {};

/** A pod as it was projected, and the uid of the Job that is still to be looked up for its workload. */
export interface ProjectedPod {
  readonly state: PodState;
  readonly unsureJob: string | null;
}

/**
 * Projects raw pods to what rules need, one collection long: equal images, labels, workloads and limits of thousands of
 * pods become one object each, because every pod's JSON brings its own copies.
 */
export class PodProjector {
  readonly #owners: OwnerCache;
  readonly #redact: (text: string) => string;
  readonly #strings = new Map<string, string>();
  readonly #images = new Map<string, string>();
  readonly #workloads = new Map<string, Workload>();
  readonly #labels = new Map<string, Readonly<Record<string, string>>>();
  readonly #resources = new Map<string, Resources>();

  constructor(owners: OwnerCache, redact: (text: string) => string) {
    this.#owners = owners;
    this.#redact = redact;
  }

  project(pod: RawObject): ProjectedPod {
    const metadata = child(pod, 'metadata');
    const spec = child(pod, 'spec');
    const status = child(pod, 'status');
    const owner = ownerOf(pod, this.#owners);
    const phase = text(status, 'phase');
    const uid = text(metadata, 'uid');
    const state: PodState = {
      namespace: this.#share(text(metadata, 'namespace')),
      name: text(metadata, 'name'),
      uid,
      workload: this.shareWorkload(owner.workload),
      node: this.#share(text(spec, 'nodeName')),
      labels: this.#sharedLabels(child(metadata, 'labels'), () => true),
      annotations: this.#sharedLabels(child(metadata, 'annotations'), isOwnAnnotation),
      createdAt: time(metadata, 'creationTimestamp') ?? 0,
      deletedAt: deletedAt(metadata),
      phase: PHASES.find((known) => known === phase) ?? 'Unknown',
      reason: this.#share(text(status, 'reason')),
      message: this.#message(text(status, 'message')),
      conditions: list(status, 'conditions').map((condition) => this.#condition(condition)),
      ...claimsOf(text(metadata, 'name'), list(spec, 'volumes')),
      containers: [
        ...this.#containers(uid, list(spec, 'initContainers'), list(status, 'initContainerStatuses'), (container) =>
          text(container, 'restartPolicy') === 'Always' ? 'sidecar' : 'init',
        ),
        ...this.#containers(uid, list(spec, 'containers'), list(status, 'containerStatuses'), () => 'app'),
      ],
    };
    return { state, unsureJob: owner.unsureJob };
  }

  /** The one object for a workload. */
  shareWorkload(workload: Workload): Workload {
    const key = workloadKey(workload);
    const known = this.#workloads.get(key);
    if (known !== undefined) return known;
    this.#workloads.set(key, workload);
    return workload;
  }

  #containers(
    uid: string,
    specs: readonly RawObject[],
    statuses: readonly RawObject[],
    role: (spec: RawObject) => ContainerState['role'],
  ): readonly ContainerState[] {
    return specs.map((spec) => {
      const name = text(spec, 'name');
      const status = statuses.find((candidate) => candidate['name'] === name) ?? {};
      // What the kubelet really set stands in the status since in-place resizing; older ones leave it out.
      const resources = 'resources' in status ? child(status, 'resources') : child(spec, 'resources');
      const state = this.#runState(child(status, 'state'));
      return {
        name: this.#share(name),
        role: role(spec),
        image: this.#image(text(spec, 'image') || text(status, 'image')),
        containerID: instanceId(uid, name, state, status),
        ready: status['ready'] === true,
        restarts: number(status, 'restartCount'),
        state,
        last: this.#lastTermination(child(status, 'lastState')),
        limits: this.#sharedResources(child(resources, 'limits')),
        requests: this.#sharedResources(child(resources, 'requests')),
      };
    });
  }

  #runState(state: RawObject): RunState {
    if ('running' in state) return { kind: 'running', startedAt: time(child(state, 'running'), 'startedAt') };
    if ('terminated' in state) return { kind: 'terminated', ...this.#termination(child(state, 'terminated')) };
    const waiting = child(state, 'waiting');
    return { kind: 'waiting', reason: this.#share(text(waiting, 'reason')), message: this.#message(text(waiting, 'message')) };
  }

  #lastTermination(state: RawObject): Termination | null {
    return 'terminated' in state ? this.#termination(child(state, 'terminated')) : null;
  }

  #termination(raw: RawObject): Termination {
    const signal = number(raw, 'signal');
    return {
      containerID: text(raw, 'containerID'),
      reason: this.#share(text(raw, 'reason')),
      exitCode: number(raw, 'exitCode'),
      signal: signal === 0 ? null : signal,
      message: this.#message(text(raw, 'message')),
      startedAt: knownTime(time(raw, 'startedAt')),
      finishedAt: knownTime(time(raw, 'finishedAt')),
    };
  }

  #condition(raw: RawObject): PodCondition {
    return projectCondition(
      raw,
      (value) => this.#share(value),
      (value) => this.#message(value),
    );
  }

  #message(message: string): string {
    return message === '' ? '' : this.#redact(withoutCredentials(message)).slice(0, MAX_MESSAGE);
  }

  /** Equal ones are looked at once. */
  #image(name: string): string {
    let image = this.#images.get(name);
    if (image === undefined) {
      image = this.#redact(withoutCredentials(name));
      this.#images.set(name, image);
    }
    return image;
  }

  #share(value: string): string {
    const known = this.#strings.get(value);
    if (known !== undefined) return known;
    this.#strings.set(value, value);
    return value;
  }

  #sharedLabels(raw: RawObject, wanted: (key: string) => boolean): Readonly<Record<string, string>> {
    const entries = Object.entries(raw).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && wanted(entry[0]),
    );
    if (entries.length === 0) return NO_LABELS;
    const key = JSON.stringify(entries);
    let labels = this.#labels.get(key);
    if (labels === undefined) {
      labels = Object.fromEntries(entries.map(([name, value]) => [name, this.#labelValue(name, value)]));
      this.#labels.set(key, labels);
    }
    return labels;
  }

  /** Ordinary values are short words in small letters: those are not looked at. */
  #labelValue(name: string, value: string): string {
    const whole = `${name}=${value}`;
    if (!SECRET_NAME.test(name) && (value.length < SHORTEST_SECRET || !/[A-Z_=:]/.test(value))) return value;
    const hidden = this.#redact(whole);
    return hidden.startsWith(`${name}=`) ? hidden.slice(name.length + 1) : hidden;
  }

  #sharedResources(raw: RawObject): Resources {
    const cpu = parseQuantity(raw['cpu']);
    const memory = parseQuantity(raw['memory']);
    const key = `${cpu}/${memory}`;
    let resources = this.#resources.get(key);
    if (resources === undefined) {
      resources = { cpu, memory };
      this.#resources.set(key, resources);
    }
    return resources;
  }
}

/** By which a workload says what Tocsin is to make of its alerts. */
export function isOwnAnnotation(name: string): boolean {
  return name.startsWith('tocsin.dev/');
}

/** One entry of a pod's or a node's `status.conditions`. */
export function projectCondition(
  raw: RawObject,
  share: (value: string) => string,
  message: (value: string) => string,
): PodCondition {
  const status = text(raw, 'status');
  return {
    type: share(text(raw, 'type')),
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: share(text(raw, 'reason')),
    message: message(text(raw, 'message')),
    since: time(raw, 'lastTransitionTime'),
  };
}

/** A claim is named, or made for the pod alone. */
function claimsOf(pod: string, volumes: readonly RawObject[]): Pick<PodState, 'claims'> {
  const claims = volumes.flatMap((volume) => {
    if ('persistentVolumeClaim' in volume) return [text(child(volume, 'persistentVolumeClaim'), 'claimName')];
    return 'ephemeral' in volume ? [`${pod}-${text(volume, 'name')}`] : [];
  });
  return claims.length === 0 ? {} : { claims };
}

/** The timestamp is when the grace period ends. */
function deletedAt(metadata: RawObject): number | null {
  const end = time(metadata, 'deletionTimestamp');
  return end === null ? null : end - number(metadata, 'deletionGracePeriodSeconds') * SECOND;
}

/** A kubelet that knows nothing of an instance says the epoch, or nothing. */
function knownTime(ms: number | null): number | null {
  return ms === null || ms <= 0 ? null : ms;
}

/** The instance's id. A virtual kubelet may run containers without one: the pod's UID and the restart count then tell instances apart as well. */
function instanceId(uid: string, name: string, state: RunState, status: RawObject): string {
  const id = (state.kind === 'terminated' && state.containerID) || text(status, 'containerID');
  return id === '' && state.kind === 'running' ? `none://${uid}/${name}/${number(status, 'restartCount')}` : id;
}
