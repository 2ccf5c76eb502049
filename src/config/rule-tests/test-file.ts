import { MINUTE } from '../../base/duration.ts';
import type { Problem } from '../../base/errors.ts';
import type { Position } from '../../base/node.ts';
import { suggestion } from '../../base/schema/suggestion.ts';
import { readConfigFile, readRegularFile, shownPath } from '../decode/config-file.ts';
import { MAX_TEST_LINES, MAX_TEST_SPAN } from './test-scalars.ts';
import { type RuleTest, type SceneEntries, testFileType } from './test-type.ts';

/** More would keep `check` busy for minutes. */
const MAX_CYCLES = 5_000;

/** One test of a file, checked against the rules that it names. */
export interface FileTest {
  readonly file: string;
  readonly at: Position;
  readonly test: RuleTest;
}

/** Reads files of rule tests. `alerts` are the names that expectations may use; `null` checks none, because the rules could not be read. */
export function loadTests(request: {
  readonly files: readonly string[];
  readonly cwd: string;
  readonly alerts: readonly string[] | null;
}): { readonly tests: readonly FileTest[]; readonly problems: readonly Problem[] } {
  const tests: FileTest[] = [];
  const problems: Problem[] = [];
  for (const path of request.files) {
    const file = shownPath(path, request.cwd);
    const { node, findings } = readConfigFile(path, file, readRegularFile);
    const decoded = node === null ? undefined : testFileType.decode(node, findings);
    for (const { value: test, at } of decoded?.tests ?? []) {
      for (const { value } of test.expect) {
        const { alert } = value;
        if (request.alerts === null || request.alerts.some((name) => alert.value.matches(name))) continue;
        const hint = alert.value.literal ? suggestion(alert.value.source, request.alerts) : '';
        findings.error(alert.at, `no rule has the alert ${JSON.stringify(alert.value.source)}${hint}`);
      }
      const [from, to] = spanOf(test);
      if ((to - from) / test.every > MAX_CYCLES)
        findings.error(at, `the test takes more than ${MAX_CYCLES} cycles: let "every" be longer`);
      if (to - from > MAX_TEST_SPAN) findings.error(at, `the test spans more than ${MAX_TEST_SPAN / 3_600_000} hours`);
      if (test.logs.reduce((sum, series) => sum + series.count, 0) > MAX_TEST_LINES)
        findings.error(at, `the test has more than ${MAX_TEST_LINES} lines`);
      tests.push({ file, at, test });
    }
    problems.push(...findings.problems);
  }
  return { tests, problems };
}

/** The first and the last moment that a test speaks of, in epoch milliseconds. */
export function spanOf(test: RuleTest): readonly [from: number, to: number] {
  return sceneSpan(
    test,
    test.expect.map((expectation) => expectation.value.at),
  );
}

/** The first and the last moment that a scene, or what is said of it (`moments`), speaks of. */
export function sceneSpan(scene: SceneEntries, moments: readonly number[]): readonly [from: number, to: number] {
  const {
    logs,
    restarts,
    pods,
    usage,
    workloads,
    jobs,
    cron_jobs,
    nodes,
    autoscalers,
    claims,
    quotas,
    events,
    collector,
    probes,
    unread,
  } = scene;
  const objects = [workloads, jobs, cron_jobs, nodes, autoscalers, claims, quotas];
  const entries = [logs, restarts, pods, usage, events, collector, probes, unread, ...objects].flat();
  const starts = entries.map((entry) => entry.at);
  return [Math.min(...starts, ...moments), Math.max(...moments, ...starts.map((at) => at + MINUTE))];
}
