import { describe } from '../node.ts';
import { nearest, suggestion } from './suggestion.ts';
import type { Type } from './type.ts';

interface Field<T> {
  readonly type: Type<T>;
  readonly presence: 'required' | 'optional' | 'later';
  readonly fallback: T;
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

/** Of a map with more keys than this they are not all named. */
const NAMED_KEYS = 8;

/** A map with known keys; an unknown one is a problem that names the nearest known key, and its value is checked as that key's. */
export function object<F extends Fields>(fields: F, expected = mapWith(Object.keys(fields))): Type<Decoded<F>> {
  const known = Object.entries(fields);
  const needed = known.filter(([, field]) => field.presence === 'required').map(([key]) => key);
  return {
    expected,
    json: {
      type: needed.length > 0 ? 'object' : ['object', 'null'],
      additionalProperties: false,
      properties: Object.fromEntries(
        known.filter(([, field]) => field.presence !== 'later').map(([key, field]) => [key, field.type.json]),
      ),
      required: needed,
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
        const meant = nearest(entry.key, Object.keys(fields));
        if (meant !== undefined && !given.has(meant)) given.set(meant, entry);
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

function mapWith(keys: readonly string[]): string {
  return keys.length > 0 && keys.length <= NAMED_KEYS ? `a map with ${keys.join(', ')}` : 'a map';
}
