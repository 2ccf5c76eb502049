import type { Logger } from '../../base/logger.ts';
import { WorkloadWishes } from '../../core/alerts/suppress/annotations.ts';
import type { StateSample } from '../../core/model/window/window.ts';

/** Unusable annotations are logged up to here, each once. */
const MOST_LOGGED = 20;

/** What is wrong with the annotations by which workloads ask for something, as the newest cycle saw them. */
export class AnnotationProblems {
  readonly #receivers: readonly string[];
  readonly #logger: Logger;
  #list: readonly string[] = [];

  /** `receivers` are those that are on. */
  constructor(receivers: readonly string[], logger: Logger) {
    this.#receivers = receivers;
    this.#logger = logger;
  }

  get list(): readonly string[] {
    return this.#list;
  }

  look(state: StateSample | null): void {
    this.#list = new WorkloadWishes(state).problems(this.#receivers);
    for (const problem of this.#list.slice(0, MOST_LOGGED))
      this.#logger.once(`annotation ${problem}`, 'annotation cannot be used', { problem });
  }
}
