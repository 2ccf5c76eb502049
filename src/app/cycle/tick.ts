import { SECOND } from '../../base/duration.ts';
import type { Runtime } from '../runtime.ts';
import type { Tick } from './engine-parts.ts';

/** A cycle that starts so soon after its tick stands for the tick itself: samples are then exactly a period apart. */
const PUNCTUAL_MS = 5_000;

/** An API server that does not tell its time by then is not waited for. */
const ASK_MS = 5 * SECOND;

type Parts = Pick<Runtime, 'engine' | 'schedule' | 'clock' | 'session'>;

/** The moment that a cycle stands for which starts now, and the ticks that passed without one. */
export async function tickNow({ engine, schedule, clock, session }: Parts, signal: AbortSignal): Promise<Tick> {
  if (clock.isUnsure) await hear(session, signal);
  const now = clock.now();
  const newest = schedule.latest(now);
  const at = newest !== null && now - newest < PUNCTUAL_MS && newest > (engine.lastAt ?? 0) ? newest : now;
  return { trigger: 'scheduled', at, missed: engine.lastAt === null ? 0 : schedule.between(engine.lastAt, at) };
}

/** Any answer tells the API server's time. Without one the cycle fails, too, and says why. */
async function hear({ api }: Parts['session'], signal: AbortSignal): Promise<void> {
  await api.open('/version', signal, ASK_MS, (body) => body.each(() => true)).catch(() => undefined);
}
