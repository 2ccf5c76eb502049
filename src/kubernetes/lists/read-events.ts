import { type ObjectReading, objectsOf } from '../../core/model/objects/object-reading.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Collection, CollectionRequest } from '../collection.ts';
import type { Session } from '../session/session.ts';
import { EventCounter } from './events.ts';
import { readList } from './list.ts';
import { inEachPlace, placePath, type Scope } from './namespaces.ts';
import { type RawObject, text } from './raw-object.ts';

/** Event counts that are carried over while some events cannot be listed. */
const MAX_CARRIED_EVENTS = 50_000;
/** With more reasons, one list of all Normal events is cheaper for the API server than one for each. */
const MOST_REASONS = 4;

interface EventsRequest {
  readonly request: Pick<CollectionRequest, 'eventCounts' | 'redact' | 'normalEvents' | 'ownerOf'>;
  readonly scope: Scope;
  readonly pods: readonly PodState[];
  readonly objects: ObjectReading;
}

/** Lists Warning events and those Normal ones that rules ask for, as rises since the last collection. */
export async function readEvents(
  session: Session,
  { request, scope, pods, objects }: EventsRequest,
  signal: AbortSignal,
): Promise<Pick<Collection, 'events' | 'eventCounts' | 'errors'>> {
  const counter = new EventCounter({
    seen: request.eventCounts,
    pods: new Map(pods.map((pod) => [pod.uid, pod])),
    redact: request.redact,
    selects: scope.selects,
    ownerOf: request.ownerOf,
  });
  const wanted = wantedEvents(request.normalEvents, objects);
  const errors = await inEachPlace(scope, 'events', async (place) => {
    for (const { selector, takes } of wanted) {
      const query = new URLSearchParams({ fieldSelector: selector }).toString();
      const onItem = (raw: RawObject) => {
        if (takes(raw)) counter.take(raw);
      };
      await readList(session.api, placePath('/api/v1', 'events', place), { query, onItem, onRestart() {} }, signal);
    }
  });
  const carried = errors.length === 0 ? [] : Object.entries(request.eventCounts).slice(-MAX_CARRIED_EVENTS);
  const eventCounts = { ...Object.fromEntries(carried), ...counter.counts };
  return { events: counter.events, eventCounts, errors };
}

interface WantedEvents {
  readonly selector: string;
  readonly takes: (raw: RawObject) => boolean;
}

/** Events of ordinary life are not read at all, but for what a rule names and why a claim is not bound. */
function wantedEvents(normal: CollectionRequest['normalEvents'], objects: ObjectReading): readonly WantedEvents[] {
  const all = () => true;
  const warnings = { selector: 'type!=Normal', takes: all };
  const claims = { selector: 'type=Normal,involvedObject.kind=PersistentVolumeClaim', takes: all };
  const isPending = objectsOf(objects, 'PersistentVolumeClaim').some(({ phase }) => phase === 'Pending');
  if (normal === 'all') return [warnings, { selector: 'type=Normal', takes: all }];
  const reasons = new Set(normal);
  const ofReasons: readonly WantedEvents[] =
    reasons.size > MOST_REASONS
      ? [{ selector: 'type=Normal', takes: (raw) => reasons.has(text(raw, 'reason')) }]
      : [...reasons].map((reason) => ({ selector: `type=Normal,reason=${reason}`, takes: all }));
  return [warnings, ...ofReasons, ...(isPending ? [claims] : [])];
}
