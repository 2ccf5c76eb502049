import { isBuiltIn, type Matcher, type MatcherId, matcherId, patternsIn } from '../../model/matcher.ts';
import { type FieldTest, fieldPresence, fieldTest } from '../fields/field-test.ts';
import { isRequestField } from '../fields/request-field.ts';
import { valueIn } from '../fields/value-in.ts';
import type { Literal } from '../literal-scan.ts';
import { type CompiledPattern, compilePattern } from '../pattern.ts';
import { type Candidate, testEncoded } from './candidate.ts';
import { DeferredTests } from './deferred-tests.ts';
import type { LiteralHits } from './literal-hits.ts';
import { cheapFirst, isOfHead, isTakenBack } from './matcher-cost.ts';
import { allHold, noneHolds, oneHolds, type Test } from './matcher-test.ts';
import type { PatternRunner } from './pattern-runner.ts';
import { TakenByHead } from './taken-by-head.ts';

/** What one test, and all tests between two reliefs, may cost where lines are read: some milliseconds. */
export const COST_OF_TEST = 20_000;
const COST_AT_ONCE = 100_000;

/** The bit that a literal sets for a pattern. */
interface PatternPart {
  readonly pattern: number;
  readonly bit: number;
}

/** The matchers that the built-in columns do not answer, compiled for many records. */
export class MatcherSet {
  readonly ids: readonly MatcherId[];
  /** Literals of all patterns; `partsOf[i]` are the parts of patterns that literal i belongs to. */
  readonly literals: readonly Literal[];
  readonly partsOf: readonly (readonly PatternPart[])[];
  readonly #patterns: CompiledPattern[] = [];
  readonly #tests: readonly Test[];
  /** By pattern: the bits of all of its parts, and the matchers that need one of its literals. */
  readonly #whole: number[] = [];
  readonly #usersOf: readonly (readonly number[])[];
  /** The patterns of the matcher that is being compiled. */
  #used = new Set<number>();
  /** Counts records; by matcher: the last that it was tried for. */
  #record = 0;
  readonly #triedFor: number[];
  /**
   * Those that can match a record in which no required literal occurred: those that level and status decide then, of them those that stay so
   * whatever occurs and those that a literal may take back, and the others.
   */
  readonly #byHead: TakenByHead;
  readonly #surelyByHead: TakenByHead;
  readonly #takenBack: readonly number[];
  readonly #anyway: readonly number[];
  /** By matcher: the patterns in it. */
  readonly #patternsOf: readonly (readonly string[])[];
  readonly #runner: PatternRunner | null;
  readonly #deferred: DeferredTests | null;
  #mayCost = COST_AT_ONCE;
  /** Of the record that is being matched: the matchers that are not decided, and the patterns they wait for. */
  #open: number[] = [];
  #wanted: number[] = [];
  /** What the patterns of a deferred record came to. */
  #answers: ReadonlyMap<number, boolean | undefined> | null = null;

