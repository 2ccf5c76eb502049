import type { Changes, Comparison } from '../../core/model/context.ts';
import type { Evidence } from '../../core/model/notification.ts';
import { isoTime, levelName } from './json-scalars.ts';

/** Why an alert fired, and what was before it. */
export function evidenceJson(evidence: Evidence) {
  return {
    at: isoTime(evidence.at),
    last_lines: evidence.lastLines,
    matching: evidence.matching,
    patterns: (evidence.patterns ?? []).map(({ level, ...pattern }) => ({ ...pattern, level: levelName(level) })),
    events: evidence.events.map((event) => ({ ...event, at: isoTime(event.at) })),
    terminations: evidence.terminations.map(({ at, pod, container, reason, exitCode, message }) => ({
      at: isoTime(at),
      pod,
      container,
      reason,
      exit_code: exitCode,
      message,
    })),
    changes: evidence.changes === undefined ? null : changesJson(evidence.changes),
    comparison: evidence.comparison === undefined ? null : comparisonJson(evidence.comparison),
    series: evidence.series.map(({ at, value }) => ({ at: isoTime(at), value })),
  };
}

function changesJson({ from, items, more, earlierAt, firstEndAt }: Changes) {
  return {
    known_from: isoTime(from),
    items: items.map(({ at, ...change }) => ({ at: isoTime(at), ...change })),
    more,
    earlier_at: isoTime(earlierAt),
    first_end_at: isoTime(firstEndAt),
  };
}

function comparisonJson({ number, fired }: Comparison) {
  return {
    number:
      number === null
        ? null
        : {
            what: number.what,
            unit: number.unit,
            now: number.now,
            from: isoTime(number.from),
            to: isoTime(number.to),
            median: number.median,
            worst: number.worst,
            worst_is: number.worstIs,
            worst_at: isoTime(number.worstAt),
          },
    fired:
      fired === null
        ? null
        : {
            from: isoTime(fired.from),
            to: isoTime(fired.to),
            count: fired.count,
            last_at: isoTime(fired.lastAt),
            last_ms: fired.lastFor,
          },
  };
}
