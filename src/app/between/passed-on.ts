import { keepNewest } from '../../base/keep-newest.ts';
import type { Engine } from '../cycle/engine.ts';

/** How things stood when they were passed on, until a scheduled cycle has come, which knows them better. */
export class PassedOn {
  readonly #engine: Pick<Engine, 'lastAt'>;
  readonly #most: number;
  /** With the scheduled cycle before that. */
  readonly #known = new Map<string, { readonly what: string; readonly after: number | null }>();

  /** Remembers the newest `most`. */
  constructor(engine: Pick<Engine, 'lastAt'>, most: number) {
    this.#engine = engine;
    this.#most = most;
  }

  /** `null` for what no lane has passed on since the last scheduled cycle. */
  get(id: string): string | null {
    const known = this.#known.get(id);
    return known !== undefined && known.after === this.#engine.lastAt ? known.what : null;
  }

  set(id: string, what: string): void {
    keepNewest(this.#known, this.#most, [id, { what, after: this.#engine.lastAt }]);
  }
}
