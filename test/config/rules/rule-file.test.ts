import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formatProblem } from '../../../src/base/errors.ts';
import { loadRules, MAX_RULES } from '../../../src/config/rules/rule-file.ts';

const root = mkdtempSync(join(tmpdir(), 'tocsin-rules-'));
after(() => rmSync(root, { recursive: true }));

let next = 0;

function load(files: Readonly<Record<string, string>>) {
  const cwd = join(root, String(next++));
  mkdirSync(join(cwd, 'rules'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, 'rules', name), text);
  const loaded = loadRules({ folder: join(cwd, 'rules'), cwd, receivers: ['slack', 'mail'] });
  return { ...loaded, told: loaded.problems.map(formatProblem) };
}

test('every key of a rule is read, and defaults stand in for what it leaves out', () => {
  const { rules, told } = load({
    'a.yaml': `
defaults: { labels: { team: platform }, severity: info, resolve_after: 4 }
rules:
  - alert: CrashLoopBackOff
    crash_loop: { restarts: 3, within: 20m }
    match: { namespace: "shop-*", labels: { tier: [web, api] } }
    except: [{ container: "istio-*" }, { kind: Job }]
    for: 5m
    keep_firing_for: 10m
    recurs_within: 1h
    resolve_after: 3
    resolve_below: 1
    severity: critical
    labels: { area: checkout, cost_center: 12, version: 1.10 }
    summary: "{{ workload }} of {{ area }} and {{ team }}: {{ reason }}"
    description: "{{value}} of {{ threshold }}"
    runbook: https://runbooks.example.com/crash-loop
    receivers: [slack]
  - alert: RestartSpike
    restarts: { above: 5, within: 1h }
    enabled: false
`,
  });
  assert.deepEqual(told, []);
  const [first, second] = rules;
  assert.ok(first !== undefined && second !== undefined);
  const { condition, selection, summary, description, ...rest } = first;
  assert.deepEqual(rest, {
    alert: 'CrashLoopBackOff',
    for: 300_000,
    keepFiringFor: 600_000,
    recursWithin: 3_600_000,
    resolveAfter: 3,
    resolveBelow: 1,
    severity: 'critical',
    labels: { team: 'platform', area: 'checkout', cost_center: '12', version: '1.10' },
    runbook: 'https://runbooks.example.com/crash-loop',
    receivers: ['slack'],
    enabled: true,
    file: 'rules/a.yaml',
    line: 4,
  });
  assert.equal(condition.text, 'CrashLoopBackOff, or at least 3 restarts within 20m');
  assert.equal(selection.except.length, 2);
  assert.equal(summary?.parts.length, 7);
  assert.deepEqual([second.severity, second.resolveAfter, second.enabled, second.receivers], ['info', 4, false, null]);
});

const USAGE = '  - alert: A\n    usage: { resource: memory, above: 90% }\n';
const RULE = '  - alert: A\n    pod: { not_ready: true }\n';

