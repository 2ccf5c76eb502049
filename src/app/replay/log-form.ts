import { ownTime } from '../../core/analyze/own-time.ts';

/** A line of a log file, as far as its form tells. Times are epoch nanoseconds in two parts. */
export interface FileLine {
  readonly second: number;
  readonly nanos: number;
  readonly text: string;
  /** Who wrote it, where the line says so. */
  readonly namespace?: string;
  readonly kind?: string;
  readonly workload?: string;
  readonly pod?: string;
  readonly container?: string;
  /** Its end comes with the next line. */
  readonly partial: boolean;
}

const STAMP = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))`;
const CRI = new RegExp(`^${STAMP} std(?:out|err) ([FP])(?::\\S*)? (.*)$`, 's');
const KUBECTL = new RegExp(String.raw`^(?:\[pod/([^/\]]+)/([^\]]+)\] )?${STAMP} (.*)$`, 's');

/**
 * Reads one line: of a CRI file, of `kubectl logs --timestamps` (with or without `--prefix`), of `tocsin logs --json`, of Docker's json-file, or any
 * other line that has its own time. `null` for a line without a time: it belongs to the one before.
 */
export function readFileLine(line: string): FileLine | null {
  const cri = CRI.exec(line);
  if (cri !== null) return stamped(cri[1] ?? '', { text: cri[3] ?? '', partial: cri[2] === 'P' });
  const kubectl = KUBECTL.exec(line);
  if (kubectl !== null) {
    const [, pod, container, time = '', text = ''] = kubectl;
    return stamped(time, { text, partial: false, ...(pod === undefined || container === undefined ? {} : { pod, container }) });
  }
  return (line.startsWith('{') ? readJson(line) : null) ?? withOwnTime(line);
}

function withOwnTime(line: string): FileLine | null {
  const time = ownTime(line);
  return time === null ? null : stamped(time, { text: line, partial: false });
}

function readJson(line: string): FileLine | null {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    // Not every line that begins with a brace is JSON.
    return null;
  }
  const field = (name: string): string | undefined => {
    const value: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const [log, time] = [field('log'), field('time')];
  if (log !== undefined && time !== undefined && field('stream') !== undefined)
    return stamped(time, { text: log.replace(/\r?\n$/, ''), partial: !log.endsWith('\n') });
  const [at, text, pod, container] = [field('at'), field('text'), field('pod'), field('container')];
  if (at === undefined || text === undefined || pod === undefined || container === undefined) return null;
  const owner = { namespace: field('namespace'), kind: field('kind'), workload: field('workload') };
  const known = Object.fromEntries(Object.entries(owner).filter(([, value]) => value !== undefined));
  return stamped(at, { text, pod, container, ...known, partial: false });
}

function stamped(time: string, rest: Omit<FileLine, 'second' | 'nanos'>): FileLine | null {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return null;
  const fraction = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
  return { second: Math.floor(ms / 1000), nanos: Number(fraction.padEnd(9, '0')), ...rest };
}