  /** Without a `runner`, every pattern is tested at once. */
  constructor(matchers: readonly Matcher[], runner: PatternRunner | null = null) {
    this.#runner = runner;
    this.#deferred = runner === null ? null : new DeferredTests(runner);
    const counted = new Map(matchers.filter((matcher) => !isBuiltIn(matcher)).map((matcher) => [matcherId(matcher), matcher]));
    this.ids = [...counted.keys()];
    this.#patternsOf = [...counted.values()].map(patternsIn);
    const indexes = new Map<string, number>();
    const used = [...counted.values()].map((matcher) => {
      this.#used = new Set();
      return { test: this.#compile(matcher, indexes), patterns: this.#used };
    });
    this.#tests = used.map(({ test }) => test);
    const all = [...counted.values()];
    const needsLiteral = all.map((matcher) => this.#needsLiteral(matcher, indexes));
    const isDecidedByHead = all.map((matcher) => this.#isDecidedByHead(matcher, indexes));
    this.#anyway = all.flatMap((_, index) => (isDecidedByHead[index] || needsLiteral[index] ? [] : [index]));
    const decided = all.flatMap((_, index) => (isDecidedByHead[index] && !needsLiteral[index] ? [index] : []));
    this.#takenBack = decided.filter((index) => isTakenBack(all[index]));
    const surely = decided.filter((index) => !isTakenBack(all[index]));
    [this.#byHead, this.#surelyByHead] = [new TakenByHead(decided, this.#tests), new TakenByHead(surely, this.#tests)];
    const ofHead = all.flatMap((matcher, index) => (isOfHead(matcher) ? [index] : []));
    const anyway = new Set([...this.#anyway, ...this.#takenBack, ...ofHead]);
    this.#usersOf = this.#patterns.map((_, pattern) =>
      used.flatMap(({ patterns }, index) => (patterns.has(pattern) && !anyway.has(index) ? [index] : [])),
    );
    this.#triedFor = new Array<number>(counted.size).fill(0);
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

  /** Those of `ids` that have all their counts: no pattern of them is suspended. */
  get counted(): readonly MatcherId[] {
    return this.ids.filter((_, index) => !this.#patternsOf[index]?.some((source) => this.#runner?.isSuspended(source)));
  }

  /**
   * Calls `matched` with the index (in `ids`) of every matcher that takes the record; `hits` are the candidate's. What would take long
   * is told to the candidate's `later` instead, before `settle` resolves.
   */
  match(candidate: Candidate, hits: LiteralHits, matched: (index: number) => void): void {
    const ofHead = (hits.count === 0 ? this.#byHead : this.#surelyByHead).of(candidate);
    for (let i = 0; i < ofHead.length; i++) matched(ofHead[i] ?? 0);
    for (let i = 0; i < this.#anyway.length; i++) this.#try(this.#anyway[i] ?? 0, candidate, matched);
    if (hits.count > 0) {
      for (let i = 0; i < this.#takenBack.length; i++) this.#try(this.#takenBack[i] ?? 0, candidate, matched);
      this.#tryFound(candidate, hits, matched);
    }
    if (this.#open.length > 0) this.#defer(candidate);
  }

  /** Called between pieces of a log. A promise is back-pressure: more records may be matched when it resolves. */
  relief(): Promise<void> | undefined {
    this.#mayCost = COST_AT_ONCE;
    return this.#deferred?.relief();
  }

  /** Resolves when all that was put off was told. */
  async settle(): Promise<void> {
    await this.#deferred?.settle();
  }

  /** Those for which a literal decides: only where all parts of one of their patterns occurred, and that are not taken already. */
  #tryFound(candidate: Candidate, { touched, count }: LiteralHits, matched: (index: number) => void): void {
    const record = ++this.#record;
    const { hits } = candidate;
    const taken = this.#surelyByHead.of(candidate);
    for (let i = 0; i < taken.length; i++) this.#triedFor[taken[i] ?? 0] = record;
    for (let found = 0; found < count; found++) {
      const pattern = touched[found] ?? 0;
      if (hits[pattern] !== this.#whole[pattern]) continue;
      const users = this.#usersOf[pattern] ?? [];
      for (let i = 0; i < users.length; i++) {
        const index = users[i] ?? 0;
        if (this.#triedFor[index] === record) continue;
        this.#triedFor[index] = record;
        this.#try(index, candidate, matched);
      }
    }
  }

  #try(index: number, candidate: Candidate, matched: (index: number) => void): void {
    const takes = this.#tests[index]?.(candidate);
    if (takes === true) matched(index);
    else if (takes === undefined) this.#open.push(index);
  }

  /** Hands the patterns that were not tested to the runner; what they decide is counted then. */
  #defer(candidate: Candidate): void {
    const [open, wanted] = [this.#open, this.#wanted];
    [this.#open, this.#wanted] = [[], []];
    const count = candidate.later?.();
    if (wanted.length === 0 || count === undefined) return;
    const { level, status } = candidate;
    const text = candidate.text();
    const kept: Candidate = { level, status, hits: candidate.hits.slice(), text: () => text };
    const sources = wanted.map((index) => this.#patterns[index]?.source ?? '');
    const answer = (matches: readonly (boolean | undefined)[]) => {
      this.#answers = new Map(wanted.map((pattern, index) => [pattern, matches[index]]));
      for (const index of open) if (this.#tests[index]?.(kept) === true) count(index);
      this.#answers = null;
    };
    this.#deferred?.add({ text, sources, answer });
  }

  /** Whether a pattern occurs in a record; `undefined` when that is still to be found out, or never will be. */
  #occurs(index: number, candidate: Candidate): boolean | undefined {
    const pattern = this.#patterns[index];
    if (pattern === undefined) return false;
    if (this.#answers?.has(index)) return this.#answers.get(index);
    if (this.#runner?.isSuspended(pattern.source)) return undefined;
    const answer = testEncoded(pattern, candidate);
    if (answer !== null) return answer;
    const text = candidate.text();
    if (this.#runner === null || candidate.later === undefined || this.#isQuick(pattern, text)) return pattern.test(text);
    if (!this.#wanted.includes(index)) this.#wanted.push(index);
    return undefined;
  }

  #isQuick(pattern: CompiledPattern, text: string): boolean {
    const cost = pattern.cost * text.length;
    if (cost > COST_OF_TEST || cost > this.#mayCost) return false;
    this.#mayCost -= cost;
    return true;
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
        const { pattern } = matcher;
        const index = this.#indexOf(pattern, indexes, () => compilePattern(pattern));
        const whole = this.#whole[index];
        return (candidate) => candidate.hits[index] === whole && this.#occurs(index, candidate);
      }
      case 'field':
        return this.#compileField(matcher.name, fieldTest(matcher.name, matcher.glob), indexes);
      case 'value': {
        const { value, above } = matcher;
        return this.#compileField(value.field, (source) => (valueIn(source, value) ?? 0) > above, indexes);
      }
      case 'any': {
        const tests = cheapFirst(matcher.matchers).map((inner) => this.#compile(inner, indexes));
        return (candidate) => oneHolds(tests, candidate);
      }
      case 'all': {
        const tests = cheapFirst(matcher.matchers).map((inner) => this.#compile(inner, indexes));
        return (candidate) => allHold(tests, candidate);
      }
      case 'not': {
        const tests = cheapFirst(matcher.matchers).map((inner) => this.#compile(inner, indexes));
        return (candidate) => noneHolds(tests, candidate);
      }
      default:
        return matcher satisfies never;
    }
  }

  /** Whether a key of that name may stand in a record shows its literals; a request's own fields have none. */
  #compileField(name: string, holds: FieldTest, indexes: Map<string, number>): Test {
    const index = this.#indexOf(fieldKey(name), indexes, () => fieldPresence(name));
    const whole = this.#whole[index];
    const ofRequests = isRequestField(name);
    return (candidate) =>
      (candidate.hits[index] === whole || (ofRequests && candidate.status !== 0)) &&
      holds({ text: candidate.text(), status: candidate.status });
  }

  #indexOf(key: string, indexes: Map<string, number>, compile: () => CompiledPattern): number {
    let index = indexes.get(key);
    if (index === undefined) {
      const pattern = compile();
      index = this.#patterns.push(pattern) - 1;
      this.#whole.push((1 << pattern.required.length) - 1);
      indexes.set(key, index);
    }
    this.#used.add(index);
    return index;
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

  /** Whether level and status alone decide in records in which no required literal occurred. */
  #isDecidedByHead(matcher: Matcher, indexes: Map<string, number>): boolean {
    if (isOfHead(matcher) || this.#needsLiteral(matcher, indexes)) return true;
    return 'matchers' in matcher && matcher.matchers.every((inner) => this.#isDecidedByHead(inner, indexes));
  }
}

/** Patterns are known by their source, which begins with no line end. */
function fieldKey(name: string): string {
  return `\nfield ${name}`;
}
