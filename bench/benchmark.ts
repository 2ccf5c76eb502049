import type { Table } from './harness/table.ts';

export interface BenchOptions {
  /** Smaller inputs and fewer runs: what CI has time for. */
  readonly short: boolean;
  /** The folder that was named behind the benchmarks, for those that score a corpus; `null` for their own. */
  readonly corpus: string | null;
  /** Bytes to generate, of those that generate a corpus; `null` for what `short` says. */
  readonly size: number | null;
  /** A folder of the benchmark's own, removed when it ends. */
  readonly folder: string;
  /** Says on the terminal how far it is. */
  readonly say: (text: string) => void;
}

/** One thing that is promised, and what was measured of it. */
export interface Claim {
  readonly what: string;
  readonly measured: number;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  /** Behind both figures: `x` for a ratio, `MiB`, `ms`. */
  readonly unit: string;
  /** Whether `npm run bench` fails when it does not hold; else it is a goal that is shown. */
  readonly must: boolean;
  /** Share by which a must may be missed before that is believed of a machine that does other things too; 0 when not said. */
  readonly margin?: number;
}

export interface Report {
  readonly claims: readonly Claim[];
  /** What the claims come from: medians, beside peers or limits of the same run. */
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  /** What is measured, in one line. */
  readonly summary: string;
  run(options: BenchOptions): Promise<Report>;
}

export function holds({ measured, bound, limit, margin = 0 }: Claim): boolean {
  return bound === 'at most' ? measured <= limit * (1 + margin) : measured >= limit * (1 - margin);
}
