import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DistributionBuilder, merged, RELATIVE_ERROR } from '../../../src/core/model/distribution.ts';

function built(numbers: readonly number[]): DistributionBuilder {
  const all = new DistributionBuilder();
  for (const number of numbers) all.add(number);
  return all;
}

const numbers = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 });

suite('distributions', () => {
  test('a quantile is within the error of the number at its rank', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const sorted = all.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * all.length - 1e-9)) - 1] ?? 0;
        const found = built(all).quantile(share) ?? Number.NaN;
        assert.ok(Math.abs(found / exact - 1) <= RELATIVE_ERROR + 1e-9, `${found} for ${exact}`);
      }),
    );
  });

  test('parts add up to the whole', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        assert.deepEqual(merged(built(a).build(), built(b).build()), built([...a, ...b]).build());
      }),
    );
  });

  test('however far the numbers reach, the buckets are bounded', () => {
    const all = built(Array.from({ length: 20_000 }, (_, i) => 10 ** ((i - 10_000) / 100)));
    assert.equal(all.total, 20_000);
    assert.ok(all.build().length / 2 <= 1_384);
  });

  test('zero is a number, nothing has no quantile', () => {
    assert.equal(built([0, 0, 5]).quantile(0.5), 0);
    assert.equal(built([]).quantile(0.5), null);
  });
});
