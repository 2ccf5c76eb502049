import { EMPTY_ALERTS } from '../../src/core/model/state.ts';
import { nextCycleId } from '../../src/store/cycle-id.ts';
import { json } from '../../src/store/json/json.ts';
import { clock } from '../build.ts';
import { commit, containerOf, options, segmentOf } from '../store/store-fixture.ts';

/*
 * A process for other tests to kill: opens the store in the folder that its argument names, says `open`, and with `commits` commits cycles
 * and alerts for ever, saying `cycle ID` and `alerts NUMBER` when each is durable.
 */
const [, , path = '', mode = 'holds'] = process.argv;
const store = await json.open(options(path, { wait: 2000 }));
process.stdout.write('open\n');
setInterval(() => undefined, 1000);
let number = (await store.loadAlerts()).judgedTo ?? 0;
let previous = store.summaries().at(-1)?.id ?? null;
while (mode === 'commits') {
  previous = nextCycleId(previous, clock('10:00'));
  number++;
  const records = Array.from({ length: 50 }, (_, i) => ({ at: '10:00', nanos: i, text: `${previous} ${i}` }));
  await commit(store, clock('10:00'), [segmentOf(containerOf(), records)], { id: previous });
  process.stdout.write(`cycle ${previous}\n`);
  await store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: number });
  process.stdout.write(`alerts ${number}\n`);
}
