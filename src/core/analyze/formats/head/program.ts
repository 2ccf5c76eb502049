import type { Level } from '../../../model/log-line.ts';
import { levelOfLetter, levelOfWord, NO_WORD } from '../../level-word.ts';
import { beginsWith, indexOfByte } from './word.ts';

/** What stood in the head in front of the word. */
interface Place {
  readonly isFirst: boolean;
  readonly hasTime: boolean;
  readonly behindBracket: boolean;
}

/** The position behind NCCL's `:12:34 [0] misc/socket.cc:484 NCCL `, or -1. */
export function behindProcess(bytes: Buffer, start: number, end: number): number {
  const [prefix] = NCCL.exec(bytes.toString('latin1', start, Math.min(end, start + 120))) ?? [];
  return prefix === undefined ? -1 : start + prefix.length;
}

const NCCL = /^:\d+:\d+ \[\d+\] (?:[\w./-]+:\d+ )?NCCL (?=(?:INFO|WARN|TRACE|ERROR) )/;

/** The position behind the file and line that Go's `log` puts in front of a message that begins with a level, or -1. */
export function behindSource(bytes: Buffer, start: number, nameEnd: number, end: number): number {
  if (nameEnd - start < 4 || bytes[nameEnd - 3] !== 0x2e || bytes[nameEnd - 2] !== 0x67 || bytes[nameEnd - 1] !== 0x6f) return -1;
  const [line] = LINE.exec(bytes.toString('latin1', nameEnd, Math.min(end, nameEnd + 24))) ?? [];
  return line === undefined ? -1 : nameEnd + line.length;
}

const LINE = /^:\d+: (?=\[[A-Za-z]{3,8}\] |[A-Z]{3,8}: )/;

/** The position of what stands behind `[12]` and a colon, or -1. */
export function behindPid(bytes: Buffer, start: number, nameEnd: number, end: number): number {
  if (indexOfByte(bytes, 0x2e, start, nameEnd) !== -1) return -1; // `spec.list[3]: ` is a place in a document
  const [pid] = PID.exec(bytes.toString('latin1', nameEnd, Math.min(end, nameEnd + 12))) ?? [];
  return pid === undefined ? -1 : nameEnd + pid.length;
}

const PID = /^\[\d{1,7}\](?=: )/;

/** What Julia puts in front of its level: a bracket that it does not close, or the corner of a frame around further lines. */
export function juliaLevel(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly level: Level; readonly wordEnd: number } | null {
  const [mark = '', word = ''] = JULIA.exec(bytes.toString('latin1', start, Math.min(end, start + 16))) ?? [];
  const level = levelOfWord(Buffer.from(word, 'latin1'), 0, word.length);
  return level === NO_WORD ? null : { level, wordEnd: start + mark.length };
}

