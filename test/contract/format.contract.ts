import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { classify, FORMATS } from '../../src/core/analyze/classifier.ts';
import { emptyFacts } from '../../src/core/analyze/formats/format.ts';

/** One line of a fixture; levels.md says what stands in it. */
interface Example {
  readonly text: string;
  readonly level: string | null;
  readonly status: number | null;
  readonly at: string | null;
  readonly why?: string;
}

/** Every example of every format is judged as written, each line alone, and every registered format keeps its promises. */
export function formatContract(): void {
  const files = globSync('test/fixtures/formats/*.jsonl').sort();
  for (const file of files) {
    describe(`format ${basename(file, '.jsonl')}`, () => {
      for (const example of examplesOf(file)) {
        test(`${example.text.slice(0, 100)} is ${example.level ?? 'without level'}, ${example.status ?? 'without status'}`, () => {
          const { level, status, at } = classify(example.text);
          assert.deepEqual({ level, status }, { level: example.level, status: example.status }, example.why);
          if (example.at !== null) assert.equal(at, example.at);
        });
      }
    });
  }

  const examples = files.flatMap(examplesOf);
  for (const format of FORMATS) {
    test(`format ${format.name} reads nothing outside of the line`, () => {
      for (const { text } of examples) {
        const line = Buffer.from(text);
        if (line.length === 0 || (format.first !== null && !format.first.includes(String.fromCharCode(line[0] ?? 0)))) continue;
        const alone = emptyFacts(true);
        const amid = emptyFacts(true);
        const block = Buffer.concat([
          Buffer.from('500 ERROR\n'),
          line,
          Buffer.from('\nERROR: 500 "} ] level=error resp=500 HTTP/1.1" 500 '),
        ]);
        if (format.isRuledOut?.(block, 10, 10 + line.length) === true) continue;
        assert.equal(format.parse(block, 10, 10 + line.length, amid), format.parse(line, 0, line.length, alone), text);
        assert.deepEqual([amid.level, amid.status], [alone.level, alone.status], text);
      }
    });
  }
}

function examplesOf(file: string): Example[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Example); // the fixtures are part of this suite
}
