import type { Cycle } from '../core/model/cycle.ts';
import { tickNow } from './cycle/tick.ts';
import { beat } from './heartbeat.ts';
import type { Runtime } from './runtime.ts';
import { Backfill } from './stored/backfill.ts';

/** A receiver that fails is tried again for so long: whoever runs `once` waits for it. */
const PATIENCE_MS = 10_000;
/** What is not counted by then is counted by the next run. */
const BACKFILL_MS = 60_000;

/** One whole cycle and one try for everything that is owed. Rejects with `CollectError` when the cluster cannot be reached. */
export async function runOnce(
  runtime: Runtime,
  signal: AbortSignal,
): Promise<{ readonly cycle: Cycle; readonly pending: number }> {
  // New rules know what was stored before them, as in a daemon that has had the time.
  await new Backfill(runtime).finish(AbortSignal.any([signal, AbortSignal.timeout(BACKFILL_MS)]));
  await runtime.prober?.once(signal);
  const cycle = await runtime.engine.cycle(await tickNow(runtime, signal), signal);
  const pending = await runtime.outbox.drain(signal, PATIENCE_MS);
  await beat(runtime.settings.heartbeat, runtime.logger, signal);
  return { cycle, pending };
}
