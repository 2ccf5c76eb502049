import { mapOf, oneOrMany } from '../../base/schema/collections.ts';
import { glob, text } from '../../base/schema/scalars.ts';
import { refine } from '../../base/schema/type.ts';

/** A label's name, as in Prometheus. */
export const LABEL_NAME = { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, expected: 'the name of a label' };

/** Globs by alert label, all of which must hold; or a list of such maps, any of which must. */
export const labelMatch = oneOrMany(mapOf(oneOrMany(glob(), 1), LABEL_NAME), 1);

export const labelName = refine(text('the name of a label'), (value, fail) =>
  LABEL_NAME.pattern.test(value) ? value : fail(`expected the name of a label, found ${JSON.stringify(value)}`),
);
