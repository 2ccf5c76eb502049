import { LEVELS, type Level } from '../../core/model/log-line.ts';

export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export function levelName(level: Level): string | null {
  return level === 0 ? null : LEVELS[level];
}
