import { jsonField } from './json-field.ts';
import { pairField } from './pair-field.ts';
import { isRequestField, requestField } from './request-field.ts';

/** What a field is looked for in: a record's text, and its HTTP status, 0 when it has none. */
export interface FieldSource {
  readonly text: string;
  readonly status: number;
}

/**
 * The value of a named field of a record, as text; `null` when it has none. A key of a JSON object (nested by dots; keys with dots too), also of one
 * behind a text; else a logfmt key; else, in lines that record a request, `method`, `path`, `status` and `latency` (`12.5ms`).
 */
export function fieldOf({ text, status }: FieldSource, name: string): string | null {
  const json = objectStart(text);
  const own = json === -1 ? null : jsonField(text, json, name);
  if (own !== null) return own;
  const lineEnd = text.indexOf('\n');
  const line = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const pair = json === 0 ? null : pairField(line, name);
  if (pair !== null) return pair;
  return status !== 0 && isRequestField(name) ? requestField({ text: line, status, json }, name) : null;
}

/** Where a JSON object begins: at the line's begin, or behind a text such as a time; -1 when there is none. */
function objectStart(text: string): number {
  const brace = text.indexOf('{');
  if (brace === -1) return -1;
  if (/^\s*\{/.test(text)) return brace;
  const found = /[\s:\])|]\{\s*"/.exec(text);
  return found === null ? -1 : found.index + 1;
}
