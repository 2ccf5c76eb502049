import type { SimulatedContainer } from '../cluster/container.ts';
import type { Second } from './actor.ts';
import type { Chance } from './chance.ts';

/** Writes a line at some moment of the second, for lines do not stand on whole ones. Nothing when the container does not run. */
export function print(
  container: SimulatedContainer,
  second: Second,
  chance: Chance,
  line: (at: number, chance: Chance) => string,
): void {
  if (container.phase !== 'running') return;
  const at = second.at + chance.between(0, 999);
  container.write(line(at, chance), { at });
}
