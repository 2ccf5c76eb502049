import type { Cursor } from '../../core/model/cycle.ts';

/** Names one container over its instances: `UID/CONTAINER`. */
export type ContainerKey = string;

export function containerKey(uid: string, container: string): ContainerKey {
  return `${uid}/${container}`;
}

interface Entry {
  readonly cursors: readonly Cursor[];
  /** Which settling brought it. */
  readonly version: number;
}

interface Owner {
  readonly claims: CursorClaims;
  readonly freed: Promise<void>;
  readonly free: () => void;
}

/**
 * Where every container's log was left, as committed, and who reads it now: a container has one reader at a time, from its first request
 * until what was read is committed or dropped, so that no line comes twice and none is passed over.
 */
export class CursorBook {
  readonly #entries = new Map<ContainerKey, Entry>();
  readonly #owners = new Map<ContainerKey, Owner>();
  #version = 0;

  constructor(cursors: readonly Cursor[] = []) {
    for (const [key, own] of byContainer(cursors)) this.#entries.set(key, { cursors: own, version: 0 });
  }

  /** How often something was committed. */
  get version(): number {
    return this.#version;
  }

  /** Every cursor as committed. */
  *all(): Generator<Cursor> {
    for (const { cursors } of this.#entries.values()) yield* cursors;
  }

  /** Whether something is known of an instance's log. */
  has(key: ContainerKey, containerID: string): boolean {
    return this.#entries.get(key)?.cursors.some(({ ref }) => ref.containerID === containerID) ?? false;
  }

  /** Begins a reading of some containers, which is told where each was left as it takes it; it ends with {@link CursorClaims.settle} or {@link CursorClaims.release}. */
  begin(onClaim: (cursors: readonly Cursor[]) => void = () => undefined): CursorClaims {
    return new CursorClaims(this.#port, this.#version, onClaim);
  }

  readonly #port: BookPort = {
    cursors: (key) => this.#entries.get(key)?.cursors ?? [],
    owner: (key) => this.#owners.get(key),
    own: (key, claims) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#owners.set(key, { claims, freed: promise, free: resolve });
    },
    free: (key) => {
      const owner = this.#owners.get(key);
      this.#owners.delete(key);
      owner?.free();
    },
    write: (changes) => {
      this.#version++;
      for (const [key, cursors] of changes) this.#entries.set(key, { cursors, version: this.#version });
    },
    forget: (isKept) => {
      for (const key of this.#entries.keys()) if (!isKept(key)) this.#entries.delete(key);
    },
    split: (version, own) => {
      const touched = new Map<ContainerKey, readonly Cursor[]>();
      const untouched: Cursor[] = [];
      for (const [key, entry] of this.#entries) {
        if (entry.version > version && !own.has(key)) touched.set(key, entry.cursors);
        else untouched.push(...entry.cursors);
      }
      return { touched, untouched };
    },
  };
}

interface BookPort {
  cursors(key: ContainerKey): readonly Cursor[];
  owner(key: ContainerKey): Owner | undefined;
  own(key: ContainerKey, claims: CursorClaims): void;
  free(key: ContainerKey): void;
  write(changes: ReadonlyMap<ContainerKey, readonly Cursor[]>): void;
  forget(isKept: (key: ContainerKey) => boolean): void;
  /** What others than the owner of `own` have written since a version, and the rest. */
  split(
    version: number,
    own: ReadonlySet<ContainerKey>,
  ): { readonly touched: ReadonlyMap<ContainerKey, readonly Cursor[]>; readonly untouched: readonly Cursor[] };
}

/** The containers that one reading has taken. */
export class CursorClaims {
  readonly #book: BookPort;
  readonly #begun: number;
  readonly #onClaim: (cursors: readonly Cursor[]) => void;
  readonly #own = new Set<ContainerKey>();

  constructor(book: BookPort, version: number, onClaim: (cursors: readonly Cursor[]) => void) {
    this.#book = book;
    this.#begun = version;
    this.#onClaim = onClaim;
  }

  /** Takes a container as soon as nobody else reads it, and gives where its log was left. */
  async claim(key: ContainerKey): Promise<readonly Cursor[]> {
    for (let owner = this.#book.owner(key); owner !== undefined && owner.claims !== this; owner = this.#book.owner(key))
      await owner.freed;
    return this.#take(key);
  }

  /** The same at once; `null` when another reading has the container. */
  tryClaim(key: ContainerKey): readonly Cursor[] | null {
    const owner = this.#book.owner(key);
    return owner === undefined || owner.claims === this ? this.#take(key) : null;
  }

  /** All cursors but those that another reading has committed since this one began. */
  untouched(): readonly Cursor[] {
    return this.#book.split(this.#begun, this.#own).untouched;
  }

  /** What a reading of the whole cluster leaves: its own cursors, and those that others have committed meanwhile. */
  whole(cursors: readonly Cursor[]): readonly Cursor[] {
    const { touched } = this.#book.split(this.#begun, this.#own);
    const own = cursors.filter(({ ref }) => !touched.has(containerKey(ref.uid, ref.container)));
    return [...own, ...[...touched.values()].flat()];
  }

  /** What was read is committed: `cursors` are those of the claimed containers, or of all when the reading was of the whole cluster. */
  settle(cursors: readonly Cursor[], isWhole: boolean): void {
    const found = byContainer(cursors);
    if (isWhole) this.#book.forget((key) => found.has(key));
    else for (const key of this.#own) if (!found.has(key)) found.set(key, []);
    this.#book.write(found);
    this.release();
  }

  /** Nothing of what was read counts. */
  release(): void {
    for (const key of this.#own) this.#book.free(key);
    this.#own.clear();
  }

  #take(key: ContainerKey): readonly Cursor[] {
    const cursors = this.#book.cursors(key);
    if (!this.#own.has(key)) {
      this.#own.add(key);
      this.#book.own(key, this);
      this.#onClaim(cursors);
    }
    return cursors;
  }
}

function byContainer(cursors: readonly Cursor[]): Map<ContainerKey, Cursor[]> {
  return Map.groupBy(cursors, ({ ref }) => containerKey(ref.uid, ref.container));
}
