import { describe } from '../../../base/node.ts';
import type { Type } from '../../../base/schema/type.ts';
import { parseSize } from '../../../base/size.ts';

/** A number with the unit that its writing says. */
export interface Amount {
  readonly unit: 'ratio' | 'bytes' | 'cores';
  readonly value: number;
}

const EXPECTED = 'a percentage such as 90%, a size such as 512Mi, or CPU cores such as 1.5 or 500m';

/** `90%`, `512Mi`, `1.5` or `500m`. A bare whole number may be bytes or cores: it is read as cores and converted by {@link inUnit}. */
export function amount(): Type<Amount> {
  return {
    expected: EXPECTED,
    json: { type: ['string', 'number'], minimum: 0, pattern: '^\\d+(\\.\\d+)?(\\s*%|m|Ki|Mi|Gi|Ti|k|M|G|T)?$' },
    decode(node, findings) {
      const value = node.kind === 'scalar' ? read(node.value) : undefined;
      if (value === undefined) findings.error(node.at, `expected ${EXPECTED}, found ${describe(node)}`);
      return value;
    },
  };
}

/** The amount in a unit, or `null` when it was written in another one. */
export function inUnit(written: Amount, unit: Amount['unit']): number | null {
  if (written.unit === unit) return written.value;
  return unit === 'bytes' && written.unit === 'cores' && Number.isInteger(written.value) ? written.value : null;
}

function read(value: string | number | boolean | null): Amount | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? { unit: 'cores', value } : undefined;
  if (typeof value !== 'string') return undefined;
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(value);
  if (percent !== null) return { unit: 'ratio', value: Number(percent[1]) / 100 };
  const cores = /^(\d+(?:\.\d+)?)(m?)$/.exec(value);
  if (cores !== null) return { unit: 'cores', value: Number(cores[1]) / (cores[2] === 'm' ? 1000 : 1) };
  const bytes = parseSize(value);
  return bytes === null ? undefined : { unit: 'bytes', value: bytes };
}
