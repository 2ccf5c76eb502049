import type { Format } from './format.ts';

/** What is searched of a line. */
const SEARCHED = 2048;

interface LineWithStatus extends Pick<Format, 'name' | 'description' | 'first'> {
  /** The whole line's shape; the group that matches is the status. */
  readonly pattern: RegExp;
  /** A cheap look at a few of the first bytes, so that hardly any other line meets the pattern. */
  readonly mayBe: (bytes: Buffer, start: number) => boolean;
}

/** A format of access logs without a level, told by one pattern that also holds the status. */
export function lineWithStatus({ pattern, mayBe, ...format }: LineWithStatus): Format {
  return {
    ...format,
    isRuledOut: (bytes, start) => !mayBe(bytes, start),
    parse(bytes, start, end, facts) {
      const match = pattern.exec(bytes.toString('latin1', start, Math.min(end, start + SEARCHED)));
      if (match === null) return false;
      const status = Number(match.slice(1).find((group) => group !== undefined));
      facts.level = 0;
      facts.status = status >= 100 && status <= 599 ? status : 0;
      return true;
    },
  };
}
