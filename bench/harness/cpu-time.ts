import { readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

/** Milliseconds of CPU that a process has taken, all its threads together; NaN where there is no Linux /proc. */
export function cpuTime(pid: number): number {
  try {
    // The name in the second field may hold spaces; what follows its bracket does not.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN; // no such system
  }
}
