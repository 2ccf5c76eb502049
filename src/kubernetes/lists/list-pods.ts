import type { SourceError } from '../../core/model/cycle.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Session } from '../session/session.ts';
import { METADATA_ONLY, readList } from './list.ts';
import { inEachPlace, type Place, placePath, type Scope } from './namespaces.ts';
import { workloadOfJob } from './owner.ts';
import { PodProjector, type ProjectedPod } from './pods.ts';
import { child, type RawObject, text } from './raw-object.ts';
import { endsCollection } from './source-error.ts';

export interface PodsReading {
  readonly states: readonly PodState[];
  /** Those whose pods were listed completely, at one moment. */
  readonly namespaces: readonly string[];
  readonly complete: boolean;
  readonly errors: readonly SourceError[];
}

/** Lists and projects the pods of a scope. Rejects when no API server answers or it does not know us, and nothing was listed. */
export async function listPods(
  session: Session,
  options: { readonly scope: Scope; readonly redact: (text: string) => string },
  signal: AbortSignal,
): Promise<PodsReading> {
  const { scope } = options;
  const projector = new PodProjector(session.owners, options.redact);
  const listed: ProjectedPod[][] = [];
  const places: Place[] = [];
  let allConsistent = true;
  let ending: unknown = null;
  const errors = await inEachPlace(scope, 'pods', async (place) => {
    let pods: ProjectedPod[] = [];
    const onItem = (item: RawObject) => {
      if (scope.selects(text(child(item, 'metadata'), 'namespace'))) pods.push(projector.project(item));
    };
    const onRestart = () => {
      pods = [];
    };
    try {
      const { consistent } = await readList(session.api, placePath('/api/v1', 'pods', place), { onItem, onRestart }, signal);
      if (consistent) places.push(place);
      else allConsistent = false;
      listed.push(pods);
    } catch (error) {
      if (endsCollection(error)) ending = error;
      throw error;
    }
  });
  if (listed.length === 0 && ending !== null) throw ending;
  const states = await withJobOwners(session, { pods: listed.flat(), scope, projector }, signal);
  const seenNamespaces = () => [...new Set(states.map((pod) => pod.namespace))];
  const namespaces = places.includes(null)
    ? (scope.names ?? seenNamespaces())
    : places.filter((place): place is string => place !== null);
  return { states, namespaces, complete: errors.length === 0 && allConsistent, errors };
}

/** Replaces what was guessed of Jobs by what their metadata says, looking at Jobs only when there is a new one. */
async function withJobOwners(
  session: Session,
  found: { readonly pods: readonly ProjectedPod[]; readonly scope: Scope; readonly projector: PodProjector },
  signal: AbortSignal,
): Promise<readonly PodState[]> {
  const unsure = found.pods.filter((pod) => pod.unsureJob !== null);
  if (unsure.length === 0) return found.pods.map((pod) => pod.state);
  const wanted = new Set(unsure.map((pod) => pod.state.namespace));
  const learn = (job: RawObject) => session.owners.learn(text(child(job, 'metadata'), 'uid'), workloadOfJob(job));
  const read = { accept: METADATA_ONLY, onItem: learn, onRestart() {} };
  const errors = await inEachPlace(found.scope, 'pods', async (place) => {
    if (place === null || wanted.has(place))
      await readList(session.api, placePath('/apis/batch/v1', 'jobs', place), read, signal);
  });
  // Jobs are optional: where they cannot be read, the name decides, and for ever, so that an owner does not change between cycles.
  if (errors.length > 0) session.logger.debug('jobs cannot be read', { reason: errors[0]?.message });
  return found.pods.map(({ state, unsureJob }) => {
    if (unsureJob === null) return state;
    const known = session.owners.ofJob(unsureJob);
    if (known === undefined) session.owners.learn(unsureJob, state.workload);
    return known === undefined ? state : { ...state, workload: found.projector.shareWorkload(known) };
  });
}
