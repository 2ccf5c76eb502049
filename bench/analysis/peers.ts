import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tool that others would count with, over the same files. */
export interface Peer {
  readonly name: string;
  /** `null` when it is not installed. */
  run(): Promise<Times> | null;
}

/** Milliseconds by the clock, and of CPU: what a busy machine disturbs least. */
export interface Times {
  readonly ms: number;
  readonly cpuMs: number;
}

const LEVELS = '"level":("error"|"fatal"|50|60)|level=(error|fatal)| (ERROR|FATAL|CRITICAL) |Z [EF][0-9]{4} ';

export function peersOf(folder: string, files: readonly string[]): readonly Peer[] {
  const mtail = findMtail(folder);
  const awk = `{ minute = substr($0, 1, 16); lines[FILENAME, minute]++
    if ($0 ~ /${LEVELS}/) errors[FILENAME, minute]++; else if ($0 ~ /"level":("warn"|40)|level=warn| WARN/) warnings[FILENAME, minute]++ }
    END { for (key in lines) sum += lines[key]; print sum }`;
  return [
    { name: 'wc -l', run: () => timed(folder, 'wc', ['-l', ...files]) },
    { name: 'grep -cE, level alternation', run: () => timed(folder, 'grep', ['-cE', LEVELS, ...files]) },
    { name: 'mawk, per-minute counters', run: () => (has('mawk') ? timed(folder, 'mawk', [awk, ...files]) : null) },
    { name: 'mtail, per-minute counters', run: () => (mtail === null ? null : runMtail(mtail, folder, files)) },
  ];
}

/** The output goes into a file, as it would into someone's report: into /dev/null, grep stops at its first match. */
async function timed(folder: string, command: string, args: readonly string[]): Promise<Times> {
  const started = performance.now();
  const script = `TIMEFORMAT='%3U %3S'; time "$@" >"$0" 2>&1`;
  const child = spawn('bash', ['-c', script, join(folder, 'peer.out'), command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let spent = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    spent += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command} ended with status ${status}`);
  const ms = performance.now() - started;
  return { ms, cpuMs: spent.split(/\s+/).reduce((sum, seconds) => sum + Number(seconds) * 1000, 0) };
}

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
}

/** The installed mtail, else Debian's, fetched and unpacked for this run alone; `null` where neither can be had. */
function findMtail(folder: string): string | null {
  if (has('mtail')) return 'mtail';
  if (!has('apt-get') || !has('dpkg-deb')) return null;
  const fetch = '(apt-get download -qq mtail || (apt-get update -qq && apt-get download -qq mtail)) && dpkg-deb -x mtail_*.deb .';
  const { status } = spawnSync('sh', ['-c', fetch], { cwd: folder, stdio: 'ignore' });
  return status === 0 ? join(folder, 'usr/bin/mtail') : null;
}

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

function runMtail(mtail: string, folder: string, files: readonly string[]): Promise<Times> {
  const program = join(folder, 'count.mtail');
  writeFileSync(program, PROGRAM);
  const logs = files.flatMap((file) => ['--logs', file]);
  return timed(folder, mtail, ['--one_shot', '--progs', program, '--port', '0', '--log_dir', folder, ...logs]);
}
