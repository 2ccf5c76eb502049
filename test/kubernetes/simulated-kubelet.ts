import { CollectError } from '../../src/base/errors.ts';
import type { Api, OpenApi } from '../../src/kubernetes/session/http.ts';
import { lentBody } from './lent-body.ts';

const NS = 1_000_000_000n;

/** What a container wrote: a record of the truth. */
export interface Written {
  readonly ts: bigint;
  readonly body: string;
  /** Nobody can know of it: it was rotated away, or older than the lookback, before its instance was read for the first time. */
  unknowable: boolean;
}

interface Chunk {
  readonly ts: bigint;
  readonly text: string;
  readonly ends: boolean;
  readonly record: Written | null;
}

interface Instance {
  readonly id: string;
  readonly startedAt: bigint;
  finishedAt: bigint | null;
  file: Chunk[];
  removed: boolean;
}

/** What can go wrong, as probabilities per request. */
export interface Faults {
  readonly truncated: number;
  readonly reset: number;
  readonly errorText: number;
  readonly restartAfterList: number;
}

/**
 * One pod with one container and the API server before it: a port of the kubelet's ReadLogs (kubernetes.md section 1) with lines of
 * equal and slightly inverted times, partial chunks, rotation, restarts, silent truncation and resets.
 */
export class SimulatedKubelet {
  readonly random: () => number;
  readonly faults: Faults;
  readonly written: Written[] = [];
  now = 1_800_000_000n * NS;
  quietFaults = false;
  #instances: Instance[] = [];
  #restarts = -1;
  #waiting = false;
  #open: { readonly body: string; readonly ts: bigint } | null = null;

  constructor(random: () => number, faults: Faults) {
    this.random = random;
    this.faults = faults;
    this.start();
  }

  get current(): Instance {
    return this.#at(-1);
  }

  nowMs(): number {
    return Number(this.now / 1_000_000n);
  }

  integer(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }

