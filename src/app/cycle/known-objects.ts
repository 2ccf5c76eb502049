import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { withHistory } from '../../core/model/objects/object-history.ts';
import type { ObjectReading } from '../../core/model/objects/object-reading.ts';
import { workloadKey } from '../../core/model/workload.ts';
import { nextCronTick } from '../cron-tick.ts';

/** Objects that were seen between two collections, with what is known of them; with a CronJob's Job comes the CronJob, whose failure it may be. */
export function withKnown(seen: readonly ClusterObject[], known: readonly ClusterObject[], at: number): ObjectReading {
  const owners = new Set(
    seen.flatMap((object) => (object.kind === 'Job' && object.workload.kind === 'CronJob' ? [workloadKey(object.workload)] : [])),
  );
  const seenNow = new Set(seen.map(({ uid }) => uid));
  const cronJobs = known.flatMap((object): ClusterObject[] =>
    object.kind === 'CronJob' && !seenNow.has(object.uid) && owners.has(workloadKey(object))
      ? [{ ...object, isCarried: true }]
      : [],
  );
  const reading = { items: [...seen, ...cronJobs], unread: {} };
  return withHistory(reading, { before: known, events: [], at, nextTick: nextCronTick });
}
