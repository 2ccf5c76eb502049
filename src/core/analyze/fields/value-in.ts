import type { LineValue } from '../../model/line-value.ts';
import { durationIn } from './duration-in.ts';
import { type FieldSource, fieldOf } from './field-of.ts';

/** The number that a record has in a field; `null` when it has none. Negative ones stand for none, as HAProxy's times do. */
export function valueIn(source: FieldSource, value: LineValue): number | null {
  const written = fieldOf(source, value.field);
  const number = written === null ? null : numberOf(written, value);
  return number === null || number < 0 ? null : number;
}

/** The number that a field's text says, for a condition on it; `null` when it says none. Times count in milliseconds. */
function numberOf(text: string, { field, unit }: LineValue): number | null {
  const written = text.trim();
  const duration = durationIn(written);
  if (duration !== null) return duration;
  if (!/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?%?$/i.test(written)) return null;
  const bare = Number.parseFloat(written);
  return unit === 'milliseconds' ? bare * scaleOf(field) : bare;
}

/** How many milliseconds a bare number of this field stands for: what the last word of its name says, else milliseconds. */
function scaleOf(field: string): number {
  if (SECONDS.has(field)) return 1000;
  const [word = ''] = /(?:[A-Z][a-z]*|[a-z]+)$/.exec(field) ?? [];
  return SCALES[word.toLowerCase()] ?? 1;
}

const SCALES: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanos: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  micros: 1e-3,
  microseconds: 1e-3,
  s: 1000,
  sec: 1000,
  secs: 1000,
  seconds: 1000,
};

/** nginx's variables. */
const SECONDS = new Set(['request_time', 'upstream_response_time', 'upstream_connect_time', 'upstream_header_time']);
