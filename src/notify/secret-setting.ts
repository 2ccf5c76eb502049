import { optional } from '../base/schema/object.ts';
import { text, textOrEmpty } from '../base/schema/scalars.ts';
import { anyRequired, refine, type Type, withJson } from '../base/schema/type.ts';
import type { SecretSetting } from './receiver-kind.ts';

/** The two keys of a required secret: its text (which may be empty) and its `_file` twin. */
export function secretFields<const Name extends string>(name: Name, expected: string) {
  const fields = { [name]: optional(textOrEmpty(expected), null), [`${name}_file`]: optional(text('the path of a file'), null) };
  // The computed keys are exactly these two; TypeScript widens them to string.
  return fields as Readonly<Record<Name | `${Name}_file`, ReturnType<typeof optional<string, null>>>>;
}

/** Requires exactly one of a secret and its `_file` twin. */
export function withOneOf<Spec extends Readonly<Record<string, unknown>>>(type: Type<Spec>, name: string): Type<Spec> {
  const refined = refine(type, (spec, fail) => {
    const given = typeof spec[name] === 'string';
    const file = typeof spec[`${name}_file`] === 'string';
    if (!given && !file) return fail(`missing key "${name}" (or "${name}_file")`);
    if (file && given && spec[name] !== '') return fail(`"${name}" and "${name}_file" exclude each other`);
    return spec;
  });
  return withJson(refined, anyRequired([name, `${name}_file`]));
}

/** A secret and its twin as one value. */
export function secretSetting(value: string | null, file: string | null): SecretSetting {
  return { text: value ?? '', file };
}
