import { LogFile, type LogFileOptions, type LogSource } from './log-file.ts';

/** What a pod's spec says of a container. Quantities are Kubernetes' own texts. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** A sidecar is an init container with `restartPolicy: Always`. */
  readonly role: 'app' | 'init' | 'sidecar';
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

/** One life of a container. */
export interface Instance {
  readonly id: string;
  readonly startedAt: number;
  /** `null` once the kubelet has removed it. */
  log: LogSource | null;
  ended: Ending | null;
}

export interface Ending {
  readonly at: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly signal: number | null;
}

export type ContainerPhase = 'waiting' | 'running' | 'terminated';

/** How an instance ends: by default as a failed process (`Error`, exit code 1), or `Completed` when the exit code is 0. */
export interface ExitOptions {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly signal?: number;
  readonly at?: number;
}

export interface ContainerContext {
  readonly now: () => number;
  readonly nextId: () => string;
  readonly file: LogFileOptions;
  readonly changed: (at: number) => void;
}

/** One container of a simulated pod. Every method that changes something may be back-dated with `at` (epoch milliseconds). */
export class SimulatedContainer {
  readonly spec: ContainerSpec;
  readonly #context: ContainerContext;
  #phase: ContainerPhase = 'waiting';
  #waiting = { reason: 'ContainerCreating', message: '' };
  #current: Instance | null = null;
  #last: Instance | null = null;
  #restarts = 0;
  #ready = false;
  #usage: { readonly cpu: number; readonly memory: number } | null = null;
  #written = 0n;

  constructor(spec: ContainerSpec, context: ContainerContext) {
    this.spec = spec;
    this.#context = context;
  }

  get name(): string {
    return this.spec.name;
  }
  get phase(): ContainerPhase {
    return this.#phase;
  }
  get waiting(): { readonly reason: string; readonly message: string } {
    return this.#waiting;
  }
  /** The running instance, or the one whose end is the present state. */
  get current(): Instance | null {
    return this.#current;
  }
  /** The instance before; `lastState`. */
  get last(): Instance | null {
    return this.#last;
  }
  get restarts(): number {
    return this.#restarts;
  }
  get ready(): boolean {
    return this.#ready;
  }
  /** CPU in cores, memory in bytes; `null` while metrics-server has not seen the instance. */
  get usage(): { readonly cpu: number; readonly memory: number } | null {
    return this.#usage;
  }

  /** Starts an instance: the first one, or the next after an end (a restart). */
  start(options: { readonly at?: number; readonly log?: LogSource } = {}): this {
    const at = options.at ?? this.#context.now();
    if (this.#phase === 'running') throw new Error(`container ${this.name} runs already`);
    if (this.#phase === 'terminated') this.#last = this.#current;
    if (this.#last !== null) this.#restarts++;
    this.#current = {
      id: this.#context.nextId(),
      startedAt: at,
      log: options.log ?? new LogFile(this.#context.file),
      ended: null,
    };
    this.#phase = 'running';
    this.#ready = true;
    this.#context.changed(at);
    return this;
  }

  /** Ends the running instance and leaves the container terminated. */
  exit(options: ExitOptions = {}): this {
    const at = options.at ?? this.#context.now();
    const exitCode = options.exitCode ?? 1;
    const instance = this.#running('end');
    instance.ended = {
      at,
      exitCode,
      reason: options.reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      message: options.message ?? '',
      signal: options.signal ?? null,
    };
    if (instance.log instanceof LogFile) instance.log.end();
    this.#phase = 'terminated';
    this.#ready = false;
    this.#usage = null;
    this.#context.changed(at);
    return this;
  }

  /** Ends the running instance and starts the next one at once. */
  restart(options: ExitOptions & { readonly startAt?: number } = {}): this {
    return this.exit(options).start({ at: options.startAt ?? options.at ?? this.#context.now() });
  }

  /** Ends the running instance and waits in CrashLoopBackOff; {@link start} is the next try. */
  crash(options: ExitOptions & { readonly backOffSeconds?: number } = {}): this {
    this.exit(options);
    const delay = options.backOffSeconds ?? Math.min(300, 10 * 2 ** Math.min(5, this.#restarts));
    return this.wait('CrashLoopBackOff', `back-off ${goDuration(delay)} restarting failed container=${this.name}`, options.at);
  }

  /** The kernel kills the running instance for its memory: 137, `OOMKilled`. */
  oomKill(options: ExitOptions = {}): this {
    return this.exit({ exitCode: 137, reason: 'OOMKilled', ...options });
  }

  /** Waits for a reason such as `ImagePullBackOff`; an instance that had ended becomes the last state. */
  wait(reason: string, message = '', at: number = this.#context.now()): this {
    if (this.#phase === 'running') throw new Error(`container ${this.name} runs and cannot wait`);
    if (this.#phase === 'terminated') {
      this.#last = this.#current;
      this.#current = null;
    }
    this.#phase = 'waiting';
    this.#waiting = { reason, message };
    this.#ready = false;
    this.#context.changed(at);
    return this;
  }

  /** Says what the readiness probe finds. */
  setReady(ready: boolean, at: number = this.#context.now()): this {
    this.#ready = ready;
    this.#context.changed(at);
    return this;
  }

  setUsage(usage: { readonly cpu: number; readonly memory: number } | null): this {
    this.#usage = usage;
    return this;
  }

  /**
   * Appends to the running instance's log, one line per line of `text`. `at` is epoch milliseconds, or nanoseconds as a bigint; lines of one
   * millisecond get rising nanoseconds unless they were given. `terminated: false` leaves the last line without its newline.
   */
  write(text: string | Buffer, options: { readonly at?: number | bigint; readonly terminated?: boolean } = {}): this {
    const log = this.#running('write to').log;
    if (!(log instanceof LogFile)) throw new Error(`the log of container ${this.name} cannot be written to`);
    const lines = typeof text === 'string' ? text.split('\n').map((line) => Buffer.from(line)) : [text];
    for (const [index, line] of lines.entries()) {
      log.append(this.#stamp(options.at), line, options.terminated !== false || index < lines.length - 1);
    }
    return this;
  }

  /** The kubelet rotates the running instance's log: what it held cannot be read any more. */
  rotateLog(): this {
    const log = this.#running('rotate the log of').log;
    if (log instanceof LogFile) log.rotate();
    return this;
  }

  /** The kubelet's garbage collection removes the last instance with its log, although the status still names it. */
  collectGarbage(): this {
    if (this.#last !== null) this.#last.log = null;
    return this;
  }

  #running(verb: string): Instance {
    if (this.#phase !== 'running' || this.#current === null)
      throw new Error(`could not ${verb} container ${this.name}: it does not run`);
    return this.#current;
  }

  #stamp(at: number | bigint | undefined): bigint {
    if (typeof at === 'bigint') return at;
    this.#written = (this.#written + 1_000n) % 1_000_000n;
    return BigInt(Math.floor(at ?? this.#context.now())) * 1_000_000n + this.#written;
  }
}

function goDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
