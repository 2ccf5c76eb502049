import { DAY, HOUR, MINUTE, SECOND } from '../../base/duration.ts';
import { describe } from '../../base/node.ts';
import { text } from '../../base/schema/scalars.ts';
import { refine, type Type, withJson } from '../../base/schema/type.ts';
import { parseSize } from '../../base/size.ts';
import type { Workload } from '../../core/model/workload.ts';

/** The day on which `10:03` lies in rule tests: a Monday without a change of clocks anywhere. */
export const TEST_DAY = Date.UTC(2026, 0, 5);

/** The longest time that one test may span. */
export const MAX_TEST_SPAN = 2 * DAY;

/** More would keep `check` busy for minutes. */
export const MAX_TEST_LINES = 500_000;

export const clockTime: Type<number> = {
  ...refine(text('a time such as 10:03, 10:03:30 or 2026-01-05T10:03:00Z'), (value, fail) => {
    const match = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(value);
    if (match !== null) {
      const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
      if (hours < 48 && minutes < 60 && seconds < 60)
        return TEST_DAY + hours * HOUR + minutes * MINUTE + Math.round(seconds * SECOND);
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
    pattern: '^(\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?|\\d{4}-\\d{2}-\\d{2}T.+)$',
    description: 'UTC, of Monday, 2026-01-05; hours above 23 are on the next day.',
  },
};

/** A span whose end, where it has one, comes after its beginning. */
export function inOrder<T extends { readonly at: number; readonly until: number | null }>(type: Type<T>): Type<T> {
  return refine(type, (value, fail) =>
    value.until === null || value.until > value.at ? value : fail('expected "until" to be after "at"', 'until'),
  );
}

/** What lies before an entry, or soon after it: a date of some other year was meant for another day than the tests'. */
export function notFarAfter<K extends string, T extends { readonly at: number } & { readonly [Key in K]: number | null }>(
  type: Type<T>,
  keys: readonly K[],
): Type<T> {
  return refine(type, (value, fail) => {
    const late = keys.find((key) => (value[key] ?? value.at) > value.at + DAY);
    return late === undefined
      ? value
      : fail(`${late} is more than a day after "at"; without a date, times are of 2026-01-05`, late);
  });
}

/** NAMESPACE/KIND/NAME of one of these kinds, or of any; the first of them, or a Deployment, where KIND is left out. */
export function workloadOf(kinds: readonly string[] = []): Type<Workload> {
  const [usual = 'Deployment'] = kinds;
  const expected = `a workload such as shop/${usual}/checkout`;
  const pattern = kinds.length === 0 ? '^[^/]+/[^/]+(/[^/]+)?$' : `^[^/]+/((${kinds.join('|')})/)?[^/]+$`;
  const written = withJson(text(expected), { pattern });
  return refine(written, (value, fail) => {
    const [namespace, second, third, ...more] = value.split('/');
    const name = third ?? second;
    const kind = third === undefined ? usual : spelledKind(second ?? '');
    if (!namespace || !name || more.length > 0 || kind === '')
      return fail(`expected a workload as NAMESPACE/KIND/NAME or NAMESPACE/NAME, found ${JSON.stringify(value)}`);
    if (kinds.length > 0 && !kinds.includes(kind))
      return fail(`expected a workload of the kind ${kinds.join(' or ')}, found ${JSON.stringify(value)}`);
    return { namespace, kind, name };
  });
}

export const workload = workloadOf();

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Node'];

/** As Kubernetes writes it; kubectl takes it in any case. */
function spelledKind(written: string): string {
  return KINDS.find((kind) => kind.toLowerCase() === written.toLowerCase()) ?? written;
}

const NAMES = /^(?:SUN|MON|TUE|WED|THU|FRI|SAT|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)$/i;
/** Minute, hour, day, month, weekday: what each may be. */
const CRON_FIELDS: readonly (readonly [least: number, most: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

const cronText = withJson(text('a cron schedule such as "0 3 * * *"'), { pattern: '^\\s*(@\\w.*|\\S+(\\s+\\S+){4})\\s*$' });

/** The schedule of a CronJob, as Kubernetes takes it. */
export const cronSchedule: Type<string> = refine(cronText, (value, fail) => {
  const fields = value.trim().split(/\s+/);
  const isFit =
    /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(value.trim()) ||
    (fields.length === CRON_FIELDS.length && fields.every((field, index) => isCronField(field, CRON_FIELDS[index] ?? [0, 0])));
  return isFit ? value : fail(`expected a cron schedule such as "0 3 * * *", found ${JSON.stringify(value)}`);
});

function isCronField(field: string, [least, most]: readonly [least: number, most: number]): boolean {
  const isValue = (part: string) => NAMES.test(part) || (/^\d+$/.test(part) && Number(part) >= least && Number(part) <= most);
  return field.split(',').every((part) => {
    const [range = '', step = '1', ...more] = part.split('/');
    const [from = '', to, ...further] = range.split('-');
    const isRange = range === '*' || range === '?' || (isValue(from) && (to === undefined || isValue(to)));
    return isRange && /^[1-9]\d*$/.test(step) && more.length === 0 && further.length === 0;
  });
}

/** Kubernetes' way to write cores: `500m`, `2`, `0.5`. */
export const cores: Type<number> = {
  expected: 'a number of cores such as 500m or 2',
  json: { type: ['string', 'number'] },
  decode(node, findings) {
    const written = node.kind === 'scalar' ? /^(\d+(?:\.\d+)?)(m?)$/.exec(String(node.value)) : null;
    if (written !== null) return Number(written[1]) / (written[2] === 'm' ? 1000 : 1);
    findings.error(node.at, `expected a number of cores such as 500m or 2, found ${describe(node)}`);
    return undefined;
  },
};

export const bytes: Type<number> = {
  expected: 'a size such as 64Mi',
  json: { type: ['string', 'number'] },
  decode(node, findings) {
    const size = node.kind === 'scalar' ? parseSize(String(node.value)) : null;
    if (size === null) findings.error(node.at, `expected a size such as 64Mi, found ${describe(node)}`);
    return size ?? undefined;
  },
};
