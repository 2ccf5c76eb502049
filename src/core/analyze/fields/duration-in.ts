const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  msec: 1,
  msecs: 1,
  millis: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a time with its unit as programs write it, `12ms`, `0.3 s`, `1m2.5s`; `null` when the text is none. */
export function durationIn(text: string): number | null {
  let total = 0;
  let length = 0;
  for (const [part, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?|\.\d+) ?([a-zµμ]+)/gy)) {
    const milliseconds = MILLISECONDS[unit];
    if (milliseconds === undefined) return null;
    total += Number(number) * milliseconds;
    length += part.length;
  }
  return length > 0 && length === text.length ? total : null;
}
