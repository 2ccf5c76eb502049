import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { MINUTE } from '../../../src/base/duration.ts';
import { advance, end, type Judgement, settle } from '../../../src/core/alerts/advance.ts';
import { fingerprint } from '../../../src/core/alerts/fingerprint.ts';
import type { Alert } from '../../../src/core/model/alert.ts';

type Step = 'true' | 'false' | 'unknown' | 'gone' | 'collection';

const STEP = MINUTE;

function judgement(at: number, verdict: Judgement['verdict'], holds: Partial<Judgement['holds']>, value = 1): Judgement {
  return {
    at,
    verdict,
    value,
    facts: {},
    fingerprint: 'f00d',
    alert: 'Test',
    labels: {},
    severity: 'warning',
    threshold: 0,
    unit: 'count',
    worst: 'highest',
    holds: { for: 0, keepFiringFor: 0, resolveAfter: 2, ...holds },
    summarize: () => 'text',
  };
}

/** The states after each step, a minute apart; a `collection` ends at the time of the step before it. */
function walk(steps: readonly Step[], holds: Partial<Judgement['holds']> = {}): readonly string[] {
  let alert: Alert | null = null;
  let at = 0;
  return steps.map((step) => {
    if (alert?.state === 'resolved') alert = null;
    const all = { for: 0, keepFiringFor: 0, resolveAfter: 2, ...holds };
    if (step === 'collection') alert = alert === null ? null : settle(alert, at, all).alert;
    else {
      at += STEP;
      if (step === 'gone') alert = alert === null ? null : end(alert, at, 'workload is gone').alert;
      else alert = advance(alert, judgement(at, step, holds)).alert;
    }
    return alert === null ? '-' : `${alert.state}${alert.unknown ? '?' : ''}`;
  });
}

const PATHS: readonly {
  readonly path: string;
  readonly holds?: Partial<Judgement['holds']>;
  readonly steps: readonly [Step, string][];
}[] = [
  { path: 'nothing -> firing at once without for', steps: [['true', 'firing']] },
  {
    path: 'pending -> firing once it was true for the whole hold',
    holds: { for: 2 * STEP },
    steps: [
      ['true', 'pending'],
      ['true', 'pending'],
      ['true', 'firing'],
    ],
  },
  {
    path: 'pending -> nothing when it turns false, and its clock starts anew',
    holds: { for: STEP },
    steps: [
      ['true', 'pending'],
      ['false', '-'],
      ['true', 'pending'],
      ['true', 'firing'],
    ],
  },
  {
    path: 'pending -> unknown -> pending: unknown neither advances nor resets',
    holds: { for: 3 * STEP },
    steps: [
      ['true', 'pending'],
      ['true', 'pending'],
      ['unknown', 'pending?'],
      ['unknown', 'pending?'],
      ['unknown', 'pending?'],
      ['true', 'pending'],
      ['true', 'pending'],
      ['true', 'firing'],
    ],
  },
  {
    path: 'firing -> resolved -> pending -> firing',
    holds: { for: STEP },
    steps: [
      ['true', 'pending'],
      ['true', 'firing'],
      ['false', 'firing'],
      ['collection', 'firing'],
      ['false', 'firing'],
      ['collection', 'resolved'],
      ['true', 'pending'],
      ['true', 'firing'],
    ],
  },
  {
    path: 'firing -> false -> true: the collections count anew',
    steps: [
      ['true', 'firing'],
      ['false', 'firing'],
      ['collection', 'firing'],
      ['true', 'firing'],
      ['false', 'firing'],
      ['collection', 'firing'],
      ['collection', 'resolved'],
    ],
  },
  {
    path: 'firing -> unknown: no collection counts, nothing resolves',
    steps: [
      ['true', 'firing'],
      ['false', 'firing'],
      ['unknown', 'firing?'],
      ['collection', 'firing?'],
      ['collection', 'firing?'],
      ['false', 'firing'],
    ],
  },
  {
    path: 'firing -> kept firing for keep_firing_for after it was last true',
    holds: { keepFiringFor: 3 * STEP, resolveAfter: 1 },
    steps: [
      ['true', 'firing'],
      ['false', 'firing'],
      ['collection', 'firing'],
      ['false', 'firing'],
      ['false', 'firing'],
      ['collection', 'firing'],
      ['false', 'firing'],
      ['collection', 'resolved'],
    ],
  },
  {
    path: 'firing -> one that does not recur is kept firing for keep_firing_for alone',
    holds: { keepFiringFor: 0, recursWithin: 3 * STEP, resolveAfter: 1 },
    steps: [
      ['true', 'firing'],
      ['false', 'firing'],
      ['collection', 'resolved'],
    ],
  },
  {
    path: 'firing -> resolved at once when its workload is gone',
    steps: [
      ['true', 'firing'],
      ['gone', 'resolved'],
    ],
  },
  {
    path: 'pending -> nothing when its workload is gone',
    holds: { for: 5 * STEP },
    steps: [
      ['true', 'pending'],
      ['gone', '-'],
    ],
  },
];

