import { DAY, HOUR, MINUTE, SECOND } from '../../base/duration.ts';
import { text } from '../../base/schema/scalars.ts';
import { refine, type Type, withJson } from '../../base/schema/type.ts';
import { parseSize } from '../../base/size.ts';
import type { Workload } from '../../core/model/workload.ts';

/** The day on which `10:03` lies in rule tests: a Monday without a change of clocks anywhere. */
export const TEST_DAY = Date.UTC(2026, 0, 5);

/** The longest time that one test may span. */
export const MAX_TEST_SPAN = 2 * DAY;

export const clockTime: Type<number> = {
  ...refine(text('a time such as 10:03, 10:03:30 or 2026-01-05T10:03:00Z'), (value, fail) => {
    const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(value);
    if (match !== null) {
      const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
      if (hours < 48 && minutes < 60 && seconds < 60) return TEST_DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
    }
    const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value)
      ? Date.parse(value)
      : Number.NaN;
    return Number.isNaN(time)
      ? fail(`expected a time such as 10:03, 10:03:30 or 2026-01-05T10:03:00Z, found ${JSON.stringify(value)}`)
      : time;
  }),
  json: {
    type: 'string',
    pattern: '^(\\d{1,2}:\\d{2}(:\\d{2})?|\\d{4}-\\d{2}-\\d{2}T.+)$',
    description: 'UTC; hours above 23 are on the next day.',
  },
};

/** A span whose end, where it has one, comes after its beginning. */
export function inOrder<T extends { readonly at: number; readonly until: number | null }>(type: Type<T>): Type<T> {
  return refine(type, (value, fail) =>
    value.until === null || value.until > value.at ? value : fail('expected "until" to be after "at"', 'until'),
  );
}

const workloadText = withJson(text('a workload such as shop/Deployment/checkout'), { pattern: '^[^/]+/[^/]+(/[^/]+)?$' });

export const workload: Type<Workload> = refine(workloadText, (value, fail) => {
  const [namespace, second, third, ...more] = value.split('/');
  const name = third ?? second;
  if (!namespace || !name || more.length > 0 || second === '')
    return fail(`expected a workload as NAMESPACE/KIND/NAME or NAMESPACE/NAME, found ${JSON.stringify(value)}`);
  return { namespace, kind: third === undefined ? 'Deployment' : (second ?? ''), name };
});

/** Kubernetes' way to write cores: `500m`, `2`, `0.5`. */
export const cores: Type<number> = {
  expected: 'a number of cores such as 500m or 2',
  json: { type: ['string', 'number'] },
  decode(node, findings) {
    const written = node.kind === 'scalar' ? /^(\d+(?:\.\d+)?)(m?)$/.exec(String(node.value)) : null;
    if (written !== null) return Number(written[1]) / (written[2] === 'm' ? 1000 : 1);
    findings.error(node.at, 'expected a number of cores such as 500m or 2');
    return undefined;
  },
};

export const bytes: Type<number> = {
  expected: 'a size such as 64Mi',
  json: { type: ['string', 'number'] },
  decode(node, findings) {
    const size = node.kind === 'scalar' ? parseSize(String(node.value)) : null;
    if (size === null) findings.error(node.at, 'expected a size such as 64Mi');
    return size ?? undefined;
  },
};
