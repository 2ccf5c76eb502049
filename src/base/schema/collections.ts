import { describe } from '../node.ts';
import type { Type } from './type.ts';

export function list<T>(item: Type<T>, min = 0): Type<readonly T[]> {
  const expected = `a list, each ${item.expected}`;
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

/** One item, or a list of at least `min` of them. */
export function oneOrMany<T>(item: Type<T>, min = 0): Type<readonly T[]> {
  const many = list(item, min);
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
    json: {
      type: 'object',
      additionalProperties: item.json,
      ...(key === undefined ? {} : { propertyNames: { pattern: key.pattern.source } }),
    },
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