const BAD: readonly (readonly [text: string, ...problems: string[]])[] = [
  ['rulez: []', '1:1: unknown key "rulez"; did you mean "rules"?'],
  ['rules: { a: 1 }', '1:8: expected a list, each a rule: `alert` and one condition, found a map'],
  ['rules:\n  - pod: { not_ready: true }', '2:5: missing key "alert": a name for the alert'],
  ['rules:\n  - alert: A', '2:5: a rule has exactly one condition: one of claim, '],
  [
    `rules:\n${RULE}    restarts: { above: 1, within: 1h }`,
    '4:5: a rule has exactly one condition: "pod" is already there at line 3',
  ],
  // One mistake hides no other.
  [
    `rules:\n${USAGE}    for: 1x\n    resolve_below: 95%`,
    '4:10: expected a duration',
    '5:20: resolve_below: expected at most the threshold, which is 90%',
  ],
  [
    'rules:\n  - alert: A\n    error_ratio: { errors: { levle: error, statsu: 5xx }, above: 5% }',
    '3:30: unknown key "levle"; did you mean "level"?',
    '3:44: unknown key "statsu"; did you mean "status"?',
  ],
  // What does not go with the rest is told where it stands.
  [
    'rules:\n  - alert: A\n    usage:\n      resource: memory\n      of: absolute\n      above: 90%',
    '6:14: expected a size such as 512Mi for memory of absolute, found 90%',
  ],
  ['rules:\n  - alert: A\n    usage: { resource: cpu, above: 90%, below: 5% }', '3:48: expected either above or below'],
  [
    'rules:\n  - alert: A\n    probe: { failed_ratio: 50%, latency_ms: 300 }',
    '3:45: expected exactly one of failed_ratio, latency_ms, certificate',
  ],
  ['rules:\n  - alert: A\n    event: { reasons: [] }', '3:23: expected at least 1 in the list, found 0'],
  [`rules:\n${RULE}    match: { namespace: [] }`, '4:25: expected at least 1 in the list, found 0'],
  // A misspelt condition is one mistake, told once.
  [
    'rules:\n  - alert: A\n    errorRatio: { errors: { level: warn }, above: 5, minCount: 20 }',
    '3:5: unknown key "errorRatio"; did you mean "error_ratio"?',
    '3:36: expected one of trace, debug, info, warning, error, fatal, found "warn"; did you mean "warning"?',
    '3:51: expected a percentage such as 90%, found 5',
    '3:54: unknown key "minCount"; did you mean "min_count"?',
  ],
  ['rules:\n  - alert: A\n    restarts: { abov: 5, within: 1h }', '3:17: unknown key "abov"; did you mean "above"?'],
  ['rules:\n  - alert: A\n    restarts: 5', '3:15: expected a map with above, within, found 5'],
  ['rules:\n  - alert: A\n    crashloop: {}', '3:5: unknown key "crashloop"; did you mean "crash_loop"?'],
  ['rules:\n  - alert: A\n    log_spike: { factor: 0.5 }', '3:26: expected a number of at least 1, found 0.5'],
  [
    'rules:\n  - alert: A\n    log_spike: { within: 2h, against: 1h }',
    '3:39: expected "against" to be at least as long as "within" (2h)',
  ],
  ['rules:\n  - alert: A\n    log_absent: { within: 90s }', '3:27: expected whole minutes such as 10m'],
  [`rules:\n${RULE}    resolve_below: 3%`, '4:20: resolve_below: the condition "pod" has no number to compare it with'],
  [`rules:\n${USAGE}    resolve_below: 95%`, '4:20: resolve_below: expected at most the threshold, which is 90%'],
  [
    'rules:\n  - alert: A\n    log_value: { field: latency, above: 500ms }\n    resolve_below: 600ms',
    '4:20: resolve_below: expected at most the threshold, which is ',
  ],
  [
    'rules:\n  - alert: A\n    log_value: { field: latency, above: 500ms }\n    resolve_below: 40%',
    '4:20: resolve_below: expected it in the unit of the threshold, which is ',
  ],
  [`rules:\n${USAGE}    resolve_below: 2Gi`, '4:20: resolve_below: expected it in the unit of the threshold, which is 90%'],
  [`rules:\n${RULE}    for: soon`, '4:10: expected a duration such as 90s, 10m or 24h, found "soon"'],
  [`rules:\n${RULE}    severity: high`, '4:15: expected one of info, warning, critical, found "high"'],
  [`rules:\n${RULE}    labels: { workload: x }`, '4:15: label "workload" would hide the built-in one: choose another name'],
  [`rules:\n${RULE}    labels: { a-b: x }`, '4:15: expected the name of a label, found "a-b"'],
  [`rules:\n${RULE}    summary: "{{ wokload }}"`, '4:14: bad template: unknown name "wokload"; did you mean "workload"?'],
  [
    `rules:\n${RULE}    summary: "{{ $labels.pod }} of {{ wokload }} {{ value"`,
    '4:14: bad template: unknown name "$labels.pod"; known are ',
    '4:14: bad template: unknown name "wokload"; did you mean "workload"?',
    '4:14: bad template: "{{" is not closed',
  ],
  [`rules:\n${RULE}    summary: "{{ workload"`, '4:14: bad template: "{{" is not closed'],
  [`rules:\n${RULE}    receivers: [slak]`, '4:17: unknown receiver "slak"; did you mean "slack"?'],
  [
    `rules:\n${RULE}    runbook: javascript:alert(1)`,
    '4:14: expected an http:// or https:// address, found "javascript:alert(1)"',
  ],
  [`rules:\n${RULE}    match: { namespaces: a }`, '4:14: unknown key "namespaces"; did you mean "namespace"?'],
  [`rules:\n${RULE}    match: { namespace: "a{b" }`, '4:25: bad glob "a{b": "{" is not closed'],
  [`rules:\n${RULE}${RULE}`, '4:12: duplicate alert "A": it is already at rules/a.yaml:2:12'],
  [
    'rules:\n  - alert: A\n    restarts: { above: many, within: 1h }',
    '3:24: expected a whole number of at least 0, found "many"',
  ],
  ['rules:\n  - alert: A\n    log_match: { pattern: "a(b" }', '3:27: '],
  ['rules:\n  - alert: A\n    log_match: { pattern: "a(?=b)" }', '3:27: '],
  ['rules:\n  - alert: A\n    log_match: { pattern: "(a)\\\\1" }', '3:27: '],
  ['rules:\n  - alert: A\n    log_match: { pattern: "(a{1,100}){1,100}" }', '3:27: '],
  [
    'rules:\n  - alert: A\n    log_match: { level: bad }',
    '3:25: expected one of trace, debug, info, warning, error, fatal, found "bad"',
  ],
  [
    'rules:\n  - alert: A\n    error_ratio: { errors: { level: error }, above: 5, minutes: 11 of 10 }',
    '3:53: expected a percentage such as 90%, found 5',
    '3:65: expected minutes such as 3 of 10',
  ],
  ['defaults: { team: x }\nrules: []', '1:13: unknown key "team"'],
];

