import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { loadConfiguration } from '../../../src/config/load.ts';
import { loadTests } from '../../../src/config/rule-tests/test-file.ts';

const cwd = mkdtempSync(join(tmpdir(), 'tocsin-mutation-'));
after(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, 'rules'));

const SNIPPETS = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '\n',
  '\t',
  '"',
  "'",
  '&a ',
  '*a',
  '!!x ',
  '${',
  '${A:-',
  '{{ ',
  '#',
  '|',
  '\0',
  '__proto__: 1',
  '~',
  '1e999',
  '0x',
  '-1',
  '(?',
  '%',
];

/** One change to a text at a place that is a share of its length. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 30 }),
  insert: fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 5 }), fc.constant('')),
});

const sources = ['tocsin.example.yaml', ...globSync('rules/*.yaml').sort()].map(
  (file) => [file, readFileSync(file, 'utf8')] as const,
);

test('files changed at random are read or refused with places, and never break the reader', () => {
  const property = fc.property(
    fc.constantFrom(...sources),
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
    ([file, text], mutations) => {
      let changed = text;
      for (const { at, remove, insert } of mutations) {
        const start = Math.floor(at * changed.length);
        changed = changed.slice(0, start) + insert + changed.slice(start + remove);
      }
      const isRule = file.startsWith('rules/');
      const path = join(cwd, isRule ? `rules/x${file.endsWith('.test.yaml') ? '.test' : ''}.yaml` : 'tocsin.yaml');
      writeFileSync(path, changed);
      const read = loadConfiguration({ file: 'tocsin.yaml', required: false, cwd, env: {} });
      const tests = loadTests({ files: read.tests, cwd, alerts: [] });
      rmSync(path);
      const lines = changed.split('\n').length;
      for (const problem of [...read.problems, ...tests.problems]) {
        assert.ok(problem.line >= 1 && problem.line <= lines + 1 && problem.column >= 1, JSON.stringify(problem));
        assert.ok(problem.message.length < 2000, problem.message);
      }
      const failed = read.problems.some((problem) => problem.severity === 'error');
      assert.equal(read.rules === null, failed);
    },
  );
  fc.assert(property, { numRuns: 1000 });
});
