import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeOf, ruleText, withRule } from '../../../src/config/rules/rule-source.ts';

const FILE = `# Crashes.
defaults:
  labels: { team: platform }
rules:
  # Told at once.
  - alert: CrashLoopBackOff # the usual one
    crash_loop: { restarts: 2, within: 30m }
    summary: |
      it is crash looping

      again

  - severity: warning
    alert: "RestartSpike"
    # restarts of all pods
    restarts: { above: 5, within: 1h }
`;

function textOf(alert: string, file = FILE): string | null {
  const place = placeOf(file, alert);
  return place === null ? null : ruleText(file, place);
}

test('a rule is found by its name, with its comments and without the indentation of the list', () => {
  assert.equal(
    textOf('CrashLoopBackOff'),
    '- alert: CrashLoopBackOff # the usual one\n  crash_loop: { restarts: 2, within: 30m }\n  summary: |\n    it is crash looping\n\n    again',
  );
  assert.equal(
    textOf('RestartSpike'),
    '- severity: warning\n  alert: "RestartSpike"\n  # restarts of all pods\n  restarts: { above: 5, within: 1h }',
  );
});

test('a list that is not indented is read too', () => {
  assert.equal(textOf('B', 'rules:\n- alert: A\n  x: 1\n- alert: B\n  x: 2\n'), '- alert: B\n  x: 2');
});

test('what is not there, or only part of another name, is not found', () => {
  for (const alert of ['Crash', 'CrashLoopBackOff # the usual one', '', 'platform']) assert.equal(textOf(alert), null, alert);
  assert.equal(textOf('A', 'rules: [{ alert: A }]'), null);
});

test('another text takes its place and nothing else changes', () => {
  const place = placeOf(FILE, 'RestartSpike');
  assert.ok(place !== null);
  assert.equal(withRule(FILE, place, ruleText(FILE, place)), FILE);
  const edited = withRule(FILE, place, '- alert: RestartSpike\r\n  restarts: { above: 9, within: 1h }\r\n');
  assert.equal(textOf('RestartSpike', edited), '- alert: RestartSpike\n  restarts: { above: 9, within: 1h }');
  assert.equal(textOf('CrashLoopBackOff', edited), textOf('CrashLoopBackOff'));
});

test('whatever text a file has, a place that is found lies in it', () => {
  const line = fc.constantFrom('', '  ', '# x', 'rules:', '- alert: A', '  - alert: A', '    alert: A', '  - b: 1', 'alert: A');
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const place = placeOf(lines.join('\n'), 'A');
      if (place === null) return;
      assert.ok(place.from >= 0 && place.from < place.to && place.to <= lines.length);
      assert.equal(withRule(lines.join('\n'), place, ruleText(lines.join('\n'), place)).split('\n').length, lines.length);
    }),
  );
});
