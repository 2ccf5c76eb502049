import { HOUR } from '../../base/duration.ts';

const NAMES = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)(?:[.,:](?<fraction>\d{1,9}))?`;
/** Names of zones, and their hours ahead of UTC; where several countries have one name, RFC 2822's, else what most of the world's servers mean. */
const ZONE_HOURS: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, MSK: 3, SAST: 2, SGT: 8, HKT: 8, JST: 9, KST: 9 },
  ...{ AWST: 8, ACST: 9.5, ACDT: 10.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13, IST: 5.5, BST: 1, BRT: -3, AST: -4 },
  ...{ EDT: -4, EST: -5, CDT: -5, CST: -6, MDT: -6, MST: -7, PDT: -7, PST: -8, AKDT: -8, AKST: -9, HST: -10 },
};
const ZONE = String.raw`(?:\s?(?<zone>[+-]\d\d:?\d\d|(?:${Object.keys(ZONE_HOURS).join('|')})(?![A-Za-z\d])))?`;

const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';

/** Where a line has its own time, the more telling forms first. */
const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`^\W{0,2}${WEEKDAY} (?<name>${NAMES}) +(?<day>\d{1,2}) ${CLOCK}${ZONE}(?: [A-Z]{3,4})? (?<year>\d{4})`),
  new RegExp(
    String.raw`^.{0,60}?(?<!\d)(?<year>\d{4})[-/.](?<month>\d\d)[-/.](?<day>\d\d)(?:[T |]|, ?| {2}| - |\]\[)${CLOCK}${ZONE}`,
  ),
  new RegExp(String.raw`^.{0,200}?(?<!\d)(?<day>\d{1,2})[-/ ]?(?<name>${NAMES})[-/ ]?(?<year>\d{4})[: ]{1,2}${CLOCK}${ZONE}`),
  new RegExp(String.raw`^\W{0,2}(?<name>${NAMES}) (?<day>\d{1,2}),? (?<year>\d{4}),? ${CLOCK}(?: (?<half>[AP]M))?${ZONE}`),
  new RegExp(String.raw`^.{0,40}?(?<!\d)(?<year>20\d\d)(?<month>[01]\d)(?<day>[0-3]\d)[-T ]${CLOCK}${ZONE}`),
  new RegExp(String.raw`^.{0,40}?(?<!\d)(?<day>\d\d)\.(?<month>\d\d)\.(?<year>\d{4}),? ${CLOCK}${ZONE}`),
  new RegExp(
    String.raw`^.{0,40}?(?<!\d)(?<month>\d{1,2})/(?<day>1[3-9]|2\d|3[01])/(?<year>\d{4}|\d\d)(?:,? | - |\] \[)${CLOCK}(?: (?<half>[AP]M))?${ZONE}`,
  ),
  new RegExp(String.raw`^.{0,40}?(?<!\d)(?<day>1[3-9]|2\d|3[01])/(?<month>\d{1,2})/(?<year>\d{4})(?:,? | -- )${CLOCK}${ZONE}`),
  new RegExp(String.raw`^.{0,40}?(?<!\d)(?<month>\d\d)-(?<day>1[3-9]|2\d|3[01])-(?<year>\d{4}) ${CLOCK}${ZONE}`),
  new RegExp(String.raw`^.{0,40}?(?<!\d)(?<day>1[3-9]|2\d|3[01])-(?<month>\d\d)-(?<year>\d{4}) ${CLOCK}${ZONE}`),
  new RegExp(String.raw`^.{0,150}?\[${WEEKDAY} (?<name>${NAMES}) +(?<day>\d{1,2}) ${CLOCK} (?<year>\d{4})\]`),
  // Hitch's `20261121T140000.123456`, and Zabbix' `8:20261121:140000.123` behind its process.
  new RegExp(
    String.raw`^(?:\d+:)?(?<year>20\d\d)(?<month>[01]\d)(?<day>[0-3]\d)[T:-](?<hour>[0-2]\d)(?<minute>\d\d)(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?!\d)${ZONE}`,
  ),
  // Tornado's `[I 261121 14:00:00 web:12]`, CockroachDB's `I261121 14:00:00.123456 1 `, and MySQL's of old.
  new RegExp(
    String.raw`^(?:\[?[A-Z] ?|(?=\d{6} {1,2}[\d:]{7,8} (?:\[|mysqld)))(?<year>2\d)(?<month>[01]\d)(?<day>[0-3]\d) {1,2}${CLOCK}`,
  ),
  // Unreal's `[2026.11.21-14.00.00:123]`.
  /^\[(?<year>\d{4})\.(?<month>\d\d)\.(?<day>\d\d)-(?<hour>\d\d)\.(?<minute>\d\d)\.(?<second>\d\d):(?<fraction>\d{3})\]/,
];
/** Seconds since the epoch that a line begins with count before all other times in it. */
const EPOCH_FIRST = /^\[?(\d{10}(?:\.\d{1,9})?|\d\.\d{1,18}e\+\d\d)\]?(?=[\s|])/;
const EPOCH = /^(?:\[?[A-Z]+\]?:? |(?:node=\S+ )?type=[A-Z_]+ msg=audit\()?\[?(\d{10}(?:\.\d{1,9})?|\d{13})\]?(?=[\s:|]|$)/;
const JSON_TIME =
  /"(?:ts|time|timeMillis|timestamp|@timestamp|@t|eventTime|event_time|datetime|date_time|asctime|start_time|startTime|StartUTC|msec|local_time|timeLocal|ibm_datetime|time_local|time_iso8601|t|T|Timestamp|Time|date|logtime|log_time|log_timestamp|logTimestamp|eventTimestamp|_time|dt|ts_ms|timestamp_ms|__REALTIME_TIMESTAMP|timeUnixNano|observedTimestamp|\$date)"\s?:\s?(?:\{"\$date":\s?)?(?:"([^"]{10,40})"|(\d{9,19}(?:\.\d{1,9})?|\d\.\d{1,18}e\+?\d{1,2}\b))/i;
const LOG4J_INSTANT = /"instant":\s?\{"epochSecond":(\d{10}),"nanoOfSecond":(\d{1,9})\}/;
const GOOGLE_TIME = /"timestampSeconds":\s?(\d{10}),\s?"timestampNanos":\s?(\d{1,9})/;
const LOGFMT_TIME = /(?:^| )(?:ts|time|t|timestamp|@timestamp|datetime|date)="?([^" ]{10,40}(?: [^" ]{8,20})?)/;
const MONTH_OF = Object.fromEntries(NAMES.split('|').map((name, index) => [name, String(index + 1).padStart(2, '0')]));
const SEARCHED = 300;

/** The time that stands in a line, as RFC 3339 in UTC with the line's own precision; `null` when it is missing or not complete. */
export function ownTime(line: string): string | null {
  const text = line.replace(/^[\s\uFEFF]+/, '');
  if (text.startsWith('{')) return jsonTime(text);
  const head = text.slice(0, SEARCHED);
  const pair = LOGFMT_TIME.exec(head)?.[1]?.replace(' time=', ' ');
  if (pair !== undefined && /^[@\w.]+=/.test(head)) return textTime(pair);
  return textTime(head) ?? (pair === undefined ? null : textTime(pair));
}

function jsonTime(line: string): string | null {
  const [, second = '', nanos = ''] = LOG4J_INSTANT.exec(line) ?? GOOGLE_TIME.exec(line) ?? [];
  if (second !== '') return fromEpoch(`${second}.${nanos.padStart(9, '0')}`);
  const [, text, epoch] = JSON_TIME.exec(line) ?? [];
  if (epoch !== undefined) return fromEpoch(epoch);
  return text === undefined ? null : /^\d{10,19}(?:\.\d+)?$/.test(text) ? fromEpoch(text) : textTime(text);
}

function textTime(head: string): string | null {
  const [, first] = EPOCH_FIRST.exec(head) ?? [];
  if (first !== undefined) return fromEpoch(first);
  for (const form of FORMS) {
    const fields = form.exec(head)?.groups;
    if (fields === undefined) continue;
    const { year = '', month, name = '', day = '', hour = '', half, minute, second, fraction, zone } = fields;
    const wholeYear = year.length === 2 ? `20${year}` : year;
    const date = `${wholeYear}-${(month ?? MONTH_OF[name] ?? '').padStart(2, '0')}-${day.padStart(2, '0')}`;
    return build({ date, time: `${hourOf(hour, half)}:${minute}:${second}`, fraction, zone });
  }
  const [, epoch] = EPOCH.exec(head) ?? [];
  return epoch === undefined ? null : fromEpoch(epoch);
}

/** The hour of a day of 24, with two digits. */
function hourOf(hour: string, half: string | undefined): string {
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return String(hours).padStart(2, '0');
}

interface Parts {
  readonly date: string;
  readonly time: string;
  readonly fraction: string | undefined;
  readonly zone: string | undefined;
}

function build({ date, time, fraction, zone = 'Z' }: Parts): string | null {
  const [, sign = '', hours = '00', minutes = '00'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const ms = Date.parse(`${date}T${time}${sign === '' ? 'Z' : `${sign}${hours}:${minutes}`}`) - (ZONE_HOURS[zone] ?? 0) * HOUR;
  if (Number.isNaN(ms)) return null;
  return `${new Date(ms).toISOString().slice(0, 19)}${fraction === undefined ? '' : `.${fraction}`}Z`;
}

/** Seconds (with or without a fraction), milliseconds, microseconds or nanoseconds, told apart by their size. */
function fromEpoch(text: string): string | null {
  const [whole = '', fraction = ''] = withoutExponent(text).split('.');
  const scale = whole.length <= 10 ? 0 : whole.length <= 13 ? 3 : whole.length <= 16 ? 6 : 9;
  const seconds = Number(whole.slice(0, whole.length - scale));
  const below = (whole.slice(whole.length - scale) + fraction).slice(0, 9);
  if (!Number.isSafeInteger(seconds)) return null;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${scale + fraction.length === 0 ? '' : `.${scale === 0 ? fraction.slice(0, 9) : below}`}Z`;
}

/** `1.7952696001234e+09`, as Go prints floating-point numbers, with its point where it belongs. */
function withoutExponent(text: string): string {
  const [, first, rest = '', exponent] = /^(\d)\.(\d+)e\+?(\d+)$/i.exec(text) ?? [];
  if (first === undefined) return text;
  const behind = Number(exponent);
  const fraction = rest.slice(behind);
  return `${first}${rest.slice(0, behind).padEnd(behind, '0')}${fraction === '' ? '' : `.${fraction}`}`;
}
