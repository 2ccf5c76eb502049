import type { LogLine } from '../../model/log-line.ts';
import type { Matcher } from '../../model/matcher.ts';
import { type FieldTest, fieldTest } from '../fields/field-test.ts';
import { valueIn } from '../fields/value-in.ts';
import { type CompiledPattern, compilePattern, SEARCHED_BYTES } from '../pattern.ts';

/** What one test may cost: evidence is not worth holding up the daemon. */
const MOST_COST = 100_000;

/** Tests stored lines against matchers, one by one: for evidence. Counting has its own faster way. */
export function lineMatcher(): (matcher: Matcher, line: LogLine) => boolean {
  const patterns = new Map<string, CompiledPattern>();
  const patternOf = (source: string) => {
    const known = patterns.get(source) ?? compilePattern(source);
    patterns.set(source, known);
    return known;
  };
  const fields = new Map<string, FieldTest>();
  const fieldOf = (name: string, glob: string) => {
    const key = JSON.stringify([name, glob]);
    const known = fields.get(key) ?? fieldTest(name, glob);
    fields.set(key, known);
    return known;
  };
  return function matches(matcher, line): boolean {
    switch (matcher.kind) {
      case 'everything':
        return true;
      case 'any_status':
        return line.status !== 0;
      case 'level':
        return line.level >= matcher.atLeast;
      case 'status_class':
        return Math.floor(line.status / 100) === matcher.class;
      case 'status':
        return line.status === matcher.status;
      case 'pattern':
        return mayMatch(patternOf(matcher.pattern), line.text) && testBeginning(patternOf(matcher.pattern), line.text);
      case 'field':
        return fieldOf(matcher.name, matcher.glob)(line);
      case 'value':
        return (valueIn(line, matcher.value) ?? 0) > matcher.above;
      case 'any':
        return matcher.matchers.some((inner) => matches(inner, line));
      case 'all':
        return matcher.matchers.every((inner) => matches(inner, line));
      case 'not':
        return !matcher.matchers.some((inner) => matches(inner, line));
      default:
        return matcher satisfies never;
    }
  };
}

/** Whether the text has what every match has: nearly no line does, and it is found a hundred times as fast. */
function mayMatch({ required }: CompiledPattern, text: string): boolean {
  let lower: string | null = null;
  return required.every((anyOf) =>
    anyOf.some((literal) => {
      if (!literal.folded) return text.includes(literal.text);
      // ASCII letters, none of which other characters are the same as in another case.
      lower ??= text.toLowerCase();
      return lower.includes(literal.text.toLowerCase());
    }),
  );
}

/** A line is looked at as far as a slow pattern gets in time, and never further than where lines are counted. */
function testBeginning(pattern: CompiledPattern, text: string): boolean {
  return pattern.test(text.slice(0, Math.min(SEARCHED_BYTES, Math.ceil(MOST_COST / pattern.cost))));
}