for (const [text, ...expected] of BAD) {
  test(`${JSON.stringify(text)} is refused at its place`, () => {
    const errors = load({ 'a.yaml': text }).told.filter((line) => !line.includes(': warning: '));
    assert.equal(errors.length, expected.length, errors.join('\n'));
    for (const [index, problem] of expected.entries()) {
      assert.ok(errors[index]?.startsWith(`rules/a.yaml:${problem}`), `${errors[index]} is not ${problem}`);
    }
  });
}

test('an alert name is unique over all files, whose order is that of their names', () => {
  const { rules, told } = load({
    'b.yaml': `rules:\n${RULE}`,
    'a.yml': `rules:\n${RULE}`,
    'a.test.yaml': 'nonsense: 1',
    '.x.yaml': '- 1',
  });
  assert.deepEqual(told, ['rules/b.yaml:2:12: duplicate alert "A": it is already at rules/a.yml:2:12']);
  assert.deepEqual(
    rules.map((rule) => rule.file),
    ['rules/a.yml', 'rules/b.yaml'],
  );
});

test('one bad rule does not hide what is wrong with the others', () => {
  const { told } = load({
    'a.yaml': `rules:\n  - alert: A\n    for: 1m\n  - alert: B\n    severity: bad\n    pod: { not_ready: true }\n`,
  });
  assert.equal(told.length, 2);
});

