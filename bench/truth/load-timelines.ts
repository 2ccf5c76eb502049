import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../../src/base/duration.ts';
import { ConfigError } from '../../src/base/errors.ts';
import type { Findings, Position } from '../../src/base/node.ts';
import { suggestion } from '../../src/base/schema/suggestion.ts';
import { readConfigFile, whyUnreadable } from '../../src/config/decode/config-file.ts';
import { sceneSpan } from '../../src/config/rule-tests/test-file.ts';
import { type Timeline, timelineFileType } from './timeline-type.ts';

/** Longer ones are dates of another year by mistake. */
const LONGEST = 7 * DAY;

export interface TimelineFile {
  readonly name: string;
  readonly timelines: readonly Timeline[];
}

/** Reads every *.yaml of a folder; `alerts` are the names that may be said. Throws `ConfigError` with every problem at its place. */
export function loadTimelines(folder: string, alerts: readonly string[]): readonly TimelineFile[] {
  const names = namesIn(folder);
  if (names.length === 0) throw new ConfigError(`${folder} has no *.yaml with timelines`);
  const files = names.map((name) => {
    const path = join(folder, name);
    const { node, findings } = readConfigFile(path, path);
    const decoded = node === null ? undefined : timelineFileType.decode(node, findings);
    for (const { value, at } of decoded?.timelines ?? []) checkTimeline(value, { at, alerts, findings });
    return { name, timelines: decoded?.timelines.map(({ value }) => value) ?? [], problems: findings.problems };
  });
  const problems = files.flatMap((file) => file.problems).filter(({ severity }) => severity === 'error');
  if (problems.length > 0) throw new ConfigError(`the timelines of ${folder} cannot be used`, problems);
  return files;
}

interface Checked {
  readonly at: Position;
  readonly alerts: readonly string[];
  readonly findings: Findings;
}

function checkTimeline(timeline: Timeline, { at, alerts, findings }: Checked): void {
  const { truth, may, until } = timeline;
  const [from] = sceneSpan(
    timeline,
    truth.map((each) => each.from),
  );
  if (until - from > LONGEST) findings.error(at, `the timeline spans more than ${LONGEST / DAY} days`);
  for (const name of [...truth, ...may].flatMap(({ say }) => say)) {
    if (name.literal && !alerts.includes(name.source))
      findings.error(at, `no rule has the alert ${JSON.stringify(name.source)}${suggestion(name.source, alerts)}`);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch (error) {
    throw new ConfigError(`could not read the timelines of ${folder}: ${whyUnreadable(error)}`, [], { cause: error });
  }
}
