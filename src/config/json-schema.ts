import type { JsonSchema } from '../base/schema/type.ts';
import { MATCHER_SCHEMA } from '../core/rules/written/matcher-type.ts';
import { testFileType } from './rule-tests/test-type.ts';
import { ruleFileType } from './rules/rule-type.ts';
import { settingsType } from './settings/settings-type.ts';

export const FILE_KINDS = ['settings', 'rules', 'tests'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const TITLES: Readonly<Record<FileKind, string>> = {
  settings: 'Settings of Tocsin',
  rules: 'Rules of Tocsin',
  tests: 'Tests of rules of Tocsin',
};

/** The JSON Schema of a kind of file, for editors: the same description that reads the file. */
export function jsonSchema(kind: FileKind): JsonSchema {
  const type = { settings: settingsType, rules: ruleFileType, tests: testFileType }[kind];
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: TITLES[kind] };
  const whole = { ...type.json, type: 'object' };
  switch (kind) {
    case 'settings':
      return { ...head, ...orVariable(whole) };
    case 'rules':
      return { ...head, ...whole, $defs: { matcher: MATCHER_SCHEMA } };
    case 'tests':
      return { ...head, ...whole };
    default:
      return kind satisfies never;
  }
}

const VARIABLE = { type: 'string', pattern: '\\$\\{' };

/** In the settings every value may come from the environment, whatever it is then read as. */
function orVariable(schema: JsonSchema): JsonSchema {
  const inside = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === 'properties' ? eachProperty(value) : deeper(key, value)]),
  );
  const isPlain =
    !('properties' in schema) && !('items' in schema) && !('anyOf' in schema) && !('additionalProperties' in schema);
  const takesText = !('pattern' in schema) && [schema['type']].flat().includes('string');
  if (!isPlain || takesText) return inside;
  const { description, ...rest } = inside;
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, VARIABLE] };
}

function eachProperty(properties: unknown): unknown {
  return isSchema(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, deeper('items', each)]))
    : properties;
}

/** Schemas that stand below these keys; `required` lists below `anyOf` are none of values. */
function deeper(key: string, value: unknown): unknown {
  if (Array.isArray(value) && key === 'anyOf')
    return value.map((each) => (isSchema(each) && !('required' in each) ? orVariable(each) : each));
  return (key === 'items' || key === 'additionalProperties') && isSchema(value) ? orVariable(value) : value;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
