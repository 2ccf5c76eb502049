import { isBuiltIn, type Matcher, type MatcherId, matcherId } from '../model/matcher.ts';
import { type FieldTest, fieldPresence, fieldTest } from './fields/field-test.ts';
import { isRequestField } from './fields/request-field.ts';
import { valueIn } from './fields/value-in.ts';
import type { Literal } from './literal-scan.ts';
import { type CompiledPattern, compilePattern } from './pattern.ts';

/** What matchers see of a record. */
export interface Candidate {
  readonly level: number;
  readonly status: number;
  /** By pattern index: a bit for each part of the pattern of which a literal occurred in the record. */
  readonly hits: Uint8Array;
  /** The beginning of the record's text, as far as patterns search. */
  readonly text: () => string;
}

/** The bit that a literal sets for a pattern. */
interface PatternPart {
  readonly pattern: number;
  readonly bit: number;
}

type Test = (candidate: Candidate) => boolean;

/** The matchers that the built-in columns do not answer, compiled for many records. */
export class MatcherSet {
  readonly ids: readonly MatcherId[];
  /** Literals of all patterns; `partsOf[i]` are the parts of patterns that literal i belongs to. */
  readonly literals: readonly Literal[];
  readonly partsOf: readonly (readonly PatternPart[])[];
  readonly #patterns: CompiledPattern[] = [];
  readonly #tests: readonly Test[];
  /** Those that can match a record in which no required literal occurred. */
  readonly #anyway: readonly number[];

  constructor(matchers: readonly Matcher[]) {
    const counted = new Map(matchers.filter((matcher) => !isBuiltIn(matcher)).map((matcher) => [matcherId(matcher), matcher]));
    this.ids = [...counted.keys()];
    const indexes = new Map<string, number>();
    this.#tests = [...counted.values()].map((matcher) => this.#compile(matcher, indexes));
    this.#anyway = [...counted.values()].flatMap((matcher, index) => (this.#needsLiteral(matcher, indexes) ? [] : [index]));
    const literals = new Map<string, { literal: Literal; parts: PatternPart[] }>();
    for (const [pattern, { required }] of this.#patterns.entries()) {
      for (const [part, literal] of required.flatMap((anyOf, index) => anyOf.map((one) => [index, one] as const))) {
        const key = `${literal.folded} ${literal.folded ? literal.text.toLowerCase() : literal.text}`;
        const entry = literals.get(key) ?? { literal, parts: [] };
        entry.parts.push({ pattern, bit: 1 << part });
        literals.set(key, entry);
      }
    }
    this.literals = [...literals.values()].map((entry) => entry.literal);
    this.partsOf = [...literals.values()].map((entry) => entry.parts);
  }

  /** How many patterns a candidate's `hits` has room for. */
  get patterns(): number {
    return this.#patterns.length;
  }

  /** Calls `matched` with the index (in `ids`) of every matcher that takes the record; `hasHits`: one of its `hits` is set. */
  match(candidate: Candidate, hasHits: boolean, matched: (index: number) => void): void {
    if (hasHits) {
      for (const [index, test] of this.#tests.entries()) if (test(candidate)) matched(index);
      return;
    }
    for (const index of this.#anyway) if (this.#tests[index]?.(candidate)) matched(index);
  }

  #compile(matcher: Matcher, indexes: Map<string, number>): Test {
    switch (matcher.kind) {
      case 'everything':
        return () => true;
      case 'any_status':
        return ({ status }) => status !== 0;
      case 'level':
        return ({ level }) => level >= matcher.atLeast;
      case 'status_class':
        return ({ status }) => Math.floor(status / 100) === matcher.class;
      case 'status':
        return ({ status }) => status === matcher.status;
      case 'pattern': {
        const index = this.#indexOf(matcher.pattern, indexes);
        const pattern = this.#patterns[index];
        const whole = (1 << (pattern?.required.length ?? 0)) - 1;
        return ({ hits, text }) => hits[index] === whole && pattern?.test(text()) === true;
      }
      case 'field':
        return this.#compileField(matcher.name, fieldTest(matcher.name, matcher.glob), indexes);
      case 'value': {
        const { value, above } = matcher;
        return this.#compileField(value.field, (source) => (valueIn(source, value) ?? 0) > above, indexes);
      }
      case 'any': {
        const tests = cheapFirst(matcher.matchers).map((inner) => this.#compile(inner, indexes));
        return (candidate) => tests.some((test) => test(candidate));
      }
      case 'all': {
        const tests = cheapFirst(matcher.matchers).map((inner) => this.#compile(inner, indexes));
        return (candidate) => tests.every((test) => test(candidate));
      }
      default:
        return matcher satisfies never;
    }
  }

  /** Whether a key of that name may stand in a record shows its literals; a request's own fields have none. */
  #compileField(name: string, holds: FieldTest, indexes: Map<string, number>): Test {
    const key = fieldKey(name);
    const index = indexes.get(key) ?? this.#patterns.push(fieldPresence(name)) - 1;
    indexes.set(key, index);
    const whole = (1 << (this.#patterns[index]?.required.length ?? 0)) - 1;
    const ofRequests = isRequestField(name);
    return (candidate) =>
      (candidate.hits[index] === whole || (ofRequests && candidate.status !== 0)) &&
      holds({ text: candidate.text(), status: candidate.status });
  }

  #indexOf(source: string, indexes: Map<string, number>): number {
    const known = indexes.get(source);
    if (known !== undefined) return known;
    indexes.set(source, this.#patterns.length);
    return this.#patterns.push(compilePattern(source)) - 1;
  }

  /** Whether the matcher can only take records in which a required literal occurred. */
  #needsLiteral(matcher: Matcher, indexes: Map<string, number>): boolean {
    if (matcher.kind === 'pattern') return this.#patterns[indexes.get(matcher.pattern) ?? -1]?.required.length !== 0;
    if (matcher.kind === 'field' || matcher.kind === 'value') {
      const name = matcher.kind === 'field' ? matcher.name : matcher.value.field;
      return !isRequestField(name) && this.#patterns[indexes.get(fieldKey(name)) ?? -1]?.required.length !== 0;
    }
    if (matcher.kind === 'any') return matcher.matchers.every((inner) => this.#needsLiteral(inner, indexes));
    if (matcher.kind === 'all') return matcher.matchers.some((inner) => this.#needsLiteral(inner, indexes));
    return false;
  }
}

/** Patterns are known by their source, which begins with no line end. */
function fieldKey(name: string): string {
  return `\nfield ${name}`;
}

const COSTLY: ReadonlySet<Matcher['kind']> = new Set(['pattern', 'field', 'value']);

/** Levels and statuses before patterns. */
function cheapFirst(matchers: readonly Matcher[]): readonly Matcher[] {
  const cost = (matcher: Matcher): number => ('matchers' in matcher ? 1 : COSTLY.has(matcher.kind) ? 2 : 0);
  return matchers.toSorted((a, b) => cost(a) - cost(b));
}