test('one thing wrong with a rule does not hide what is wrong with its name, templates and receivers', () => {
  const broken = '    severty: info\n    summary: "{{ wokload }}"\n    receivers: [slak]\n    pod: { not_ready: true }\n';
  const { told } = load({ 'a.yaml': `rules:\n  - alert: A\n${broken}  - alert: A\n    pod: { phase: runing }\n` });
  assert.deepEqual(told, [
    'rules/a.yaml:3:5: unknown key "severty"; did you mean "severity"?',
    'rules/a.yaml:4:14: bad template: unknown name "wokload"; did you mean "workload"?',
    'rules/a.yaml:5:17: unknown receiver "slak"; did you mean "slack"?',
    'rules/a.yaml:7:12: duplicate alert "A": it is already at rules/a.yaml:2:12',
    'rules/a.yaml:8:19: expected one of Pending, Running, Succeeded, Failed, Unknown, found "runing"; did you mean "Running"?',
  ]);
});

test('a template of a rule whose labels are wrong is not held against them', () => {
  const { told } = load({
    'a.yaml': `rules:\n  - alert: A\n    pod: { not_ready: true }\n    labels: { a-b: 1 }\n    summary: "{{ a-b }}"\n`,
  });
  assert.deepEqual(told, ['rules/a.yaml:4:15: expected the name of a label, found "a-b"']);
});

test('a folder that is not there is a problem that names it; one without rules is a warning', () => {
  const absent = loadRules({ folder: join(root, 'nowhere'), cwd: root, receivers: null });
  assert.deepEqual(absent.problems.map(formatProblem), ['nowhere:1:1: could not read the rules folder: it does not exist']);
  assert.deepEqual(load({}).told, ['rules:1:1: warning: no rule files (*.yaml) in this folder: nothing will be told']);
});

test('a folder that had rule files and has none any more is an error, and the working directory may be one', () => {
  const folder = join(root, String(next++));
  mkdirSync(folder);
  const inForce = new Map([['a.yaml', 'rules: [{ alert: A, pod: { not_ready: true } }]']]);
  const { problems } = loadRules({ folder, cwd: folder, receivers: null, inForce });
  assert.deepEqual(problems.map(formatProblem), [
    '.:1:1: no rule files (*.yaml) in this folder: a file with "rules: []" says that none are wanted',
  ]);
  writeFileSync(join(folder, 'a.yaml'), 'rules: []\n');
  const none = loadRules({ folder, cwd: folder, receivers: null, inForce });
  assert.deepEqual(none.problems.map(formatProblem), ['a.yaml:1:1: warning: no rules in this file']);
  writeFileSync(join(folder, 'a.yaml'), '\n');
  const emptied = loadRules({ folder, cwd: folder, receivers: null, inForce });
  assert.deepEqual(emptied.problems.map(formatProblem), [
    'a.yaml:1:1: the file is empty now: a file with "rules: []" says that none are wanted',
  ]);
  const fresh = loadRules({ folder, cwd: folder, receivers: null, inForce: new Map([['a.yaml', '']]) });
  assert.deepEqual(fresh.problems.map(formatProblem), ['a.yaml:1:1: warning: no rules in this file']);
});

test('a folder named like a rule file is a problem', () => {
  const cwd = join(root, String(next++));
  mkdirSync(join(cwd, 'rules', 'x.yaml'), { recursive: true });
  const { problems } = loadRules({ folder: join(cwd, 'rules'), cwd, receivers: null });
  assert.deepEqual(problems.map(formatProblem), ['rules/x.yaml:1:1: could not read the file: it is a folder']);
});

test('five hundred rules are taken, and one more is a problem', () => {
  const rules = (count: number) =>
    `rules:\n${Array.from({ length: count }, (_, i) => `  - { alert: A${i}, pod: { not_ready: true } }\n`).join('')}`;
  assert.deepEqual(load({ 'a.yaml': rules(MAX_RULES) }).told, []);
  assert.match(load({ 'a.yaml': rules(MAX_RULES + 1) }).told.join(), /501 rules are more than the 500/);
});
