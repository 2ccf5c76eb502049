import { MINUTE } from '../../base/duration.ts';
import type { ProbeEntry } from '../../config/rule-tests/test-object-type.ts';
import type { ProbeMinute, ProbeReading } from '../../core/model/probe.ts';

/** What a test's probes found in the whole minutes of [from, to); `null` when it has none. */
export function probesBetween(series: readonly ProbeEntry[], from: number, to: number): ProbeReading | null {
  if (series.length === 0) return null;
  const minutes = new Map<string, ProbeMinute>();
  const [first, last] = [Math.floor(from / MINUTE), Math.floor(to / MINUTE)];
  for (const { probe: name, at, every, count, problem, latency_ms: latency, certificate_ends: ends } of series) {
    for (let index = 0; index < count; index++) {
      const minute = Math.floor((at + index * every) / MINUTE);
      if (minute < first || minute >= last) continue;
      const key = `${name}/${minute}`;
      const found = minutes.get(key);
      minutes.set(key, {
        name,
        minute,
        checks: (found?.checks ?? 0) + 1,
        failed: (found?.failed ?? 0) + (problem === null ? 0 : 1),
        answered: (found?.answered ?? 0) + 1,
        latencySum: (found?.latencySum ?? 0) + latency,
        latencyMax: Math.max(found?.latencyMax ?? 0, latency),
        reason: problem ?? found?.reason ?? '',
        certificateEndsAt: ends ?? found?.certificateEndsAt ?? null,
      });
    }
  }
  const names = [...new Set(series.map(({ probe }) => probe))];
  return { targets: names.map((name) => ({ name, url: `https://${name}.example.com/` })), minutes: [...minutes.values()] };
}
