const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Where a line has its own time: year first; the access log's and the BSD forms with a year. */
const ISO =
  /^.{0,40}?(\d{4})[-/.](\d\d)[-/.](\d\d)(?:[T ]| {2}| - )(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?/;
const NAMED =
  /(?:^|[[ ])(\d{1,2})[-/ ](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[-/ ](\d{4})[: ]{1,2}(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?/;
const CTIME =
  /^\[?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (\d{4})/;
const JSON_TIME =
  /"(?:ts|time|timestamp|@timestamp|@t|eventTime|datetime|asctime|t|Timestamp|Time|date|\$date)":\s?(?:\{"\$date":\s?)?(?:"([^"]{10,40})"|(\d{9,19}(?:\.\d{1,9})?))/;
const LOGFMT_TIME = /(?:^| )(?:ts|time|t|timestamp)="?([^" ]{10,40}(?: [^" ]{8,20})?)/;

/** The time that stands in a line, as RFC 3339 in UTC with the line's own precision; `null` when it is missing or not complete. */
export function ownTime(line: string): string | null {
  if (line.startsWith('{')) {
    const [, text, epoch] = JSON_TIME.exec(line) ?? [];
    if (epoch !== undefined) return fromEpoch(epoch);
    return text === undefined ? null : ownTime(text);
  }
  const head = line.slice(0, 200);
  const ctime = CTIME.exec(head);
  if (ctime) {
    const [, month = '', day = '', hour, minute, second, fraction, year] = ctime;
    return build({
      date: `${year}-${monthNumber(month)}-${day.padStart(2, '0')}`,
      time: `${hour}:${minute}:${second}`,
      fraction,
      zone: undefined,
    });
  }
  const [, logfmt] = /^[a-z]+=/.test(head) ? (LOGFMT_TIME.exec(head) ?? []) : [];
  const iso = ISO.exec(logfmt ?? head);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return build({ date: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}`, fraction, zone });
  }
  const named = NAMED.exec(head);
  if (named) {
    const [, day = '', month = '', year, hour, minute, second, fraction, zone] = named;
    return build({
      date: `${year}-${monthNumber(month)}-${day.padStart(2, '0')}`,
      time: `${hour}:${minute}:${second}`,
      fraction,
      zone,
    });
  }
  return null;
}

interface Parts {
  readonly date: string;
  readonly time: string;
  readonly fraction: string | undefined;
  readonly zone: string | undefined;
}

function build({ date, time, fraction, zone }: Parts): string | null {
  const [, sign = '', hours = '00', minutes = '00'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? [];
  const ms = Date.parse(`${date}T${time}${sign === '' ? 'Z' : `${sign}${hours}:${minutes}`}`);
  if (Number.isNaN(ms)) return null;
  return `${new Date(ms).toISOString().slice(0, 19)}${fraction === undefined ? '' : `.${fraction}`}Z`;
}

/** Seconds (with or without a fraction), milliseconds, microseconds or nanoseconds, told apart by their size. */
function fromEpoch(text: string): string | null {
  const [whole = '', fraction = ''] = text.split('.');
  const scale = whole.length <= 10 ? 0 : whole.length <= 13 ? 3 : whole.length <= 16 ? 6 : 9;
  const seconds = Number(whole.slice(0, whole.length - scale));
  const below = (whole.slice(whole.length - scale) + fraction).slice(0, 9);
  if (!Number.isSafeInteger(seconds)) return null;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${scale + fraction.length === 0 ? '' : `.${scale === 0 ? fraction.slice(0, 9) : below}`}Z`;
}

function monthNumber(name: string): string {
  return String(MONTHS.indexOf(name) / 3 + 1).padStart(2, '0');
}
