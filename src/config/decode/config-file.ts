import { readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { codeOf, messageOf } from '../../base/errors.ts';
import { Findings, type Node } from '../../base/node.ts';
import { parseYaml } from './yaml.ts';

/** A parsed file with what was found wrong so far; `node` is `null` when it cannot be used. */
export interface ConfigFile {
  readonly path: string;
  readonly node: Node | null;
  readonly findings: Findings;
  /** As it was read; empty when it could not be. */
  readonly bytes: Buffer;
  /** There is no such file. */
  readonly missing: boolean;
}

/** Reads and parses one file. `shown` is the name that its problems carry; `read` may take its bytes from elsewhere. */
export function readConfigFile(path: string, shown: string, read: (path: string) => Buffer = readFileSync): ConfigFile {
  const findings = new Findings(shown);
  try {
    const bytes = read(path);
    return { path, node: parseYaml(bytes, findings), findings, bytes, missing: false };
  } catch (error) {
    findings.error({ line: 1, column: 1 }, `could not read the file: ${whyUnreadable(error)}`);
    return { path, node: null, findings, bytes: Buffer.alloc(0), missing: codeOf(error) === 'ENOENT' };
  }
}

/** The bytes of a file that nobody named by itself: a pipe or a device in the folder is refused, since reading it may never end. */
export function readRegularFile(path: string): Buffer {
  const stat = statSync(path);
  if (!stat.isFile() && !stat.isDirectory()) throw Object.assign(new Error('it is no regular file'), { code: 'EINVAL' });
  return readFileSync(path);
}

/** A file system error in words that say what to do, without the path, which stands beside it. Rethrows what is none. */
export function whyUnreadable(error: unknown): string {
  switch (codeOf(error)) {
    case null:
      throw error;
    case 'ENOENT':
      return 'it does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of its path is no folder';
    default:
      return messageOf(error);
  }
}

/** A path as messages show it: relative to the working directory when that is shorter. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, resolve(cwd, path)) || '.';
  return near === '..' || near.startsWith('../') ? path : near;
}
