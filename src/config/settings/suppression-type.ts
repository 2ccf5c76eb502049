import { list, oneOrMany } from '../../base/schema/collections.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { choice, text } from '../../base/schema/scalars.ts';
import { described, refine, type Type, withJson } from '../../base/schema/type.ts';
import type { Inhibition, Mute } from '../../core/model/suppression.ts';
import { labelMatch, labelName } from '../decode/label-match.ts';
import { timeZone } from '../decode/scalars.ts';

/** One entry of `inhibit`. */
export const inhibitType: Type<Inhibition> = object({
  source: required(described(labelMatch, 'Globs by label of the alerts that inhibit while they fire; a list means any of them.')),
  target: required(described(labelMatch, 'Of the alerts that are then not told.')),
  equal: optional(
    described(list(labelName), "Labels in which both must agree; `node` compares the nodes of the alert's pods."),
    [],
  ),
});

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY_MINUTES = 24 * 60;

const clockText = withJson(text('a time of day such as "22:00"'), { pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' });

/** Minutes since midnight of `HH:MM`. */
const clockTime: Type<number> = refine(clockText, (value, fail) => {
  const match = /^(\d\d):(\d\d)$/.exec(value);
  const minutes = Number(match?.[1]) * 60 + Number(match?.[2]);
  return match !== null && Number(match[2]) < 60 && minutes <= DAY_MINUTES
    ? minutes
    : fail(`expected a time of day from "00:00" to "24:00", found ${JSON.stringify(value)}`);
});

/** One entry of `mute`; its time zone is `null` when it says none. */
export const muteType: Type<Omit<Mute, 'timezone'> & { readonly timezone: string | null }> = refine(
  object({
    match: optional(described(labelMatch, 'Globs by alert label; a list means any of them. Left out: every alert.'), []),
    weekdays: optional(
      described(oneOrMany(choice(...WEEKDAYS), 1), 'On which the window begins. Left out: every day.'),
      WEEKDAYS,
    ),
    from: optional(described(clockTime, 'On the wall clock.'), 0),
    to: optional(described(clockTime, 'One that is not after `from` is on the next day.'), DAY_MINUTES),
    timezone: optional(described(timeZone(), 'IANA name; the default is `timezone` of the settings.'), null),
  }),
  ({ weekdays, ...rest }, fail) => {
    if (rest.from === rest.to) return fail('from and to are the same; a whole day is "00:00" to "24:00"', 'to');
    if (rest.from === DAY_MINUTES) return fail('expected from to be before "24:00"', 'from');
    return { ...rest, weekdays: new Set(weekdays.map((day) => WEEKDAYS.indexOf(day))) };
  },
);
