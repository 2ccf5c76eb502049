import type { Position } from '../../base/node.ts';
import { number, text } from '../../base/schema/scalars.ts';
import { refine, type Type, withJson } from '../../base/schema/type.ts';
import { offsetAt } from '../../base/wall-time.ts';

/** A value with its place, for what can only be checked once the whole file is read. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Position;
}

export function placed<T>(type: Type<T>): Type<Placed<T>> {
  return refine(type, (value, _fail, at) => ({ value, at }));
}

/** A text for one line: no control characters, at most `max` characters. */
export function name(expected: string, max = 100): Type<string> {
  return refine(text(expected), (value, fail) =>
    value.length <= max && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value) && value.trim() === value
      ? value
      : fail(`expected ${expected} of at most ${max} characters on one line, found ${JSON.stringify(value.slice(0, 120))}`),
  );
}

/** An IANA time zone that this machine's Node knows. */
export function timeZone(): Type<string> {
  return refine(text('a time zone such as UTC or Europe/Berlin'), (value, fail) => {
    try {
      offsetAt(0, value);
      return value;
    } catch (error) {
      if (error instanceof RangeError)
        return fail(`expected a time zone such as UTC or Europe/Berlin, found ${JSON.stringify(value)}`);
      throw error;
    }
  });
}

/** An absolute web address, without a slash at its end. */
export function webAddress(): Type<string> {
  const type = refine(text('an http:// or https:// address'), (value, fail) => {
    const url = URL.parse(value);
    return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
      ? value.replace(/\/+$/, '')
      : fail(`expected an http:// or https:// address, found ${JSON.stringify(value.slice(0, 120))}`);
  });
  return withJson(type, { pattern: '^[hH][tT][tT][pP][sS]?://[^/?#\\s]' });
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `0.0.0.0:8080`, `localhost:8080`, `[::]:8080` or `:8080` (every address). */
export function listenAddress(): Type<ListenAddress> {
  const type = refine(text('an address such as 0.0.0.0:8080'), (value, fail) => {
    const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(value);
    const port = Number(match?.[3]);
    if (match === null || port > 65_535) return fail(`expected an address such as 0.0.0.0:8080, found ${JSON.stringify(value)}`);
    return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
  });
  return withJson(type, { pattern: ':\\d{1,5}$' });
}

/** A cron pattern by its outline; whether it can be scheduled, the scheduler says. */
export function cronPattern(): Type<string> {
  const type = refine(text('a cron pattern such as "*/10 * * * *"'), (value, fail) => {
    const fields = value.trim().split(/\s+/);
    if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/i.test(value.trim())) return value.trim();
    return fields.length >= 5 && fields.length <= 7 && fields.every((field) => /^[\w*/,?#+LW-]+$/i.test(field))
      ? value.trim()
      : fail(`expected a cron pattern such as "*/10 * * * *", found ${JSON.stringify(value)}`);
  });
  return withJson(type, { pattern: '^\\s*(@[a-zA-Z]+|\\S+(\\s+\\S+){4,6})\\s*$' });
}

/** A rate that is not zero. */
export function rate(): Type<number> {
  return refine(number(0), (value, fail) => (value > 0 ? value : fail('expected a number above 0, found 0')));
}