const JULIA = /^(?:\[|\xe2\x94\x8c) (Debug|Info|Warning|Error)(?=: )/;

/** Levels in words of single programs, at `start`: PostgreSQL's and Nest's `LOG`, PHP's and npm's messages; else {@link NO_WORD}. */
export function levelOfProgram(bytes: Buffer, start: number, end: number, place: Place): Level | typeof NO_WORD {
  if (beginsWith(bytes, start, end, 'LOG')) return place.hasTime ? logLevel(headOf(bytes, start, end), place) : NO_WORD;
  if (beginsWith(bytes, start, end, 'PHP ')) return phpLevel(headOf(bytes, start + 4, end));
  if (place.hasTime && beginsWith(bytes, start, end, 'fail: ')) return DOTNET.test(headOf(bytes, start, end)) ? 5 : NO_WORD;
  if (place.hasTime) return datedLevel(bytes, start, end, place);
  if (!place.isFirst) return NO_WORD;
  if (beginsWith(bytes, start, end, 'log4j:')) return log4jLevel(headOf(bytes, start + 6, end));
  if (beginsWith(bytes, start, end, 'Fatal error: ')) return 6; // PHP on a terminal
  if (beginsWith(bytes, start, end, 'SLF4J(')) return levelOf(SLF4J, bytes, start, end);
  if (beginsWith(bytes, start, end, 'dovecot: ')) return levelOf(DOVECOT, bytes, start, end);
  return beginsWith(bytes, start, end, 'npm ') ? npmLevel(headOf(bytes, start + 4, end)) : NO_WORD;
}

function logLevel(text: string, place: Place): Level | typeof NO_WORD {
  return /^LOG(?::| +\[)/.test(text) || (place.behindBracket && text.startsWith('LOG ')) ? 3 : NO_WORD;
}

/** .NET's console logger behind its time. */
const DOTNET = /^fail: [\w.`]+\[\d/;

/** Heads of single programs that go on behind the time with words: their first bytes or the bytes behind their first word, and the level. */
function datedLevel(bytes: Buffer, start: number, end: number, place: Place): Level | typeof NO_WORD {
  const space = indexOfByte(bytes, 0x20, start, Math.min(end, start + 40));
  if (space === -1) return NO_WORD;
  if (beginsWith(bytes, space, end, ' (')) return levelOf(CEPH, bytes, start, end);
  if (beginsWith(bytes, space, end, ' pid ') || beginsWith(bytes, start, end, 'pid ')) return levelOf(PGPOOL, bytes, start, end);
  if (beginsWith(bytes, start, end, 'epoch ')) return levelOf(GANESHA, bytes, start, end);
  return place.behindBracket && beginsWith(bytes, start, end, 'Log') ? levelOf(UNREAL, bytes, start, end) : NO_WORD;
}

/** The cluster log: `mon.a (mon.0) 500 : cluster [WRN] `. */
const CEPH = /^[\w.-]+ \([\w.-]+\) \d+ : \w+ \[(DBG|INF|WRN|ERR)\] /;
const PGPOOL = /^(?:\w+ )?pid \d+: (DEBUG\d|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC): /;
/** `epoch 656 : host : ganesha.nfsd-8[main] function :NFS CB :WARN :`. */
const GANESHA = /^epoch \w+ : \S+ : \S+\[[^\]]*\] \w+ :[A-Z\d_ ]+:(\w+) :/;
const UNREAL = /^Log\w+: (Fatal|Error|Warning|Verbose): /;

/** What SLF4J says of its providers. */
const SLF4J = /^SLF4J\(([DIWE])\): /;
const DOVECOT = /^dovecot: (?:[\w-]+(?:\([^)]*\))?(?:<[^>]*>){0,2}: ){1,3}(Debug|Info|Warning|Error|Fatal|Panic): /;

function levelOf(pattern: RegExp, bytes: Buffer, start: number, end: number): Level | typeof NO_WORD {
  const [, word] = pattern.exec(bytes.toString('latin1', start, Math.min(end, start + 160))) ?? [];
  if (word === undefined) return NO_WORD;
  if (word.length === 1) return levelOfLetter(word.charCodeAt(0));
  return word === 'LOG' ? 3 : levelOfWord(Buffer.from(word, 'latin1'), 0, word.length);
}

/** What log4j says of its own settings. */
function log4jLevel(text: string): Level | typeof NO_WORD {
  return text.startsWith('WARN ') ? 4 : text.startsWith('ERROR ') ? 5 : NO_WORD;
}

function phpLevel(text: string): Level | typeof NO_WORD {
  const [, word] = /^(Notice|Warning|(?:Recoverable f|F)atal error|Parse error):/.exec(text) ?? [];
  return word === undefined ? NO_WORD : word === 'Notice' ? 3 : word === 'Warning' ? 4 : word === 'Parse error' ? 5 : 6;
}

function npmLevel(text: string): Level | typeof NO_WORD {
  const [, word] = /^(ERR!|error|WARN|warn|notice|verb|info)(?: |$)/.exec(text) ?? [];
  switch (word) {
    case undefined:
      return NO_WORD;
    case 'ERR!':
    case 'error':
      return 5;
    case 'WARN':
    case 'warn':
      return 4;
    case 'verb':
      return 2;
    default:
      return 3;
  }
}

function headOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, Math.min(end, start + 40));
}
