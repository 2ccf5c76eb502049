/** A JSON object of the API server as it came, before anything is believed of it. */
export type RawObject = Readonly<Record<string, unknown>>;

const EMPTY: RawObject = {};

/** The value as an object; an empty one for everything else. */
export function rawObject(value: unknown): RawObject {
  // Checked: an object that is not null; lists are objects without the keys that are asked for.
  return typeof value === 'object' && value !== null ? (value as RawObject) : EMPTY;
}

export function child(raw: RawObject, key: string): RawObject {
  return rawObject(raw[key]);
}

export function list(raw: RawObject, key: string): readonly RawObject[] {
  const value = raw[key];
  return Array.isArray(value) ? value.map(rawObject) : [];
}

/** The text at `key`, empty when there is none. */
export function text(raw: RawObject, key: string): string {
  const value = raw[key];
  return typeof value === 'string' ? value : '';
}

/** The number at `key`, 0 when there is none. */
export function number(raw: RawObject, key: string): number {
  const value = raw[key];
  return typeof value === 'number' ? value : 0;
}

/** The RFC 3339 time at `key` in epoch milliseconds. */
export function time(raw: RawObject, key: string): number | null {
  const value = raw[key];
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}
