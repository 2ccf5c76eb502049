import type { Logger } from '../../base/logger.ts';
import type { SourceError } from '../../core/model/cycle.ts';

/** Sources that fail in the same cycle are named up to here; the rest are counted, and page and API list them all. */
const MOST_NAMED = 20;

/** Names each source that cannot be read once in the log, and once more when it can be read again. */
export class SourceLog {
  readonly #logger: Logger;
  #failing: ReadonlySet<string> = new Set();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Takes what the newest cycle could not read. Texts may differ from cycle to cycle: a source counts by its name, namespace and reason. */
  cycleEnded(errors: readonly SourceError[]): void {
    const now = new Map(errors.map((error) => [`${error.source} ${error.namespace ?? ''} ${error.reason}`, error]));
    const begun = [...now].filter(([key]) => !this.#failing.has(key)).map(([, error]) => error);
    for (const { source, namespace, reason, message } of begun.slice(0, MOST_NAMED)) {
      this.#logger.warn('source cannot be read', { source, namespace: namespace ?? undefined, reason, error: message });
    }
    if (begun.length > MOST_NAMED) this.#logger.warn('more sources cannot be read', { count: begun.length - MOST_NAMED });
    const over = [...this.#failing].filter((key) => !now.has(key));
    if (over.length > 0) {
      this.#logger.info('sources can be read again', { sources: over.slice(0, MOST_NAMED).map((key) => key.trim()) });
    }
    this.#failing = new Set(now.keys());
  }
}
