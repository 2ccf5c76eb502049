/** The milliseconds of processor time that some work takes: how long it takes by the clock depends on what else the machine does. */
export function cpuTime(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
