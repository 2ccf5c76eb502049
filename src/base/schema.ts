import { parseDuration } from './duration.ts';
import { compileGlob, type Glob } from './glob.ts';
import { describe, type Findings, type Node, type Position } from './node.ts';
import { parseSize } from './size.ts';

/** A JSON Schema, as far as this project writes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * One description serves three readers: `decode` turns a node into typed data (or reports every problem with its place and
 * returns `undefined`), `json` is the same as JSON Schema for editors, and `expected` says it in words for messages and docs.
 */
export interface Type<T> {
  readonly expected: string;
  readonly json: JsonSchema;
  decode(node: Node, findings: Findings): T | undefined;
}

/** The value type of a {@link Type}. */
export type Value<T> = T extends Type<infer V> ? V : never;

interface Field<T> {
  readonly type: Type<T>;
  readonly presence: 'required' | 'optional' | 'later';
  readonly fallback: T;
}

function scalar<T>(expected: string, json: JsonSchema, read: (value: string | number | boolean) => T | undefined): Type<T> {
  return {
    expected,
    json,
    decode(node, findings) {
      if (node.kind === 'scalar' && node.value !== null) {
        const value = read(node.value);
        if (value !== undefined) return value;
      }
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}

/** A text that is not empty. */
export function text(expected = 'a text'): Type<string> {
  return scalar(expected, { type: 'string', minLength: 1 }, (value) =>
    typeof value === 'string' && value !== '' ? value : undefined,
  );
}

/** A text that may be empty: what an unset environment variable leaves. */
export function textOrEmpty(expected = 'a text'): Type<string> {
  return {
    expected,
    json: { type: ['string', 'null'] },
    decode(node, findings) {
      if (node.kind === 'scalar' && node.value === null) return '';
      if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}

export function flag(): Type<boolean> {
  return scalar('true or false', { type: 'boolean' }, (value) => (typeof value === 'boolean' ? value : undefined));
}

/** Only `true`: a condition's switch such as `not_ready: true`. */
export function onlyTrue(): Type<true> {
  return scalar('true', { const: true }, (value) => (value === true ? true : undefined));
}

export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): Type<number> {
  const expected = max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return scalar(expected, { type: 'integer', minimum: min, maximum: max }, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined,
  );
}

export function number(min = 0): Type<number> {
  return scalar(`a number of at least ${min}`, { type: 'number', minimum: min }, (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= min ? value : undefined,
  );
}

/** Milliseconds of a duration such as `90s`, `10m`, `24h`; at least `min` ms. */
export function duration(min = 0): Type<number> {
  return scalar(
    `a duration such as 90s, 10m or 24h${min > 0 ? `, at least ${min / 1000}s` : ''}`,
    { type: 'string', pattern: '^(\\d+(ms|s|m|h|d))+$' },
    (value) => {
      const ms = typeof value === 'string' ? parseDuration(value) : null;
      return ms !== null && ms >= min ? ms : undefined;
    },
  );
}

/** Bytes of a size such as `64Mi`. */
export function size(): Type<number> {
  return scalar('a size such as 64Mi or 2Gi', { type: ['string', 'integer'] }, (value) => {
    if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
    return typeof value === 'string' ? (parseSize(value) ?? undefined) : undefined;
  });
}

/** The fraction of a percentage: `5%` is 0.05. */
export function percentage(): Type<number> {
  return scalar('a percentage such as 90%', { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' }, (value) => {
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value) : null;
    return match === null ? undefined : Number(match[1]) / 100;
  });
}

export function choice<const T extends string>(...choices: readonly T[]): Type<T> {
  return scalar(`one of ${choices.join(', ')}`, { enum: choices }, (value) => choices.find((c) => c === value));
}

/** A glob; numbers and booleans count as their text. */
export function glob(): Type<Glob> {
  return refine(
    scalar('a glob such as shop-*', { type: ['string', 'number', 'boolean'] }, (value) => String(value)),
    (value, fail) => {
      try {
        return compileGlob(value);
      } catch (error) {
        return fail(`bad glob ${JSON.stringify(value)}: ${error instanceof Error ? error.message : error}`);
      }
    },
  );
}

export function list<T>(item: Type<T>, min = 0): Type<readonly T[]> {
  const expected = `a list of ${item.expected}`;
  return {
    expected,
    json: { type: 'array', items: item.json, ...(min > 0 ? { minItems: min } : {}) },
    decode(node, findings) {
      if (node.kind !== 'list') {
        findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
        return undefined;
      }
      if (node.items.length < min) {
        findings.error(node.at, `expected at least ${min} in the list, found ${node.items.length}`);
        return undefined;
      }
      const values = node.items.map((each) => item.decode(each, findings));
      return values.every((value) => value !== undefined) ? values : undefined;
    },
  };
}

/** One item, or a list of them. */
export function oneOrMany<T>(item: Type<T>): Type<readonly T[]> {
  const many = list(item);
  return {
    expected: `${item.expected}, or a list of them`,
    json: { anyOf: [item.json, many.json] },
    decode(node, findings) {
      if (node.kind === 'list') return many.decode(node, findings);
      const value = item.decode(node, findings);
      return value === undefined ? undefined : [value];
    },
  };
}

/** A map with free keys. */
export function mapOf<T>(
  item: Type<T>,
  key?: { readonly pattern: RegExp; readonly expected: string },
): Type<ReadonlyMap<string, T>> {
  const expected = `a map to ${item.expected}`;
  return {
    expected,
    json: { type: 'object', additionalProperties: item.json },
    decode(node, findings) {
      if (node.kind !== 'map') {
        findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
        return undefined;
      }
      const values = new Map<string, T>();
      let good = true;
      for (const entry of node.entries) {
        if (key !== undefined && !key.pattern.test(entry.key)) {
          findings.error(entry.keyAt, `expected ${key.expected}, found ${JSON.stringify(entry.key)}`);
          good = false;
        }
        const value = item.decode(entry.value, findings);
        if (value === undefined) good = false;
        else values.set(entry.key, value);
      }
      return good ? values : undefined;
    },
  };
}

/** A checked or converted form of another type; `fail` reports at the node's place and stands for "no value". */
export function refine<A, B>(
  type: Type<A>,
  convert: (value: A, fail: (message: string) => undefined, at: Position) => B | undefined,
): Type<B> {
  return {
    expected: type.expected,
    json: type.json,
    decode(node, findings) {
      const value = type.decode(node, findings);
      if (value === undefined) return undefined;
      const fail = (message: string): undefined => {
        findings.error(node.at, message);
        return undefined;
      };
      return convert(value, fail, node.at);
    },
  };
}

/** Another type's values, with a different description for editors and messages. */
export function described<T>(type: Type<T>, description: string): Type<T> {
  return { ...type, json: { ...type.json, description } };
}

export function required<T>(type: Type<T>): Field<T> {
  // The fallback of a required field is never read: its absence is a problem.
  return { type, presence: 'required', fallback: undefined as T };
}

export function optional<T, const D>(type: Type<T>, fallback: D): Field<T | D> {
  return { type: type as Type<T | D>, presence: 'optional', fallback };
}

/** A key that the interface promises and this version does not have. */
export function later(): Field<null> {
  const type: Type<null> = {
    expected: 'nothing yet',
    json: {},
    decode(node, findings) {
      findings.error(node.at, 'not available yet');
      return undefined;
    },
  };
  return { type, presence: 'later', fallback: null };
}

type Fields = Readonly<Record<string, Field<unknown>>>;
type Decoded<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A map with known keys; an unknown one is a problem that names the nearest known key. */
export function object<F extends Fields>(fields: F, expected = 'a map'): Type<Decoded<F>> {
  const known = Object.entries(fields);
  return {
    expected,
    json: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        known.filter(([, field]) => field.presence !== 'later').map(([key, field]) => [key, field.type.json]),
      ),
      required: known.filter(([, field]) => field.presence === 'required').map(([key]) => key),
    },
    decode(node, findings) {
      if (node.kind !== 'map') {
        // An empty section (`store:` with nothing below) means its defaults.
        if (node.kind === 'scalar' && node.value === null)
          return object(fields, expected).decode({ kind: 'map', entries: [], at: node.at }, findings);
        findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
        return undefined;
      }
      let good = true;
      const result: Record<string, unknown> = {};
      const given = new Map(node.entries.map((entry) => [entry.key, entry]));
      for (const entry of node.entries) {
        if (Object.hasOwn(fields, entry.key)) continue;
        findings.error(entry.keyAt, `unknown key ${JSON.stringify(entry.key)}${suggestion(entry.key, Object.keys(fields))}`);
        good = false;
      }
      for (const [key, field] of known) {
        const entry = given.get(key);
        if (entry === undefined) {
          if (field.presence === 'required') {
            findings.error(node.at, `missing key "${key}": ${field.type.expected}`);
            good = false;
          } else result[key] = field.fallback;
          continue;
        }
        if (field.presence === 'later') findings.error(entry.keyAt, `"${key}" is not available yet`);
        const value = field.presence === 'later' ? undefined : field.type.decode(entry.value, findings);
        if (value === undefined) good = false;
        else result[key] = value;
      }
      // Every declared key was set just above, from its own field's decoder or fallback.
      return good ? (result as Decoded<F>) : undefined;
    },
  };
}

/** `; did you mean "x"?` or, where nothing is near, the list of what there is. */
export function suggestion(found: string, known: readonly string[]): string {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(found.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(found.toLowerCase().replaceAll('-', '_'), candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best === undefined ? `; known are ${known.join(', ')}` : `; did you mean "${best}"?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
