import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from '../../src/base/duration.ts';
import type { OutboxRow } from '../../src/core/model/notification.ts';
import { HOPELESS_AFTER, HOPELESS_ATTEMPTS, Lane, NEWS_WAIT } from '../../src/notify/lane.ts';
import { row } from '../core/alerts/build-alert.ts';

type Answer = 'takes' | 'fails' | '429' | 'refuses';

/** A receiver that answers by message, and a clock that stands while it answers. */
class Play {
  readonly lane = new Lane(() => 0);
  rows: OutboxRow[];
  now = 0;
  readonly tried: { readonly at: number; readonly id: string }[] = [];
  readonly taken: string[] = [];
  readonly #answer: (id: string, now: number) => Answer;

  constructor(ids: readonly string[], answer: (id: string, now: number) => Answer) {
    this.rows = ids.map((id) => row({ id }));
    this.#answer = answer;
  }

  /** Goes on until nothing is owed or it is so late. */
  until(end: number): this {
    while (true) {
      const next = this.lane.next(this.rows, this.now);
      if (next === null || ('wait' in next && this.now + next.wait > end)) break;
      if ('wait' in next) this.now += next.wait;
      else this.#try(next.row);
    }
    this.now = end;
    return this;
  }

  add(...ids: readonly string[]): this {
    this.rows = [...this.rows, ...ids.map((id) => row({ id }))];
    return this;
  }

  #try(of: OutboxRow): void {
    this.tried.push({ at: this.now, id: of.id });
    const answer = this.#answer(of.id, this.now);
    if (answer === '429')
      this.lane.failed(of, { kind: 'retry', message: '', retryAfterMs: 7 * SECOND, wholeReceiver: true }, this.now);
    else if (answer === 'fails') this.lane.failed(of, { kind: 'retry', message: '', retryAfterMs: null }, this.now);
    else {
      if (answer === 'takes') this.lane.taken(of);
      else this.lane.refused(of);
      if (answer === 'takes') this.taken.push(of.id);
      this.rows = this.rows.filter(({ id }) => id !== of.id);
    }
  }
}

const byNumber = (a: string, b: string) => Number(a) - Number(b);

suite('lane', () => {
  test('a message that always fails holds up the others for a second', () => {
    const play = new Play(['poison', 'a', 'b', 'c'], (id) => (id === 'poison' ? 'fails' : 'takes')).until(SECOND);
    assert.deepEqual(play.taken, ['a', 'b', 'c']);
    play.add('d').until(2 * SECOND);
    assert.deepEqual(play.taken, ['a', 'b', 'c', 'd']);
    const alone = play.until(12 * HOUR).tried.filter(({ id }) => id === 'poison').length;
    assert.ok(alone > 10 && alone < 70, `${alone} attempts in 12 h`);
  });

  test('one failure is no reason to leave the order', () => {
    const play = new Play(['a', 'b'], (id, now) => (id === 'a' && now === 0 ? 'fails' : 'takes')).until(MINUTE);
    assert.deepEqual(play.taken, ['a', 'b']);
  });

  test('a receiver that takes nothing for a while gets everything in order afterwards', () => {
    for (const answer of ['fails', '429'] as const) {
      const ids = Array.from({ length: 50 }, (_, i) => `${i}`);
      const play = new Play(ids, (_, now) => (now < 10 * MINUTE ? answer : 'takes')).until(HOUR);
      assert.deepEqual(play.taken, ids);
      assert.ok(play.tried.filter(({ at }) => at < 10 * MINUTE).length < 100);
    }
  });

  test('while it says when to come back, nothing is tried', () => {
    const play = new Play(['a', 'b'], (_, now) => (now < 20 * SECOND ? '429' : 'takes')).until(MINUTE);
    assert.deepEqual(play.tried.map(({ at, id }) => [at / SECOND, id]).slice(0, 4), [
      [0, 'a'],
      [7, 'a'],
      [14, 'a'],
      [21, 'a'],
    ]);
  });

  test('several that always fail hold up a new one for a minute at most, whenever it comes', () => {
    const play = new Play(['p1', 'p2', 'p3'], (id) => (id.startsWith('p') ? 'fails' : 'takes')).until(6 * HOUR);
    const from = play.now;
    play.add('news').until(from + NEWS_WAIT);
    assert.deepEqual(play.taken, ['news']);
  });

  test('what is about an alert waits for what came before it about that alert', () => {
    const play = new Play([], (id) => (id === 'first' ? 'fails' : 'takes'));
    play.rows = [
      row({ id: 'first', groups: ['g'], firing: ['x'] }),
      row({ id: 'other' }),
      row({ id: 'second', groups: ['h'], resolved: ['x'] }),
    ];
    play.until(MINUTE);
    assert.deepEqual(play.taken, ['other']);
  });

  test(`it is hopeless after ${HOPELESS_ATTEMPTS} attempts and an hour, while others are taken`, () => {
    const play = new Play(['poison', 'a'], (id) => (id === 'poison' ? 'fails' : 'takes')).until(HOPELESS_AFTER - MINUTE);
    const [poison] = play.rows;
    assert.ok(poison);
    assert.equal(play.lane.isHopeless(poison, play.now), false);
    play.until(2 * HOPELESS_AFTER);
    assert.equal(play.lane.isHopeless(poison, play.now), true);
    const down = new Play(['a', 'b'], () => 'fails').until(12 * HOUR);
    assert.ok(
      down.rows.every((each) => !down.lane.isHopeless(each, down.now)),
      'a receiver that is down may come back',
    );
  });

  test('whatever fails for a while, everything else is delivered soon, and everything at last', () => {
    const scene = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      poison: fc.uniqueArray(fc.nat(11), { maxLength: 6 }),
      down: fc.integer({ min: 0, max: 600 }),
      how: fc.constantFrom<Answer>('fails', '429'),
    });
    fc.assert(
      fc.property(scene, ({ count, poison, down, how }) => {
        const ids = Array.from({ length: count }, (_, i) => `${i}`);
        const bad = new Set(poison.map(String));
        const play = new Play(ids, (id, now) => {
          if (now < down * SECOND) return how;
          return bad.has(id) && now < 2 * HOUR ? 'fails' : 'takes';
        });
        play.until(down * SECOND + 15 * MINUTE + count * NEWS_WAIT);
        assert.deepEqual(
          play.taken.filter((id) => !bad.has(id)).sort(byNumber),
          ids.filter((id) => !bad.has(id)),
        );
        assert.deepEqual(play.until(3 * HOUR).rows, []);
      }),
    );
  });
});
