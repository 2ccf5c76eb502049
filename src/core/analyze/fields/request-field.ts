import { durationIn } from './duration-in.ts';
import { jsonField } from './json-field.ts';
import { textLatency } from './text-latency.ts';

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
