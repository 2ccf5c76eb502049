import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { formatNanoTime } from '../../src/core/model/log-line.ts';
import { COLUMNS, LEVEL_COLUMN, LINES_COLUMN, STATUS_COLUMN } from '../../src/core/model/minute.ts';
import { Chance } from '../harness/chance.ts';
import { COUNTED_TEXT } from './matchers.ts';
import { SPEAKERS } from './speakers.ts';

/** Counts by minute since the epoch: the columns of `Minute`, and behind them the records that {@link COUNTED_TEXT} is in. */
export type Truth = Readonly<Record<string, readonly number[]>>;

/** A file of one container's log as the kubelet sends it, and what is in it. */
export interface CorpusFile {
  readonly container: string;
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  readonly truth: Truth;
}

export interface Corpus {
  readonly files: readonly CorpusFile[];
  readonly bytes: number;
  readonly lines: number;
}

const START = Date.UTC(2026, 10, 21, 14);
const SPAN_MS = 10 * 60_000;
/** A line with its timestamp, on average; only for the pace. */
const LINE_BYTES = 190;
const CHUNK_BYTES = 1024 * 1024;

/** Writes the logs of `containers` containers over ten minutes, `bytes` in all, the same for the same arguments. */
export async function writeCorpus(
  folder: string,
  options: { readonly containers: number; readonly bytes: number },
): Promise<Corpus> {
  await mkdir(folder, { recursive: true });
  const files: CorpusFile[] = [];
  let [bytes, lines] = [0, 0];
  for (let index = 0; index < options.containers; index++) {
    const container = `c-${String(index).padStart(3, '0')}`;
    const path = join(folder, `${container}.log`);
    const written = await writeContainer(path, index, options.bytes / options.containers);
    files.push({ container, path, ...written });
    bytes += written.bytes;
    lines += written.lines;
  }
  return { files, bytes, lines };
}

async function writeContainer(path: string, seed: number, target: number) {
  const chance = new Chance(seed + 1);
  const speak = SPEAKERS[seed % SPEAKERS.length] ?? SPEAKERS[0];
  if (speak === undefined) throw new Error('nobody speaks');
  const truth: Record<string, number[]> = {};
  const interval = SPAN_MS / (target / LINE_BYTES);
  await using file = await open(path, 'w');
  let [bytes, lines, text, at] = [0, 0, '', START];
  const flush = async () => {
    bytes += (await file.write(text)).bytesWritten;
    text = '';
  };
  // Every line is ASCII: its length is its bytes.
  while (bytes + text.length < target) {
    const { lines: said, level, status } = speak(chance, new Date(at));
    const columns = columnsOf(truth, String(Math.floor(at / 60_000)));
    count(columns, LINES_COLUMN);
    count(columns, LEVEL_COLUMN + level);
    if (status > 0) count(columns, STATUS_COLUMN - 1 + Math.floor(status / 100));
    if (COUNTED_TEXT.test(said[0] ?? '')) count(columns, COLUMNS);
    const nanos = (Math.floor(at) % 1000) * 1_000_000 + chance.below(900_000);
    for (const [index, line] of said.entries())
      text += `${formatNanoTime(Math.floor(at / 1000), nanos + index * 1000)} ${line}\n`;
    lines += said.length;
    at += interval * said.length;
    if (text.length >= CHUNK_BYTES) await flush();
  }
  await flush();
  return { bytes, lines, truth };
}

function columnsOf(truth: Record<string, number[]>, minute: string): number[] {
  const known = truth[minute];
  if (known !== undefined) return known;
  const columns = new Array<number>(COLUMNS + 1).fill(0);
  truth[minute] = columns;
  return columns;
}

function count(columns: number[], column: number): void {
  columns[column] = (columns[column] ?? 0) + 1;
}
