import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HOUR, MINUTE } from '../../../../src/base/duration.ts';
import type { PodState } from '../../../../src/core/model/pod.ts';
import { RollingWindow } from '../../../../src/core/model/window/rolling-window.ts';
import { clock, cycle, node, pod } from '../../../build.ts';

type Status = 'True' | 'False' | 'Unknown';

const ready = (status: Status, since: string) => ({ type: 'Ready', status, reason: '', message: '', since: clock(since) });
const standing = (status: Status, since: string): PodState => pod({ conditions: [ready(status, since)] });

/** The lapses that states one after the other show, as `from-to`. */
function lapsesOf(states: readonly (readonly [at: string, status: Status, since: string])[]): readonly string[] {
  const window = new RollingWindow({ span: 24 * HOUR, staleness: 25 * MINUTE, counters: [] });
  for (const [at, status, since] of states) {
    const trigger = at.endsWith('0') ? 'scheduled' : 'targeted';
    const nodes = [node({ ready: status, conditions: [ready(status, since)] })];
    window.add(cycle(at, { trigger, states: [standing(status, since)], nodes }));
  }
  const shown = (id: string) => window.lapses(id).map(({ from, to }) => `${time(from)}-${to === null ? '' : time(to)}`);
  const ofPod = shown(standing('True', '10:00').uid);
  assert.deepEqual(shown('node-1'), ofPod);
  return ofPod;
}

function time(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

suite('lapses of readiness', () => {
  test('begin and end when the pod or node says, and last while it is not ready', () => {
    assert.deepEqual(
      lapsesOf([
        ['10:00', 'True', '09:00'],
        ['10:05', 'False', '10:04'],
        ['10:08', 'True', '10:07'],
        ['10:10', 'True', '10:07'],
        ['10:12', 'False', '10:11'],
      ]),
      ['10:04-10:07', '10:11-'],
    );
  });

  test('are not what was before it was ready, nor that it is heard of no more', () => {
    assert.deepEqual(
      lapsesOf([
        ['10:00', 'False', '09:59'],
        ['10:05', 'True', '10:04'],
        ['10:11', 'False', '10:10'],
        ['10:13', 'Unknown', '10:12'],
      ]),
      ['10:10-'],
    );
  });

  test('between two looks are seen by when it was ready, or not, last', () => {
    assert.deepEqual(
      lapsesOf([
        ['10:00', 'True', '09:00'],
        ['10:10', 'True', '10:08'],
        ['10:20', 'False', '10:12'],
        ['10:30', 'False', '10:25'],
      ]),
      ['10:08-10:08', '10:12-10:25', '10:25-'],
    );
  });

  test('are kept for six hours, and 64 of one pod', () => {
    const flaps = Array.from({ length: 70 }, (_, index) => {
      const at = (minutes: number) =>
        `${10 + Math.floor((index + minutes) / 60)}:${String((index + minutes) % 60).padStart(2, '0')}`;
      return [at(0), index % 2 === 0 ? 'True' : 'False', at(0)] as const;
    });
    assert.equal(lapsesOf(flaps).length, 35);
    assert.deepEqual(
      lapsesOf([
        ['10:00', 'True', '09:00'],
        ['10:05', 'False', '10:05'],
        ['10:10', 'True', '10:10'],
        ['16:11', 'False', '16:11'],
      ]),
      ['16:11-'],
    );
  });
});
