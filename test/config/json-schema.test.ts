import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FILE_KINDS, jsonSchema } from '../../src/config/json-schema.ts';

for (const kind of FILE_KINDS) {
  test(`schema/${kind}.schema.json is what \`tocsin schema ${kind}\` prints`, () => {
    assert.deepEqual(
      JSON.parse(readFileSync(`schema/${kind}.schema.json`, 'utf8')),
      JSON.parse(JSON.stringify(jsonSchema(kind))),
    );
  });
}