  start(): void {
    this.#restarts++;
    this.#waiting = false;
    this.#open = null;
    this.now += BigInt(this.integer(1, 50)) * 1_000_000n;
    this.#instances.push({
      id: `containerd://i${this.#restarts}`,
      startedAt: this.now,
      finishedAt: null,
      file: [],
      removed: false,
    });
  }

  /** The container ends; kubelet keeps only this dead instance. */
  exit(): void {
    if (this.#waiting) return;
    if (this.#open !== null) this.#record(this.#open.ts, this.#open.body);
    this.#open = null;
    this.current.finishedAt = this.now;
    this.#waiting = true;
    for (const older of this.#instances.slice(0, -1)) older.removed = true;
  }

  restart(): void {
    this.exit();
    this.start();
  }

  /** Renames the file and begins a new one; `unread` when no read has seen the instance. */
  rotate(unread: boolean): void {
    if (this.#open !== null) return;
    if (unread) for (const chunk of this.current.file) if (chunk.record !== null) chunk.record.unknowable = true;
    this.current.file = [];
    // A new file whose first line has the same nanosecond and text as a one-line anchor cannot be told from the old one:
    // the one case named in kubernetes.md section 2.3.
    this.now += 2_000_000n;
  }

  write(count: number): void {
    if (this.#waiting) return;
    for (let i = 0; i < count; i++) {
      if (this.random() >= 0.3) this.now += BigInt(this.integer(1, 400)) * 1_000_000n;
      const ts = this.now - (this.random() < 0.1 ? BigInt(this.integer(0, 900_000)) : 0n);
      const body = this.random() < 0.2 ? 'same line' : `line ${this.written.length} ${this.random()}`;
      if (this.#open !== null) this.#continue(ts);
      else if (this.random() < 0.03) this.#chunks(ts, body);
      else if (this.random() < 0.02) this.#begin(ts, body);
      else this.current.file.push({ ts, text: body, ends: true, record: this.#record(ts, body) });
    }
  }

  /** A pod as the API lists it. */
  pod(): unknown {
    const current = this.current;
    const last = this.#waiting ? current : this.#instances.at(-2);
    const terminated = (instance: Instance) => ({
      containerID: instance.id,
      reason: 'Error',
      exitCode: 1,
      startedAt: seconds(instance.startedAt),
      finishedAt: seconds(instance.finishedAt ?? this.now),
    });
    const status = {
      name: 'app',
      containerID: current.id,
      restartCount: this.#restarts,
      ready: !this.#waiting,
      state: this.#waiting ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: { startedAt: seconds(current.startedAt) } },
      lastState: last === undefined ? {} : { terminated: terminated(last) },
    };
    return {
      metadata: { namespace: 'ns', name: 'pod', uid: 'uid', creationTimestamp: seconds(this.#at(0).startedAt) },
      spec: { nodeName: 'node', containers: [{ name: 'app', image: 'image' }] },
      status: { phase: 'Running', containerStatuses: [status] },
    };
  }

  api(): Api & OpenApi {
    return {
      open: async () => {
        throw new CollectError('invalid_answer', 'nothing is followed here');
      },
      json: async (path) => {
        if (path.includes('/pods/pod')) return { status: 200, value: this.pod() };
        if (!path.includes('/pods?')) return { status: 200, value: { items: [], metadata: {} } };
        const value = { items: [this.pod()], metadata: {} };
        // The list is stale by the time logs are read.
        if (!this.quietFaults && this.random() < this.faults.restartAfterList) {
          this.write(this.integer(0, 5));
          this.restart();
          this.write(this.integer(0, 5));
        }
        return { status: 200, value };
      },
      stream: async (path, signal, _options, consume) => {
        signal.throwIfAborted();
        return consume(lentBody(this.#answer(new URL(path, 'http://api').searchParams)));
      },
    };
  }

  *#answer(query: URLSearchParams): Generator<Buffer> {
    const instance = this.#asked(query);
    if (instance.removed) {
      yield Buffer.from(`unable to retrieve container logs for ${instance.id}`);
      return;
    }
    const since = query.get('sinceTime');
    let out = this.#read(instance, since === null ? -1n : BigInt(Date.parse(since)) * 1_000_000n);
    const { truncated, reset, errorText } = this.quietFaults ? { truncated: 0, reset: 0, errorText: 0 } : this.faults;
    const fault = this.random();
    if (fault < truncated + reset) out = out.subarray(0, Math.floor(out.length * this.random()));
    else if (fault < truncated + reset + errorText) out = Buffer.concat([out, Buffer.from('failed to read log file "/x": boom')]);
    const size = this.random() < 0.2 ? this.integer(7, 700) : out.length;
    for (let at = 0; at < out.length; at += size) yield out.subarray(at, at + size);
    if (fault >= truncated && fault < truncated + reset) throw new Error('terminated');
  }

  #asked(query: URLSearchParams): Instance {
    if (query.get('previous') !== 'true') return this.current;
    const last = this.#waiting ? this.current : this.#instances.at(-2);
    if (last !== undefined) return last;
    throw new CollectError('invalid_answer', 'previous terminated container "app" in pod "pod" not found', { status: 400 });
  }

  #read(instance: Instance, since: bigint): Buffer {
    let out = '';
    let atStart = true;
    for (const chunk of instance.file) {
      if (chunk.ts >= since) out += (atStart ? `${stamp(chunk.ts)} ` : '') + chunk.text + (chunk.ends ? '\n' : '');
      atStart = chunk.ends;
    }
    return Buffer.from(out);
  }

  #record(ts: bigint, body: string): Written {
    const record = { ts, body, unknowable: false };
    this.written.push(record);
    return record;
  }

  #chunks(ts: bigint, body: string): void {
    const parts = Array.from({ length: this.integer(2, 4) }, (_, i) => `${body}#${i}`);
    const record = this.#record(ts, parts.join(''));
    let at = ts;
    for (const [i, text] of parts.entries()) {
      this.current.file.push({ ts: at, text, ends: i === parts.length - 1, record: i === 0 ? record : null });
      at += BigInt(this.integer(0, 2_000_000));
    }
  }

  /** A line whose end comes with a later write, or never. */
  #begin(ts: bigint, body: string): void {
    this.#open = { body, ts };
    this.current.file.push({ ts, text: body, ends: false, record: null });
  }

  #continue(ts: bigint): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.current.file.push({ ts, text: '#end', ends: true, record: this.#record(open.ts, `${open.body}#end`) });
  }

  #at(index: number): Instance {
    const instance = this.#instances.at(index);
    if (instance === undefined) throw new Error('no instance');
    return instance;
  }
}

function stamp(ts: bigint): string {
  return `${new Date(Number(ts / NS) * 1000).toISOString().slice(0, 19)}.${String(ts % NS).padStart(9, '0')}Z`;
}

/** Kubernetes tells times of start and end in whole seconds. */
function seconds(ts: bigint): string {
  return `${new Date(Number(ts / NS) * 1000).toISOString().slice(0, 19)}Z`;
}
