import { SECOND } from '../../base/duration.ts';

/** The kubelet looks at the sizes of logs every 3 s at most (10 s by default): a file that a follow skips lasted that long by its lines' times. */
const SHORTEST_FILE = 2.9 * SECOND;
/** How soon after it was opened a stream is proved, and until when it may bring what the file had before. */
const FIRST = SECOND;
const CATCH_UP = 1.5 * SECOND;
/** A stream that brings nothing for so long is proved: a busy container first, and less often the longer it stays quiet. */
const SHORTEST_SILENCE = 1.5 * SECOND;
const LONGEST_SILENCE = 15 * SECOND;
/** The silence of a slower container is told by what it would have written. */
const SILENT_BYTES = 256 * 1024;

/**
 * When a followed log has to be proved by an ordinary read. A follow that was opened shortly before a rotation waits at the end of the old
 * file until the next rotation, and goes on with the file after (kubernetes.md section 1.6): it is silent for as long as the skipped
 * file lasts, and its lines then jump in time.
 */
export class FeedProof {
  /** Milliseconds between two lines that are doubted. */
  readonly jump: number;
  readonly #openedAt: number;
  readonly #silence: number;
  #lastAt: number;
  #askedAt: number;
  #wait: number;
  #asked = false;
  /** A read found nothing new since the newest line, so that a jump after it is only a pause. */
  #quiet = false;
  #arrivedSince = false;
  /** A read found lines that the stream had not brought. */
  #behind = false;

  /** `rate`: bytes a second; `openedAt` and all times: milliseconds since an arbitrary start. */
  constructor(rate: number, openedAt: number) {
    this.#openedAt = openedAt;
    this.#lastAt = openedAt;
    this.#askedAt = openedAt;
    this.#silence = Math.min(Math.max((SILENT_BYTES * SECOND) / Math.max(rate, 1), SHORTEST_SILENCE), LONGEST_SILENCE);
    this.#wait = this.#silence;
    this.jump = Math.max(SHORTEST_FILE, 2 * this.#silence);
  }

  arrived(now: number): void {
    this.#lastAt = now;
    this.#wait = this.#silence;
    this.#arrivedSince = true;
  }

  lineTaken(): void {
    this.#quiet = false;
  }

  isWanted(now: number): boolean {
    if (!this.#asked) return now - this.#openedAt >= FIRST;
    return now - Math.max(this.#lastAt, this.#askedAt) >= this.#wait;
  }

  /** Whether a line that came at `arrivedAt` may lie long after the one before it. */
  excuses(arrivedAt: number): boolean {
    return this.#quiet || arrivedAt - this.#openedAt < CATCH_UP;
  }

  /** A read was made that found the same file and `fresh` lines that the stream had not brought; false when the stream must be stuck. */
  asked(fresh: number, now: number): boolean {
    const isStuck = this.#behind && fresh > 0 && !this.#arrivedSince;
    this.#behind = fresh > 0;
    this.#quiet = fresh === 0;
    this.#arrivedSince = false;
    this.#asked = true;
    this.#askedAt = now;
    this.#wait = Math.min(this.#wait * 2, LONGEST_SILENCE);
    return !isStuck;
  }
}
