import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cycle } from '../../core/model/cycle.ts';
import { isCycleId } from '../cycle-id.ts';
import { TEMPORARY } from './documents/durable-file.ts';
import type { FactsReader } from './facts/facts-reader.ts';
import { LATE_FILE } from './facts/late-files.ts';
import { isMissing } from './failure.ts';
import { readFrames } from './frames/frame-reader.ts';
import { bytesOf, type CycleManifest, decodeManifest, FACTS_FILE, INDEX_FILE, LINES_FILE, MANIFEST_FILE } from './manifest.ts';

/** A committed cycle on disk. */
export interface StoredCycle {
  readonly id: string;
  readonly folder: string;
  readonly manifest: CycleManifest;
  /** Bytes on disk, without what was counted later. */
  readonly bytes: number;
}

export function storedCycle(folder: string, manifest: CycleManifest, manifestBytes: number): StoredCycle {
  return { id: manifest.summary.id, folder, manifest, bytes: bytesOf(manifest) + manifestBytes };
}

/** Ids of the folders below `path`, sorted; anything else there is not the store's and left alone. */
export async function listCycleFolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && isCycleId(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** `null` when the cycle was never committed. Rejects when its manifest cannot be read. */
export async function readStoredCycle(folder: string, id: string): Promise<StoredCycle | null> {
  try {
    const bytes = await readFile(join(folder, MANIFEST_FILE));
    return storedCycle(folder, decodeManifest(bytes, id), bytes.length);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What {@link readCycle} reads a cycle from. Rejects when its file cannot be read. */
export async function readFacts({ folder, manifest }: StoredCycle): Promise<readonly Buffer[]> {
  const frames: Buffer[] = [];
  for await (const frame of readFrames(join(folder, manifest.facts.file), manifest.facts)) frames.push(frame);
  return frames;
}

/** Cycles with their facts, of which those of the next one are read meanwhile: the thread pool does most of that. */
export function* withFacts(
  cycles: readonly StoredCycle[],
): Generator<{ readonly stored: StoredCycle; readonly facts: Promise<readonly Buffer[]> }> {
  const begin = (stored: StoredCycle | undefined) => {
    if (stored === undefined) return null;
    const facts = readFacts(stored);
    // Told to whoever waits for it, if anybody comes to that.
    facts.catch(() => undefined);
    return { stored, facts };
  };
  for (let index = 0, begun = begin(cycles[0]); begun !== null; index++) {
    const ahead = begin(cycles[index + 1]);
    yield begun;
    begun = ahead;
  }
}

/** The whole cycle. Rejects with an Error that says what is wrong with its facts. */
export function readCycle({ manifest }: StoredCycle, reader: FactsReader, facts: readonly Buffer[]): Promise<Cycle> {
  return reader.read(facts, manifest.summary);
}

/** Removes a cycle's folder, if it is there, manifest first: what a crash leaves of it was then never committed. */
export async function removeCycleFolder(folder: string): Promise<void> {
  await rm(join(folder, MANIFEST_FILE), { force: true });
  await rm(folder, { recursive: true, force: true });
}

/** Whether a folder without a manifest holds nothing but what a draft leaves. */
export async function isDraftFolder(folder: string): Promise<boolean> {
  const own = new Set([FACTS_FILE, INDEX_FILE, LINES_FILE, LATE_FILE]);
  return (await readdir(folder)).every((name) => own.has(name) || name.endsWith(TEMPORARY));
}
