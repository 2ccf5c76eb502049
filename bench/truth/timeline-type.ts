import { MINUTE, SECOND } from '../../src/base/duration.ts';
import { list, mapOf, oneOrMany } from '../../src/base/schema/collections.ts';
import { object, optional, required } from '../../src/base/schema/object.ts';
import { duration, glob, text } from '../../src/base/schema/scalars.ts';
import { described, refine, type Value } from '../../src/base/schema/type.ts';
import { LABEL_NAME } from '../../src/config/decode/label-match.ts';
import { placed } from '../../src/config/decode/scalars.ts';
import { clockTime } from '../../src/config/rule-tests/test-scalars.ts';
import { sceneEntries } from '../../src/config/rule-tests/test-type.ts';

const whose = {
  say: required(described(oneOrMany(glob(), 1), 'The alert that names the cause; of several any.')),
  about: optional(described(mapOf(glob(), LABEL_NAME), 'Labels that it must have.'), new Map()),
};

const truthEntry = object({
  ...whose,
  from: required(described(clockTime, 'When it begins to be true.')),
  by: required(described(clockTime, 'When they must know.')),
  until: optional(described(clockTime, 'It is not over before: an end that is told earlier is false.'), null),
  over: optional(described(clockTime, 'When they must know that it is over, and hear of it no more.'), null),
});

/** One thing that people must be told. */
const truth = refine(truthEntry, (value, fail) => {
  const { from, by, until, over } = value;
  if (by < from) return fail('expected "by" to be no earlier than "from"', 'by');
  if (until !== null && until < from) return fail('expected "until" to be no earlier than "from"', 'until');
  return over !== null && over < (until ?? from) ? fail('expected "over" to be no earlier than "until"', 'over') : value;
});

const span = { at: required(clockTime), until: required(clockTime) };

const timeline = object({
  name: required(text('what happens')),
  why: optional(described(text('a reason'), 'Why it is labelled so; for readers only.'), null),
  every: optional(described(duration(MINUTE), 'How often a cycle collects; the pods are also watched in between.'), 10 * MINUTE),
  until: required(described(clockTime, 'The end of the timeline.')),
  ...sceneEntries,
  down: optional(described(list(object(span)), 'No cycle collects: Tocsin or the API server is gone.'), []),
  clock: optional(
    described(list(object({ ...span, ahead: required(duration(SECOND)) })), "Tocsin's own clock is ahead by so much."),
    [],
  ),
  truth: required(described(list(truth), 'What must be told; an empty list when nothing.')),
  may: optional(described(list(object(whose)), 'What may be told or not, and counts for nothing.'), []),
});

/** A file of labelled timelines; docs/truth.md. */
export const timelineFileType = object({ timelines: required(list(placed(timeline), 1)) });

export type Timeline = Value<typeof timeline>;
export type Truth = Value<typeof truth>;
