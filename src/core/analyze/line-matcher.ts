import type { LogLine } from '../model/log-line.ts';
import type { Matcher } from '../model/matcher.ts';
import { type FieldTest, fieldTest } from './fields/field-test.ts';
import { valueIn } from './fields/value-in.ts';
import { type CompiledPattern, compilePattern } from './pattern.ts';

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
        return patternOf(matcher.pattern).test(line.text);
      case 'field':
        return fieldOf(matcher.name, matcher.glob)(line);
      case 'value':
        return (valueIn(line, matcher.value) ?? 0) > matcher.above;
      case 'any':
        return matcher.matchers.some((inner) => matches(inner, line));
      case 'all':
        return matcher.matchers.every((inner) => matches(inner, line));
      default:
        return matcher satisfies never;
    }
  };
}
