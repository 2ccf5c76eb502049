import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../src/base/errors.ts';
import { readConfigFile, whyUnreadable } from '../../src/config/decode/config-file.ts';
import { type Timeline, timelineFileType } from './timeline-type.ts';

export interface TimelineFile {
  readonly name: string;
  readonly timelines: readonly Timeline[];
}

/** Reads every *.yaml of a folder. Throws `ConfigError` with every problem at its place. */
export function loadTimelines(folder: string): readonly TimelineFile[] {
  const names = namesIn(folder);
  if (names.length === 0) throw new ConfigError(`${folder} has no *.yaml with timelines`);
  const files = names.map((name) => {
    const path = join(folder, name);
    const { node, findings } = readConfigFile(path, path);
    const decoded = node === null ? undefined : timelineFileType.decode(node, findings);
    return { name, timelines: decoded?.timelines ?? [], problems: findings.problems };
  });
  const problems = files.flatMap((file) => file.problems).filter(({ severity }) => severity === 'error');
  if (problems.length > 0) throw new ConfigError(`the timelines of ${folder} cannot be used`, problems);
  return files;
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
