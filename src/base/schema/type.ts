import type { Findings, Node, Position } from '../node.ts';

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

/** Reports a problem at the value of this key of a map, or at the node's own place, and stands for "no value". */
export type Fail = (message: string, key?: string) => undefined;

/** A checked or converted form of another type. */
export function refine<A, B>(type: Type<A>, convert: (value: A, fail: Fail, at: Position) => B | undefined): Type<B> {
  return {
    expected: type.expected,
    json: type.json,
    decode(node, findings) {
      const value = type.decode(node, findings);
      if (value === undefined) return undefined;
      const fail: Fail = (message, key) => {
        const entry = node.kind === 'map' ? node.entries.find((each) => each.key === key) : undefined;
        findings.error(entry?.value.at ?? node.at, message);
        return undefined;
      };
      return convert(value, fail, node.at);
    },
  };
}

/** The same type; editors are told more of what `decode` checks. */
export function withJson<T>(type: Type<T>, json: JsonSchema): Type<T> {
  return { ...type, json: { ...type.json, ...json } };
}

/** For editors: one of these keys at least. */
export function anyRequired(keys: readonly string[]): JsonSchema {
  return { type: 'object', anyOf: keys.map((key) => ({ required: [key] })) };
}

/** For editors: exactly one of these keys, said of each, so that the second one is marked and not the whole. */
export function oneRequired(keys: readonly string[]): JsonSchema {
  const beside = (key: string) => Object.fromEntries(keys.filter((other) => other !== key).map((other) => [other, false]));
  return {
    ...anyRequired(keys),
    dependentSchemas: Object.fromEntries(keys.map((key) => [key, { properties: beside(key) }])),
  };
}

/** Another type's values, with a different description for editors and messages. */
export function described<T>(type: Type<T>, description: string): Type<T> {
  return { ...type, json: { ...type.json, description } };
}
