import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Benchmark } from '../../bench/benchmark.ts';
import { readCommandLine, usage } from '../../bench/command-line.ts';

const BENCHMARKS = ['store', 'truth'].map((name): Benchmark => ({ name, summary: `measures ${name}`, run: () => assert.fail() }));

test('names choose benchmarks, none chooses all, and a folder behind them is the corpus', () => {
  const read = (...argv: string[]) => {
    const { chosen, ...rest } = readCommandLine(argv, BENCHMARKS);
    return { ...rest, chosen: chosen.map(({ name }) => name) };
  };
  const plain = { help: false, short: false, size: null, corpus: null };
  assert.deepEqual(read(), { ...plain, chosen: ['store', 'truth'] });
  assert.deepEqual(read('--short', 'store'), { ...plain, short: true, chosen: ['store'] });
  assert.deepEqual(read('truth', import.meta.dirname), { ...plain, corpus: import.meta.dirname, chosen: ['truth'] });
  assert.deepEqual(read('--size', '3Mi'), { ...plain, size: 3 * 1024 ** 2, chosen: ['store', 'truth'] });
});

test('what cannot be meant is told in one line', () => {
  for (const [argv, message] of [
    [['--wat'], /^Unknown option '--wat'$/],
    [['stor'], /^no benchmark "stor"; did you mean "store"\?$/],
    [['--size', '3x'], /^"3x" is no size/],
  ] as const)
    assert.throws(() => readCommandLine(argv, BENCHMARKS), { name: 'ConfigError', message });
});

test('the usage names every benchmark', () => {
  for (const { name, summary } of BENCHMARKS) assert.ok(usage(BENCHMARKS).includes(`${name}  ${summary}`));
});
