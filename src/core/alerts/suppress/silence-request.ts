import { DAY, parseDuration } from '../../../base/duration.ts';
import { compileGlob } from '../../../base/glob.ts';
import { parseTime } from '../../../base/time.ts';
import type { Silence } from '../../model/silence.ts';

/** A silence as someone asks for it, in the API's writing; every field but `match` may be missing, none is checked yet. */
export interface SilenceRequest {
  readonly match?: unknown;
  readonly starts_at?: unknown;
  readonly ends_at?: unknown;
  /** A duration, instead of `ends_at`. */
  readonly for?: unknown;
  readonly comment?: unknown;
  readonly author?: unknown;
  readonly until_resolved?: unknown;
}

export const SILENCE_FIELDS = ['match', 'starts_at', 'ends_at', 'for', 'comment', 'author', 'until_resolved'] as const;

const LONGEST = 366 * DAY;
/** How long a silence that waits for a resolve lasts at most when nothing else is said. */
const UNTIL_RESOLVED = DAY;
const MOST_LABELS = 20;
const MOST_GLOBS = 20;
/** Each star multiplies what a hostile pattern can cost. */
const MOST_STARS = 5;
const GLOB_CHARACTERS = 256;
const COMMENT_CHARACTERS = 1_000;
const AUTHOR_CHARACTERS = 100;

/** Checks a request; the problems name their field, and there is at least one where there is no silence. */
export function readSilence(
  request: SilenceRequest,
  given: { readonly now: number; readonly id: string; readonly author: string },
): { readonly silence: Silence | null; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const tell = (problem: string): null => {
    problems.push(problem);
    return null;
  };
  for (const key of Object.keys(request)) {
    if (!SILENCE_FIELDS.some((known) => known === key))
      tell(`unknown field ${JSON.stringify(key.slice(0, 80))}; known are ${SILENCE_FIELDS.join(', ')}`);
  }
  const match = readMatch(request.match, tell);
  const span = readSpan(request, given.now, tell);
  const comment = readText(request.comment, { name: 'comment', max: COMMENT_CHARACTERS, otherwise: '' }, tell);
  const author = readText(request.author, { name: 'author', max: AUTHOR_CHARACTERS, otherwise: given.author }, tell);
  if (problems.length > 0 || match === null || span === null || comment === null || author === null)
    return { silence: null, problems };
  const marks = { untilResolved: request.until_resolved === true, covered: false, reminded: false };
  return { silence: { id: given.id, match, createdAt: given.now, ...span, comment, author, ...marks }, problems };
}

type Tell = (problem: string) => null;

function readMatch(match: unknown, tell: Tell): Silence['match'] | null {
  if (typeof match !== 'object' || match === null || Array.isArray(match))
    return tell('match: expected globs by label, such as {"namespace": "shop-*"}');
  const entries = Object.entries(match);
  if (entries.length === 0) return tell('match: a silence needs at least one matcher; alert=* is every alert');
  if (entries.length > MOST_LABELS) return tell(`match: at most ${MOST_LABELS} labels`);
  const read: [string, readonly string[]][] = [];
  for (const [key, value] of entries) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) tell(`match: expected the name of a label, found ${shown(key)}`);
    const globs: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (globs.length === 0 || globs.length > MOST_GLOBS)
      tell(`match.${key}: expected a glob, or a list of at most ${MOST_GLOBS}`);
    const good = globs.filter((glob) => isGlob(glob, key, tell));
    read.push([key, good]);
  }
  // Not an assignment: a label may be called `__proto__`.
  return Object.fromEntries(read);
}

function isGlob(glob: unknown, key: string, tell: Tell): glob is string {
  if (typeof glob !== 'string' || glob.length > GLOB_CHARACTERS) {
    tell(`match.${key}: expected a glob of at most ${GLOB_CHARACTERS} characters, found ${shown(glob)}`);
    return false;
  }
  if (glob.split('*').length - 1 > MOST_STARS) {
    tell(`match.${key}: a glob may have at most ${MOST_STARS} stars`);
    return false;
  }
  try {
    compileGlob(glob);
    return true;
  } catch (error) {
    tell(`match.${key}: bad glob ${shown(glob)}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function readSpan(
  request: SilenceRequest,
  now: number,
  tell: Tell,
): { readonly startsAt: number; readonly endsAt: number } | null {
  const { starts_at, ends_at, until_resolved } = request;
  if (until_resolved !== undefined && typeof until_resolved !== 'boolean')
    return tell(`until_resolved: expected true or false, found ${shown(until_resolved)}`);
  const startsAt = starts_at === undefined ? now : readTime(starts_at, 'starts_at', tell);
  if (startsAt === null) return null;
  if (request.for !== undefined && ends_at !== undefined) return tell('for: either for or ends_at, not both');
  let endsAt: number | null;
  if (ends_at !== undefined) endsAt = readTime(ends_at, 'ends_at', tell);
  else if (request.for !== undefined) {
    const length = typeof request.for === 'string' ? parseDuration(request.for) : null;
    if (length === null || length <= 0) return tell(`for: expected a duration such as 2h or 30m, found ${shown(request.for)}`);
    endsAt = startsAt + length;
  } else if (until_resolved === true) endsAt = startsAt + UNTIL_RESOLVED;
  else return tell('for: say how long, such as 2h; or ends_at, a time');
  if (endsAt === null) return null;
  if (endsAt <= startsAt) return tell('ends_at: expected a time after starts_at');
  if (endsAt <= now) return tell('ends_at: this time is over');
  if (endsAt - now > LONGEST) return tell('ends_at: a silence lasts at most 366 days; settings and annotations can do more');
  return { startsAt, endsAt };
}

function readTime(value: unknown, name: string, tell: Tell): number | null {
  const at = typeof value === 'string' ? parseTime(value) : null;
  return at ?? tell(`${name}: expected a time such as 2026-01-31T08:00Z, found ${shown(value)}`);
}

function readText(
  value: unknown,
  { name, max, otherwise }: { readonly name: string; readonly max: number; readonly otherwise: string },
  tell: Tell,
): string | null {
  if (value === undefined) return otherwise;
  if (typeof value !== 'string') return tell(`${name}: expected a text, found ${shown(value)}`);
  return value.length <= max ? value.trim() : tell(`${name}: at most ${max} characters`);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
