import { readFileSync } from 'node:fs';

/** The most memory that a process had resident so far, in MiB; by default this one. */
export function peakMemory(pid: number | 'self' = 'self'): number {
  return statusField(pid, 'VmHWM') ?? process.resourceUsage().maxRSS / 1024;
}

/** What a process has resident now, in MiB. */
export function residentMemory(pid: number | 'self' = 'self'): number {
  return statusField(pid, 'VmRSS') ?? process.memoryUsage.rss() / 1024 ** 2;
}

/** `null` where there is no Linux /proc. The kernel's `maxRSS` is no substitute for a child: it begins with what its parent had. */
function statusField(pid: number | 'self', name: string): number | null {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null; // no such system, or the process has ended
  }
}
