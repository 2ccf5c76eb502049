import { compileGlob, globPattern } from '../../../base/glob.ts';
import { MIN_LITERAL } from '../literal-scan.ts';
import { type CompiledPattern, compilePattern } from '../pattern.ts';
import { type FieldSource, fieldOf } from './field-of.ts';

/** Whether a record's field is as wanted. */
export type FieldTest = (source: FieldSource) => boolean;

/** Tests a named field's value against a glob. Throws an Error with the reason when the glob is bad, or too large. */
export function fieldTest(name: string, glob: string): FieldTest {
  const matches = globTest(glob);
  return (source) => {
    const value = fieldOf(source, name);
    return value !== null && matches(value);
  };
}

/** With one star at most a glob takes linear time in any engine; further ones are left to RE2. */
function globTest(glob: string): (value: string) => boolean {
  const compiled = compileGlob(glob);
  if ((glob.match(/\*/g) ?? []).length <= 1) return (value) => compiled.matches(value);
  const pattern = compilePattern(`(?s)${globPattern(glob)}`);
  return (value) => pattern.test(value);
}

/** What occurs in every record that has a key of that name: the key as JSON or logfmt write it, of a nested one its last part. */
export function fieldPresence(name: string): CompiledPattern {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const literals = [`${last}"`, `${last}=`].map((text) => ({ text, folded: false }));
  const areLong = literals.every(({ text }) => Buffer.byteLength(text) >= MIN_LITERAL);
  return { source: '', cost: 1, required: areLong ? [literals] : [], test: () => true, testEncoded: () => true };
}
