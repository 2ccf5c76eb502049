import type { Cycle } from '../core/model/cycle.ts';
import { beat } from './heartbeat.ts';
import type { Runtime } from './runtime.ts';
import { tickNow } from './tick.ts';

/** A receiver that fails is tried again for so long: whoever runs `once` waits for it. */
const PATIENCE_MS = 10_000;

/** One whole cycle and one try for everything that is owed. Rejects with `CollectError` when the cluster cannot be reached. */
export async function runOnce(
  runtime: Runtime,
  signal: AbortSignal,
): Promise<{ readonly cycle: Cycle; readonly pending: number }> {
  const cycle = await runtime.engine.cycle(tickNow(runtime), signal);
  const pending = await runtime.outbox.drain(signal, PATIENCE_MS);
  await beat(runtime.settings.heartbeat, runtime.logger, signal);
  return { cycle, pending };
}
