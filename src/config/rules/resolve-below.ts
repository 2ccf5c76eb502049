import { parseDuration } from '../../base/duration.ts';
import { describe, Findings } from '../../base/node.ts';
import type { Type } from '../../base/schema/type.ts';
import type { Condition } from '../../core/rules/condition.ts';
import { formatValue } from '../../core/rules/evaluation/value-text.ts';
import { type Amount, amount, inUnit } from '../../core/rules/written/amount-type.ts';
import type { Placed } from '../decode/scalars.ts';

/** A limit as it can be read before the condition's unit is known: `500m` may be half a core, or 500 minutes. */
export interface WrittenLimit {
  readonly amount: Amount | undefined;
  /** Milliseconds. */
  readonly duration: number | null;
}

const EXPECTED = 'a number in the unit of the threshold, such as 5, 80%, 512Mi or 300ms';

/** What `resolve_below` says. */
export const resolveBelowType: Type<WrittenLimit> = {
  expected: EXPECTED,
  json: { type: ['string', 'number'], minimum: 0, pattern: '^\\d+(\\.\\d+)?(\\s*%|Ki|Mi|Gi|Ti|k|M|G|T)?$|^(\\d+(ms|s|m|h|d))+$' },
  decode(node, findings) {
    const read = amount().decode(node, new Findings(''));
    const duration = node.kind === 'scalar' && typeof node.value === 'string' ? parseDuration(node.value) : null;
    if (read !== undefined || duration !== null) return { amount: read, duration };
    findings.error(node.at, `expected ${EXPECTED}, found ${describe(node)}`);
    return undefined;
  },
};

/** The limit in the condition's unit; it lies on the good side of the threshold. `null`, and a problem, when it is none. */
export function resolveLimit(written: Placed<WrittenLimit> | null, condition: Condition, findings: Findings): number | null {
  if (written === null) return null;
  const { unit, threshold, worst } = condition;
  const refuse = (problem: string): null => {
    findings.error(written.at, `resolve_below: ${problem}`);
    return null;
  };
  if (threshold === null) return refuse(`the condition "${condition.kind}" has no number to compare it with`);
  const limit = limitIn(written.value, unit);
  const shown = formatValue(threshold, unit);
  if (limit === null) return refuse(`expected it in the unit of the threshold, which is ${shown}`);
  if (worst === 'lowest' ? limit < threshold : limit > threshold)
    return refuse(`expected ${worst === 'lowest' ? 'at least' : 'at most'} the threshold, which is ${shown}`);
  return limit;
}

function limitIn({ amount: read, duration }: WrittenLimit, unit: Condition['unit']): number | null {
  if (unit === 'milliseconds') return duration;
  // A bare number is read as cores.
  return read === undefined ? null : inUnit(read, unit === 'count' || unit === 'none' ? 'cores' : unit);
}
