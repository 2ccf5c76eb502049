import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { exitCodeMeaning } from '../../../src/core/alerts/exit-code.ts';
import { formatClock, formatTime, nameSome, subjectOf } from '../../../src/core/alerts/facts.ts';

suite('facts for people', () => {
  test('times stand in the time zone of the settings, with their offset', () => {
    const winter = Date.UTC(2026, 10, 21, 23, 30, 5);
    assert.equal(formatTime(winter, 'UTC'), '2026-11-21 23:30:05 +00:00');
    assert.equal(formatTime(winter, 'Europe/Berlin'), '2026-11-22 00:30:05 +01:00');
    assert.equal(formatTime(winter, 'America/St_Johns'), '2026-11-21 20:00:05 -03:30');
    assert.equal(formatTime(Date.UTC(2026, 6, 1), 'Europe/Berlin'), '2026-07-01 02:00:00 +02:00');
    assert.equal(formatClock(winter, 'Europe/Berlin'), '00:30:05');
  });

  test('an alert is about its workload, else its pod, node, namespace', () => {
    assert.equal(subjectOf({ namespace: 'a', workload: 'b', pod: 'c', node: 'd' }), 'a/b');
    assert.equal(subjectOf({ namespace: 'a', pod: 'c' }), 'a/c');
    assert.equal(subjectOf({ node: 'd' }), 'd');
    assert.equal(subjectOf({ namespace: 'a' }), 'a');
    assert.equal(subjectOf({}), '');
  });

  test('of many pods the first are named, and how many more only where that is known', () => {
    const pods = Array.from({ length: 8 }, (_, i) => `p${i}`);
    assert.equal(nameSome(pods.slice(0, 2), 2), 'p0, p1');
    assert.equal(nameSome(pods.slice(0, 5), 2), 'p0, p1 and 3 more');
    assert.equal(nameSome(pods, 2), 'p0, p1 and others');
  });

  test('137 is a kill from outside, or memory where the reason says so', () => {
    assert.match(exitCodeMeaning(137) ?? '', /SIGKILL: killed from outside/);
    assert.match(exitCodeMeaning(137, 'OOMKilled') ?? '', /more memory than its limit/);
    assert.match(exitCodeMeaning(0, 'OOMKilled') ?? '', /^the kernel killed a process in it/);
    assert.match(exitCodeMeaning(0, 'liveness probe failed') ?? '', /^stopped by the kubelet/);
  });

  test('codes above 128 name their signal, others say nothing that is not known', () => {
    assert.match(exitCodeMeaning(139) ?? '', /SIGSEGV/);
    assert.equal(exitCodeMeaning(150), 'killed by signal 22');
    assert.equal(exitCodeMeaning(42), null);
    assert.equal(exitCodeMeaning(-1), null);
  });
});
