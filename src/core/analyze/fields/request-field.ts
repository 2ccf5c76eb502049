import { durationIn } from './duration-in.ts';
import { jsonField } from './json-field.ts';

/** What access logs hold under names of their own, or at a place. */
const REQUEST_FIELDS = ['method', 'path', 'status', 'latency'] as const;
type RequestField = (typeof REQUEST_FIELDS)[number];

export function isRequestField(name: string): name is RequestField {
  return REQUEST_FIELDS.some((each) => each === name);
}

/** A line that records a request. `json` is where an object begins in it, else -1. */
interface RequestLine {
  readonly text: string;
  readonly status: number;
  readonly json: number;
}

/** One of the fields of a line that records a request; `latency` in milliseconds such as `12.5ms`, `path` without its query. */
export function requestField(line: RequestLine, name: RequestField): string | null {
  switch (name) {
    case 'status':
      return String(line.status);
    case 'method':
      return firstKey(line, METHOD_KEYS) ?? REQUEST.exec(line.text)?.[1] ?? null;
    case 'path':
      return pathOf(firstKey(line, PATH_KEYS) ?? REQUEST.exec(line.text)?.[2]);
    case 'latency':
      return latencyOf(line);
    default:
      return name satisfies never;
  }
}

const METHOD_KEYS = [
  'request.method',
  'req.method',
  'http.request.method',
  'http.method',
  'httpRequest.requestMethod',
  'request_method',
  'requestMethod',
  'RequestMethod',
  'verb',
];
const PATH_KEYS = [
  'request.uri',
  'request.path',
  'req.url',
  'url.path',
  'http.target',
  'http.route',
  'http.url',
  'httpRequest.requestUrl',
  'request_uri',
  'requestUri',
  'RequestPath',
  'uri',
  'url',
];
/** Names that say their unit, and those of well-known servers; in milliseconds. */
const LATENCY_KEYS: readonly (readonly [key: string, milliseconds: number])[] = [
  ['latency_ms', 1],
  ['latencyMs', 1],
  ['duration_ms', 1],
  ['durationMs', 1],
  ['elapsed_ms', 1],
  ['elapsedMs', 1],
  ['response_time_ms', 1],
  ['responseTime', 1], // pino-http, winston
  ['Elapsed', 1], // Serilog
  ['request_time', 1000], // nginx
  ['Duration', 1e-6], // Traefik
  ['httpRequest.latency', 1000], // Google Cloud: `0.012s`
];

const REQUEST = /\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)\b["\s]+([^\s"]+)/;

function firstKey({ text, json }: RequestLine, keys: readonly string[]): string | undefined {
  if (json === -1) return undefined;
  for (const key of keys) {
    const value = jsonField(text, json, key);
    if (value !== null) return value;
  }
  return undefined;
}

function pathOf(target: string | undefined): string | null {
  if (target === undefined) return null;
  const path = target.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  return path === '' ? '/' : path;
}

function latencyOf(line: RequestLine): string | null {
  const ms = line.json === -1 ? textLatency(line.text) : jsonLatency(line);
  return ms === null || !Number.isFinite(ms) || ms < 0 ? null : `${Number(ms.toPrecision(6))}ms`;
}

function jsonLatency({ text, json }: RequestLine): number | null {
  for (const [key, milliseconds] of LATENCY_KEYS) {
    const value = jsonField(text, json, key);
    if (value !== null) return durationIn(value) ?? Number(value) * milliseconds;
  }
  const duration = jsonField(text, json, 'duration');
  if (duration === null) return null;
  // Caddy writes seconds with a fraction, Envoy whole milliseconds.
  return durationIn(duration) ?? Number(duration) * (duration.includes('.') ? 1000 : 1);
}

/** Where the access logs of known servers have how long a request took. */
const PLACES: readonly (readonly [place: RegExp, milliseconds: number])[] = [
  [/" \d{3} (?:-|[A-Z]\S*) (?:\S+ \S+ "[^"]*" )?\d+ \d+ (\d+) (?:-|\d+) "/, 1], // Envoy, Istio: after bytes received and sent
  [/" \d+ (\d+\.\d{3}) \[/, 1000], // ingress-nginx: after the length of the request
  [/ -?\d+\/-?\d+\/-?\d+\/-?\d+\/\+?(\d+) (?:\d{3}|-1) /, 1], // HAProxy: the last timer
  [/^\d{10}\.\d{3} +(\d+) \S+ [A-Z_]+\/\d{3} /, 1], // Squid
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ [A-Z]+ .* \d{3} \d+ \d+ (\d+)$/, 1], // IIS: time-taken
  [/" "[^"]*" (\d+\.\d{3})(?: |$)/, 1000], // nginx: $request_time behind the agent
];
const BALANCER = /^(?:https?|h2|wss?|grpcs?) \S+ \S+ \S+ \S+ (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) \d{3} /;
const WITH_UNIT = /(?:^|[\s|(=:])((?:\d+(?:\.\d+)?|\.\d+) ?(?:ns|us|[µμ]s|ms|msecs|s|seconds))\b/;

function textLatency(text: string): number | null {
  const balancer = BALANCER.exec(text);
  if (balancer !== null) return balancer.slice(1).reduce((sum, seconds) => sum + Math.max(0, Number(seconds)), 0) * 1000;
  for (const [place, milliseconds] of PLACES) {
    const found = place.exec(text)?.[1];
    if (found !== undefined) return Number(found) * milliseconds;
  }
  // Rails, Gin, Traefik, morgan, uWSGI and others write the unit.
  const written = mayHaveUnit(text) ? WITH_UNIT.exec(text)?.[1] : undefined;
  return written === undefined ? null : durationIn(written);
}

/** Whether a word that ends in `s`, as all units do, stands behind a digit: most lines have none, and that is seen in a fraction of the time. */
function mayHaveUnit(text: string): boolean {
  for (let end = text.indexOf('s'); end !== -1; end = text.indexOf('s', end + 1)) {
    if (isWord(text.charCodeAt(end + 1))) continue;
    let at = end - 1;
    while (at > 0 && isLetter(text.charCodeAt(at))) at--;
    if (text[at] === ' ') at--;
    if (isDigit(text.charCodeAt(at))) return true;
  }
  return false;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === 0xb5 || code === 0x3bc;
}

function isWord(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