suite('advance', () => {
  for (const { path, holds, steps } of PATHS) {
    test(path, () => {
      assert.deepEqual(
        walk(
          steps.map(([step]) => step),
          holds,
        ),
        steps.map(([, state]) => state),
      );
    });
  }

  test('the peak is the worst value while active, the value the one at the end', () => {
    let { alert } = advance(null, judgement(1, 'true', {}, 3));
    alert = advance(alert, judgement(2, 'true', {}, 9)).alert;
    alert = advance(alert, judgement(3, 'true', {}, 5)).alert;
    alert = advance(alert, judgement(4, 'false', {}, 0)).alert;
    assert.deepEqual([alert?.peak, alert?.value], [9, 0]);
  });

  test('where lower is worse the peak is the lowest value', () => {
    let { alert } = advance(null, { ...judgement(1, 'true', {}, 3), worst: 'lowest' });
    alert = advance(alert, { ...judgement(2, 'true', {}, 1), worst: 'lowest' }).alert;
    assert.equal(alert?.peak, 1);
  });

  test('every life has its own id, and keeps it', () => {
    const first = advance(null, judgement(1, 'true', {})).alert;
    const later = advance(first, judgement(2, 'true', {})).alert;
    const next = advance(null, judgement(3, 'true', {})).alert;
    assert.equal(later?.id, first?.id);
    assert.notEqual(next?.id, first?.id);
    assert.match(first?.id ?? '', /^[\w-]+$/);
  });

  test('an alert with a hold is never firing before it was pending for that long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Step>('true', 'false', 'unknown', 'collection'), { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (steps, minutes) => {
          const states = walk(steps, { for: minutes * STEP });
          for (const [index, state] of states.entries()) {
            if (!state.startsWith('firing')) continue;
            const before = states[index - 1] ?? '-';
            assert.ok(before.startsWith('firing') || before.startsWith('pending'), `${before} -> ${state}`);
          }
        },
      ),
    );
  });

  test('unknown changes no state', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Step>('true', 'false', 'collection'), { maxLength: 30 }), (steps) => {
        const state = walk(steps).at(-1) ?? '-';
        const after = walk([...steps, 'unknown', 'collection']).slice(-2);
        if (state !== 'resolved') assert.deepEqual(new Set(after), new Set([state === '-' ? '-' : `${state}?`]));
      }),
    );
  });
});

suite('an alert that recurs', () => {
  const after = (holds: Partial<Judgement['holds']>, steps: number) => {
    const all = { keepFiringFor: 0, resolveAfter: 1, ...holds };
    const fires = advance(null, { ...judgement(STEP, 'true', all), recurs: true }).alert;
    const calm = fires && advance(fires, judgement(2 * STEP, 'false', all)).alert;
    return calm && settle(calm, (2 + steps) * STEP, all).alert?.state;
  };

  test('is kept firing for recurs_within, or for keep_firing_for where that is longer', () => {
    assert.deepEqual(
      [2, 3].map((steps) => after({ recursWithin: 3 * STEP }, steps)),
      ['firing', 'resolved'],
    );
    assert.deepEqual(
      [2, 3].map((steps) => after({ recursWithin: STEP, keepFiringFor: 3 * STEP }, steps)),
      ['firing', 'resolved'],
    );
  });
});

suite('hysteresis', () => {
  const holds = { keepFiringFor: 0, resolveAfter: 1, resolveBelow: 3 };
  const fires = advance(null, judgement(STEP, 'true', holds, 6)).alert;
  const after = (value: number | null, worst: Judgement['worst'] = 'highest') => {
    const relaxed = advance(fires, { ...judgement(2 * STEP, 'false', holds), value, worst }).alert;
    return relaxed === null ? null : settle(relaxed, 2 * STEP, holds).alert?.state;
  };

  test('a firing alert resolves only when its value is below resolve_below', () => {
    assert.deepEqual(
      [5, 3, 2.9].map((value) => after(value)),
      ['firing', 'firing', 'resolved'],
    );
  });

  test('where a low value is the bad one, it resolves only above it', () => {
    assert.deepEqual(
      [2, 3, 3.1].map((value) => after(value, 'lowest')),
      ['firing', 'firing', 'resolved'],
    );
  });

  test('a false judgement without a value resolves as ever', () => {
    assert.equal(after(null), 'resolved');
  });

  test('time in between does not count towards resolving', () => {
    const between = advance(fires, { ...judgement(2 * STEP, 'false', holds), value: 4 }).alert;
    assert.equal(between?.falseSince, null);
    assert.equal(between?.value, 4);
  });
});

suite('fingerprint', () => {
  test('it does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (alert, subject) => {
        const mark = fingerprint(alert, subject);
        assert.match(mark, /^[0-9a-f]{16}$/);
        assert.equal(fingerprint(alert, Object.fromEntries(Object.entries(subject).reverse())), mark);
      }),
    );
  });

  test('ten thousand subjects have ten thousand fingerprints', () => {
    const marks = new Set<string>();
    for (let index = 0; index < 10_000; index++)
      marks.add(fingerprint('Test', { namespace: 'shop', kind: 'Pod', workload: `job-${index}`, container: 'app' }));
    assert.equal(marks.size, 10_000);
  });

  test('a key without a value does not count', () => {
    assert.equal(fingerprint('A', { namespace: 'x', container: undefined }), fingerprint('A', { namespace: 'x' }));
  });
});
