import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed.ts';

/** The same work as one would write it for mtail: lines and levels by file and minute, in an else-chain. */
const PROGRAM = `counter lines by file, minute
counter levels by file, minute, level
/^(?P<minute>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d)/ {
  lines[getfilename()][$minute]++
  /"level":("error"|50)|level=error| ERROR |Z E\\d{4} / {
    levels[getfilename()][$minute]["error"]++
  } else {
    /"level":("warn"|40)|level=warn| WARN|Z W\\d{4} / {
      levels[getfilename()][$minute]["warning"]++
    } else {
      /"level":("fatal"|60)|level=fatal| (FATAL|CRITICAL) |Z F\\d{4} / {
        levels[getfilename()][$minute]["fatal"]++
      } else {
        levels[getfilename()][$minute]["other"]++
      }
    }
  }
}
`;

/** The command that counts the files with mtail; `null` where it cannot be had. */
export function mtail(folder: string, files: readonly string[]): readonly string[] | null {
  const command = findMtail(folder);
  if (command === null) return null;
  const program = join(folder, 'count.mtail');
  writeFileSync(program, PROGRAM);
  const logs = files.flatMap((file) => ['--logs', file]);
  return [command, '--one_shot', '--progs', program, '--port', '0', '--log_dir', folder, ...logs];
}

/** The installed mtail, else Debian's, fetched and unpacked for this run alone. */
function findMtail(folder: string): string | null {
  if (isInstalled('mtail')) return 'mtail';
  if (!isInstalled('apt-get') || !isInstalled('dpkg-deb')) return null;
  const fetch = '(apt-get download -qq mtail || (apt-get update -qq && apt-get download -qq mtail)) && dpkg-deb -x mtail_*.deb .';
  const { status } = spawnSync('sh', ['-c', fetch], { cwd: folder, stdio: 'ignore' });
  return status === 0 ? join(folder, 'usr/bin/mtail') : null;
}
