import type { CycleSummary } from '../../core/model/cycle.ts';
import { unseal } from './documents/envelope.ts';
import type { FrameFileEntry } from './frames/frame-reader.ts';

export const MANIFEST_FILE = 'cycle.json';
export const FACTS_FILE = 'facts.json.zst';
export const INDEX_FILE = 'index.json.zst';
export const LINES_FILE = 'lines-0.zst';

/** `cycle.json`: what is listed of a cycle, and its files. A cycle exists once this file does. */
export interface CycleManifest {
  readonly summary: CycleSummary;
  readonly facts: FrameFileEntry;
  /** `null` when no line was read. */
  readonly lines: LinesEntry | null;
  /** Cycles that this one has taken over: where their folders are still there, they count no more. */
  readonly replaces?: readonly string[];
}

/** The log lines of a cycle. */
export interface LinesEntry {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rawBytes: number;
  /** Smallest and largest kubelet second of the records. */
  readonly from: number;
  readonly to: number;
  readonly index: FrameFileEntry;
}

/** Reads a manifest. Throws an Error that says what is wrong with it. */
export function decodeManifest(bytes: Buffer, id: string): CycleManifest {
  const data = unseal(bytes);
  // The envelope proves that these are the bytes of one of this store's files; the id tells it from another of them.
  const manifest = data as CycleManifest;
  if (manifest?.summary?.id !== id || !Array.isArray(manifest.facts?.frames)) throw new Error('it is the file of something else');
  return manifest;
}

/** Bytes of the cycle's files beside the manifest. */
export function bytesOf(manifest: CycleManifest): number {
  return manifest.facts.bytes + (manifest.lines === null ? 0 : manifest.lines.bytes + manifest.lines.index.bytes);
}
