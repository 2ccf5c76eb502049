import { type PatternBatch, type PatternRunner, UNKNOWN, YES } from './pattern-runner.ts';

/** Characters to be searched, over all tests of a batch: an ordinary pattern takes some milliseconds for them. */
const BATCH_CHARACTERS = 64 * 1024;
const BATCH_TESTS = 1024;
/** Of so many characters, taken and not yet searched, readers wait. */
const MOST_WAITING = 8 * 1024 * 1024;

/** Patterns that are to be tested on one text. */
export interface DeferredTest {
  readonly text: string;
  readonly sources: readonly string[];
  /** Told whether each pattern matches, in the order of `sources`; `undefined` is unknown. */
  readonly answer: (matches: readonly (boolean | undefined)[]) => void;
}

/** Gathers tests into batches for a runner, and hands the answers back. */
export class DeferredTests {
  readonly #runner: PatternRunner;
  #gathered: DeferredTest[] = [];
  #characters = 0;
  #tests = 0;
  #waiting = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(runner: PatternRunner) {
    this.#runner = runner;
  }

  add(test: DeferredTest): void {
    this.#gathered.push(test);
    this.#tests += test.sources.length;
    this.#characters += test.text.length * test.sources.length;
    this.#waiting += test.text.length;
    if (this.#characters >= BATCH_CHARACTERS || this.#tests >= BATCH_TESTS) this.#send();
  }

  /** Readers may go on when it resolves; `undefined`: at once, as nearly always. */
  relief(): Promise<void> | undefined {
    return this.#waiting > MOST_WAITING ? this.settle() : undefined;
  }

  /** Resolves when everything that was added has its answer. */
  async settle(): Promise<void> {
    if (this.#gathered.length > 0) this.#send();
    await this.#running;
  }

  #send(): void {
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#characters = 0;
    this.#tests = 0;
    const sent = Promise.all([this.#runner.run(batchOf(gathered)), this.#running]).then(([verdicts]) => {
      let next = 0;
      for (const { text, sources, answer } of gathered) {
        this.#waiting -= text.length;
        answer(sources.map(() => matchOf(verdicts[next++])));
      }
    });
    // Awaited by settle; until then a failure must not count as unhandled.
    sent.catch(() => undefined);
    this.#running = sent;
  }
}

function batchOf(gathered: readonly DeferredTest[]): PatternBatch {
  const sources = [...new Set(gathered.flatMap((test) => test.sources))];
  const indexes = new Map(sources.map((source, index) => [source, index]));
  const tests = gathered.flatMap((test, text) => test.sources.flatMap((source) => [text, indexes.get(source) ?? 0]));
  return { texts: gathered.map(({ text }) => text), sources, tests: Uint32Array.from(tests) };
}

function matchOf(verdict: number | undefined): boolean | undefined {
  return verdict === undefined || verdict === UNKNOWN ? undefined : verdict === YES;
}
