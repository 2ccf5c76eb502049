import { text } from '../../../base/schema/scalars.ts';
import { refine, type Type, withJson } from '../../../base/schema/type.ts';

/** `3 of 10`: so many of the last minutes. */
export interface MinuteCount {
  readonly bad: number;
  readonly of: number;
}

/** Minutes that `N of M` may look back: a day. */
const MOST_MINUTES = 1440;

export function minutesOf(): Type<MinuteCount> {
  const written = withJson(text('minutes such as 3 of 10'), { pattern: '^\\s*(?!0+ )\\d{1,4} of \\d{1,4}\\s*$' });
  return refine(written, (value, fail) => {
    const match = /^(\d{1,4}) of (\d{1,4})$/.exec(value.trim());
    const [bad, of] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || bad < 1 || of < bad || of > MOST_MINUTES)
      return fail(`expected minutes such as 3 of 10, at most ${MOST_MINUTES}, found ${JSON.stringify(value)}`);
    return { bad, of };
  });
}
