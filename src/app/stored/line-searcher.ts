import { ConfigError } from '../../base/errors.ts';
import { COST_OF_TEST } from '../../core/analyze/matching/matcher-set.ts';
import { UNKNOWN, YES } from '../../core/analyze/matching/pattern-runner.ts';
import { compilePattern, SEARCHED_BYTES } from '../../core/analyze/pattern.ts';
import type { LineQuery } from '../../core/model/line-query.ts';
import type { LogLine } from '../../core/model/log-line.ts';
import type { Store } from '../../store/store.ts';
import type { LineSearch } from '../../web/view.ts';
import type { PatternWorker } from '../patterns/pattern-worker.ts';
import { lineQuery } from './line-search.ts';

/** What is tested at a time, in characters and lines: a quick pattern needs some milliseconds for it. */
const BATCH_CHARACTERS = 64 * 1024;
const BATCH_LINES = 256;

/** Searches stored lines where others must not wait: a pattern that a text can make slow is tested on it in a thread of its own. */
export class LineSearcher {
  readonly #store: Pick<Store, 'lines'>;
  readonly #worker: Pick<PatternWorker, 'run' | 'pardon'>;

  /** The worker is to have no other user: what it suspends is pardoned. */
  constructor(store: Pick<Store, 'lines'>, worker: Pick<PatternWorker, 'run' | 'pardon'>) {
    this.#store = store;
    this.#worker = worker;
  }

  /** Throws `ConfigError` for a bad glob, level or pattern; the lines reject with one when the pattern takes too long. */
  lines(
    search: LineSearch,
    signal: AbortSignal,
    how: Partial<Pick<LineQuery, 'order' | 'afterCycle'>> = {},
  ): AsyncIterable<LogLine> {
    const query = { ...lineQuery(search, how.order), afterCycle: how.afterCycle ?? null };
    const { grep, contains } = search;
    const { text } = query;
    const cost = grep === null ? 1 : compilePattern(grep).cost;
    if (grep === null || text === null || cost === 1) return this.#store.lines(query, signal);
    const isSlow = ({ length }: string) => cost * Math.min(length, SEARCHED_BYTES) > COST_OF_TEST;
    const quick = {
      ...text,
      matches: (each: string) => (isSlow(each) ? contains === null || each.includes(contains) : text.matches(each)),
    };
    return this.#tested(this.#store.lines({ ...query, text: quick }, signal), grep, isSlow);
  }

  /** The lines in their order, without those slow ones that do not match. */
  async *#tested(
    lines: AsyncIterable<LogLine>,
    source: string,
    isSlow: (text: string) => boolean,
  ): AsyncGenerator<LogLine, void, undefined> {
    let batch: LogLine[] = [];
    let characters = 0;
    for await (const line of lines) {
      const isSlowLine = isSlow(line.text);
      if (batch.length === 0 && !isSlowLine) {
        yield line;
        continue;
      }
      batch.push(line);
      characters += isSlowLine ? Math.min(line.text.length, SEARCHED_BYTES) : 0;
      if (characters < BATCH_CHARACTERS && batch.length < BATCH_LINES) continue;
      yield* await this.#matching(batch, source, isSlow);
      batch = [];
      characters = 0;
    }
    yield* await this.#matching(batch, source, isSlow);
  }

  async #matching(lines: readonly LogLine[], source: string, isSlow: (text: string) => boolean): Promise<readonly LogLine[]> {
    const slow = lines.filter(({ text }) => isSlow(text));
    if (slow.length === 0) return lines;
    const verdicts = await this.#worker.run({
      texts: slow.map(({ text }) => text.slice(0, SEARCHED_BYTES)),
      sources: [source],
      tests: Uint32Array.from(slow.flatMap((_, index) => [index, 0])),
    });
    if (verdicts.includes(UNKNOWN)) {
      this.#worker.pardon();
      throw new ConfigError(
        `could not search for ${JSON.stringify(source)}: the pattern takes too long on the stored lines; use fewer counted repeats such as {500}, or search for a plain text (contains)`,
      );
    }
    const left = new Set(slow.filter((_, index) => verdicts[index] !== YES));
    return lines.filter((line) => !left.has(line));
  }
}
