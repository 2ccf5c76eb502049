import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../base/errors.ts';

/** For each path, a text that changes when what a reader finds there may have changed. */
export type Stamps = ReadonlyMap<string, string>;

/** Looks at files, and at folders with the YAML files in them. What does not exist or cannot be read has a stamp too. */
export function takeStamps(paths: Iterable<string>): Stamps {
  return new Map([...paths].map((path) => [path, stampOf(path)]));
}

export function sameStamps(a: Stamps, b: Stamps): boolean {
  return a.size === b.size && [...a].every(([path, stamp]) => b.get(path) === stamp);
}

function stampOf(path: string): string {
  try {
    // The target's own path tells a swapped symlink, as ConfigMap volumes do it, even where size and time are equal.
    const target = realpathSync(path);
    const stat = statSync(target);
    if (!stat.isDirectory()) return `${target} ${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
    const names = readdirSync(target).filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'));
    return names
      .sort()
      .map((name) => `${name} ${stampOf(join(path, name))}`)
      .join('\n');
  } catch (error) {
    return codeOf(error) ?? 'unreadable';
  }
}
