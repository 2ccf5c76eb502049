import type { Logger } from '../../base/logger.ts';

/** Repairs that are remembered for the page; older ones are in the log. */
export const MAX_REPAIRS = 100;

/** What was repaired, set aside or could not be read, in words; each told once. */
export class Repairs {
  readonly #logger: Logger;
  #list: readonly string[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Oldest first. */
  get list(): readonly string[] {
    return this.#list;
  }

  /** What a kill at any moment leaves and nobody has to look into: for the log alone. */
  note(text: string): void {
    this.#logger.info('store swept', { repair: text });
  }

  tell(text: string): void {
    if (this.#list.includes(text)) return;
    this.#list = [...this.#list.slice(1 - MAX_REPAIRS), text];
    this.#logger.warn('store repaired', { repair: text });
  }

  /** Lines that a search passes over. */
  unreadable(path: string, reason: string): void {
    this.tell(`log lines in ${path} cannot be read and are passed over: ${reason}`);
  }
}
