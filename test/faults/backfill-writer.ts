import { PatternWorker } from '../../src/app/patterns/pattern-worker.ts';
import { Backfill } from '../../src/app/stored/backfill.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { PatternMiner } from '../../src/core/analyze/templates/pattern-miner.ts';
import { json } from '../../src/store/json/json.ts';
import { options } from '../store/store-fixture.ts';
import { windowCounting } from './backfill-window.ts';

/*
 * A process for other tests to kill: opens the store in the folder that its argument names, says `open`, counts what is stored for two rules
 * that are newer, says `cycle ID` when a cycle's counts are durable, and `done`.
 */
const [, , path = ''] = process.argv;
const store = await json.open(options(path, { wait: 2000 }));
process.stdout.write('open\n');
setInterval(() => undefined, 1000);
const told = {
  cycle: store.cycle.bind(store),
  segments: store.segments.bind(store),
  async saveLate(...given: Parameters<typeof store.saveLate>) {
    await store.saveLate(...given);
    process.stdout.write(`cycle ${given[0]}\n`);
  },
};
const patternWorker = new PatternWorker({ onSuspend: () => undefined });
const engine = { window: await windowCounting(store), miner: new PatternMiner() };
await new Backfill({ engine, store: told, patternWorker, clock: systemClock, logger: silentLogger }).finish(
  new AbortController().signal,
);
process.stdout.write('done\n');
