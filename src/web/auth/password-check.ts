import { createHmac, randomBytes } from 'node:crypto';
import { compare } from 'bcryptjs';

/** A browser sends its password with every request: one that was right counts for so long without another look. */
const REMEMBERED_MS = 5 * 60_000;
const MOST_REMEMBERED = 100;
/** Looking costs a tenth of a second of this process: so many wrong ones in a minute, and so many at once. */
const MOST_WRONG = 20;
const WRONG_SPAN_MS = 60_000;
const MOST_AT_ONCE = 2;

/** A user that does not exist takes as long as a wrong password. */
const NOBODY = '$2b$10$YLT7uTJfMkrEsBefiuD06OZ1LoL.c6v6xpmfE2pzofR8EMJTZGGh2';

/** Compares passwords with bcrypt hashes, within bounds that keep guessing from stopping the work. */
export class PasswordCheck {
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  /** Until when a pair of user and password is known to be right; by a keyed digest, so that no password lies in memory. */
  readonly #right = new Map<string, number>();
  #wrong: readonly number[] = [];
  #running = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `hash` is `null` for a user who does not exist. */
  async check(hash: string | null, user: string, password: string): Promise<'right' | 'wrong' | 'busy'> {
    const now = this.#now();
    const digest = createHmac('sha256', this.#key)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    if ((this.#right.get(digest) ?? 0) > now) return 'right';
    this.#wrong = this.#wrong.filter((at) => now - at < WRONG_SPAN_MS);
    if (this.#wrong.length >= MOST_WRONG || this.#running >= MOST_AT_ONCE) return 'busy';
    this.#running++;
    try {
      const matches = await compare(password, hash ?? NOBODY);
      if (hash !== null && matches) {
        if (this.#right.size >= MOST_REMEMBERED) this.#right.clear();
        this.#right.set(digest, now + REMEMBERED_MS);
        return 'right';
      }
    } finally {
      this.#running--;
    }
    this.#wrong = [...this.#wrong, now];
    return 'wrong';
  }
}
