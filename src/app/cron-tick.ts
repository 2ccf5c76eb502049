import { Cron } from 'croner';
import { cronZone } from './cron-zone.ts';

/**
 * The first moment of a CronJob's schedule after `after`, both epoch milliseconds; `null` when it has none or is not one that can be read.
 * Without a time zone it is the cluster controller's, which is UTC in nearly every cluster. A time that a clock passes over when it is set forward
 * does not come, as for the controller: Croner has it come late.
 */
export function nextCronTick(schedule: string, timeZone: string | null, after: number): number | null {
  // Kubernetes' own writings: a zone may stand before the fields, and `?` is any value.
  const [, zone, fields = ''] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.+)$/.exec(schedule.trim()) ?? [];
  try {
    const cron = new Cron(fields.replaceAll('?', '*'), { paused: true, ...cronZone(timeZone ?? zone ?? 'UTC') });
    let tick = cron.nextRun(new Date(after));
    if (tick !== null && !cron.match(tick)) tick = cron.nextRun(tick);
    return tick?.getTime() ?? null;
  } catch {
    // Another dialect, such as `@every 1h`: what such a schedule missed cannot be said.
    return null;
  }
}
