import { humanDuration, MINUTE, SECOND } from '../../../base/duration.ts';
import { humanSize } from '../../../base/size.ts';
import type { Alert } from '../../model/alert.ts';

/** A value or threshold as people read it: `7`, `5.2%`, `1.5 GiB`, `0.25 cores`. */
export function formatValue(value: number, unit: Alert['unit']): string {
  switch (unit) {
    case 'ratio':
      return `${rounded(value * 100, value < 0.1 ? 2 : 1)}%`;
    case 'bytes':
      return humanSize(value);
    case 'cores':
      return `${rounded(value, 3)} cores`;
    case 'milliseconds':
      return value < SECOND
        ? `${rounded(value, 1)} ms`
        : value < MINUTE
          ? `${rounded(value / SECOND, 2)} s`
          : humanDuration(value);
    case 'count':
    case 'none':
      return String(rounded(value, 2));
    default:
      return unit satisfies never;
  }
}

function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
