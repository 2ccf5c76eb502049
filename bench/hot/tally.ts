import type { RecordedGap, Tocsin } from './tocsin.ts';
import { LINE_BYTES, type Writer } from './writer.ts';

/** What became of one writer's lines. */
export interface Tally {
  readonly written: number;
  readonly recorded: number;
  readonly twice: number;
  readonly lost: number;
  /** Lost lines that were written outside of every recorded gap. */
  readonly silent: number;
  readonly gaps: readonly TalliedGap[];
  /** What the gaps say is missing, and what is; bytes. */
  readonly estimated: number;
  readonly missing: number;
}

/** A recorded gap, and how many bytes are missing between the stored lines around it. */
export interface TalliedGap extends RecordedGap {
  readonly missing: number;
}

/** Counts the numbered lines that are stored. A missing line was written between its stored neighbours: its gap has to span all of that. */
export async function tally(tocsin: Tocsin, writer: Writer, namespace: string, gaps: readonly RecordedGap[]): Promise<Tally> {
  const at = new Float64Array(writer.lines + 1);
  let twice = 0;
  let recorded = 0;
  await tocsin.eachLine(`${namespace}/${writer.pod}`, (time, text) => {
    const number = Number(/^line (\d+) /.exec(text)?.[1]);
    if (!(number >= 1 && number <= writer.lines)) return;
    if (at[number] === 0) recorded++;
    else twice++;
    at[number] = time;
  });
  const own = gaps.filter(({ pod }) => pod === writer.pod).map((gap) => ({ ...gap, missing: missingIn(gap, at) }));
  let silent = 0;
  for (let first = 1; first <= writer.lines; first++) {
    if (at[first] !== 0) continue;
    let next = first;
    while (next <= writer.lines && at[next] === 0) next++;
    const [from, to] = [at[first - 1] ?? 0, at[next] ?? Number.POSITIVE_INFINITY];
    if (!own.some((gap) => gap.from <= Math.max(from, 1) && gap.to >= to)) silent += next - first;
    first = next;
  }
  const estimated = own.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const lost = writer.lines - recorded;
  return { written: writer.lines, recorded, twice, lost, silent, gaps: own, estimated, missing: lost * LINE_BYTES };
}

/** The times of the stored lines by their numbers; 0 for one that is not stored. */
function missingIn({ from, to }: RecordedGap, at: Float64Array): number {
  const before = at.findLastIndex((time) => time !== 0 && time <= from);
  const next = at.findIndex((time, number) => number > before && time >= to);
  const end = next === -1 ? at.length : next;
  return at.subarray(Math.max(before, 0) + 1, end).filter((time) => time === 0).length * LINE_BYTES;
}
