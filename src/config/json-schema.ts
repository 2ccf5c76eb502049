import type { JsonSchema } from '../base/schema/type.ts';
import { ruleFileType } from './rule-type.ts';
import { settingsType } from './settings-type.ts';
import { testFileType } from './test-type.ts';

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
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: TITLES[kind], ...type.json };
}
