import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY } from '../../src/base/duration.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { RecordEncoder } from '../../src/core/analyze/record.ts';
import type { Segment } from '../../src/core/analyze/segment.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import { EVERY_LINE, type LineQuery } from '../../src/core/model/line-query.ts';
import { type ContainerRef, LEVELS, type LevelName, type LogLine } from '../../src/core/model/log-line.ts';
import type { Store } from '../../src/store/store.ts';
import type { StoreOptions } from '../../src/store/store-kind.ts';
import { clock, cycle, pod, refOf } from '../build.ts';

/** A new folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-store-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export function options(path: string, fields: Partial<StoreOptions> = {}): StoreOptions {
  return {
    path,
    window: DAY,
    maxSize: 1024 ** 3,
    access: 'write',
    wait: 0,
    now: () => clock('12:00'),
    logger: silentLogger,
    command: 'tocsin test',
    ...fields,
  };
}

/** One record to store: its time of day, text and level. */
export interface Spoken {
  readonly at: string;
  readonly nanos?: number;
  readonly text: string;
  readonly level?: LevelName;
}

/** A container instance of a workload, `shop/checkout` when not said. */
export function containerOf(
  fields: { readonly of?: string; readonly pod?: string; readonly container?: string } = {},
): ContainerRef {
  const { of = 'shop/checkout', pod: name = `${of.split('/').at(-1)}-1`, container = 'app' } = fields;
  const ref = refOf(pod({ of, name }));
  return { ...ref, container, containerID: `containerd://${name}-${container}` };
}

export function segmentOf(ref: ContainerRef, records: readonly Spoken[]): Segment {
  const encoder = new RecordEncoder();
  let [from, to, levels] = [Number.MAX_SAFE_INTEGER, 0, 0];
  for (const { at, nanos = 0, text, level: name = 'info' } of records) {
    const second = Math.floor(clock(at) / 1000);
    const level = Math.max(0, LEVELS.indexOf(name)) as LogLine['level']; // an index into LEVELS
    const [first = '', ...others] = text.split('\n');
    const bytes = Buffer.from(first);
    encoder.begin({ second, nanos, level, status: 0 }, bytes, 0, bytes.length);
    for (const other of others) encoder.addLine(Buffer.from(other), 0, Buffer.byteLength(other));
    from = Math.min(from, second);
    to = Math.max(to, second);
    levels |= 1 << level;
  }
  return { ref, bytes: encoder.encoded(), lines: records.length, from, to, levels };
}

/** Commits a cycle at a time of the day (or an epoch time) with these segments. */
export async function commit(
  store: Store,
  at: string | number,
  segments: readonly Segment[] = [],
  fields: Partial<Cycle> = {},
): Promise<Cycle> {
  const made = cycle(at, fields);
  const draft = await store.begin(made.id);
  for (const segment of segments) await draft.write(segment);
  await draft.commit(made);
  return made;
}

/** A query for everything, newest first. */
export function query(fields: Partial<LineQuery> = {}): LineQuery {
  return { ...EVERY_LINE, ...fields };
}

export async function linesOf(store: Store, fields: Partial<LineQuery> = {}): Promise<LogLine[]> {
  return listOf(store.lines(query(fields), new AbortController().signal));
}

export async function textsOf(store: Store, fields: Partial<LineQuery> = {}): Promise<string[]> {
  return (await linesOf(store, fields)).map((line) => line.text);
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
