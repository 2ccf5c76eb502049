import type { Runtime } from '../runtime.ts';
import type { Tick } from './engine-parts.ts';

/** A cycle that starts so soon after its tick stands for the tick itself: samples are then exactly a period apart. */
const PUNCTUAL_MS = 5_000;

/** The moment that a cycle stands for which starts now, and the ticks that passed without one. */
export function tickNow({ engine, schedule, clock }: Pick<Runtime, 'engine' | 'schedule' | 'clock'>): Tick {
  const now = clock.now();
  const newest = schedule.latest(now);
  const at = newest !== null && now - newest < PUNCTUAL_MS && newest > (engine.lastAt ?? 0) ? newest : now;
  return { trigger: 'scheduled', at, missed: engine.lastAt === null ? 0 : schedule.between(engine.lastAt, at) };
}
