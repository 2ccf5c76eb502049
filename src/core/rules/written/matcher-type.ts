import { messageOf } from '../../../base/errors.ts';
import { describe, type Findings, type Node } from '../../../base/node.ts';
import { list, mapOf, oneOrMany } from '../../../base/schema/collections.ts';
import { choice, glob, text } from '../../../base/schema/scalars.ts';
import { suggestion } from '../../../base/schema/suggestion.ts';
import { anyRequired, type JsonSchema, refine, type Type, withJson } from '../../../base/schema/type.ts';
import { fieldTest } from '../../analyze/fields/field-test.ts';
import { compilePattern } from '../../analyze/pattern.ts';
import { LEVELS, type Level } from '../../model/log-line.ts';
import type { Matcher } from '../../model/matcher.ts';

export const [, ...NAMED_LEVELS] = LEVELS;

const level: Type<Matcher> = refine(choice(...NAMED_LEVELS), (name) => ({ kind: 'level', atLeast: levelOf(name) }));

const status: Type<Matcher> = refine(oneOrMany(statusMatcher(), 1), anyOf);

const patternText = text('a regular expression (RE2)');

/**
 * For editors: no look-around, no back-reference, as far as another kind of expression can say so of an expression. Character classes
 * and escapes are passed over, since in them the same letters mean themselves.
 */
const RE2_OUTLINE = String.raw`^(?:\[(?:\^|(?!\^))(?:\]|(?!\]))(?:[^\]\\]|\\[\s\S])*\]|\\[^1-9]|\((?!\?<?[=!])|[^\\([])*$`;

const pattern: Type<Matcher> = {
  ...patternText,
  json: { ...patternText.json, pattern: RE2_OUTLINE },
  decode(node, findings) {
    const source = patternText.decode(node, findings);
    if (source === undefined) return undefined;
    try {
      const compiled = compilePattern(source);
      if (SHORTEST.every((line) => compiled.test(line)))
        findings.warning(node.at, `the pattern ${JSON.stringify(source)} can match every line`);
      return { kind: 'pattern', pattern: source };
    } catch (error) {
      findings.error(node.at, messageOf(error));
      return undefined;
    }
  },
};

/** Lines that have nothing in common: what takes them all says nothing. */
const SHORTEST = ['x', '7', '-', ' ', 'É'];

const field: Type<Matcher> = refine(withJson(mapOf(oneOrMany(fieldGlob(), 1)), { minProperties: 1 }), (globs, fail) => {
  const fields = [...globs].map(([name, each]) => anyOf(each.map((one) => ({ kind: 'field', name, glob: one }))));
  const [only] = fields;
  if (only === undefined) return fail('expected at least one field such as {method: POST}');
  return fields.length === 1 ? only : { kind: 'all', matchers: fields };
});

/** MATCHER's keys; `any`, `all` and `not` hold matchers themselves. */
const KEYS: Readonly<Record<string, () => Type<Matcher>>> = {
  level: () => level,
  status: () => status,
  pattern: () => pattern,
  field: () => field,
  any: () => refine(list(matcher(), 1), (matchers) => ({ kind: 'any', matchers })),
  all: () => refine(list(matcher(), 1), (matchers) => ({ kind: 'all', matchers })),
  not: () => refine(matcher(), (inner) => ({ kind: 'not', matchers: [inner] })),
};

export const MATCHER_KEYS: readonly string[] = Object.keys(KEYS);

/** Matchers hold matchers. */
const matcherList = { type: 'array', minItems: 1, items: { $ref: '#/$defs/matcher' } };
const matcherProperties = {
  level: level.json,
  status: status.json,
  pattern: pattern.json,
  field: field.json,
  any: matcherList,
  all: matcherList,
  not: { $ref: '#/$defs/matcher' },
};

/** A matcher, for editors; a schema that uses it defines `matcher` as this. */
export const MATCHER_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: matcherProperties,
  ...anyRequired(Object.keys(matcherProperties)),
};

/** MATCHER of interface.md section 4: `{level: error}`, `{status: 5xx}`, `{pattern: REGEX}`, `{field: {name: GLOB}}`, `{any: […]}`, `{all: […]}`, and `{not: MATCHER}`; of several keys all must hold. */
export function matcher(): Type<Matcher> {
  return {
    expected: 'a matcher such as {level: error} or {status: 5xx}',
    json: MATCHER_SCHEMA,
    decode(node, findings) {
      if (node.kind === 'map') {
        const strange = node.entries.filter((entry) => !MATCHER_KEYS.includes(entry.key));
        for (const { key, keyAt } of strange)
          findings.error(keyAt, `unknown key ${JSON.stringify(key)}${suggestion(key, MATCHER_KEYS)}`);
        if (strange.length > 0) return undefined;
      }
      return decodeMatcher(node, findings);
    },
  };
}

/** The matcher that a map's MATCHER keys make, whatever other keys stand beside them. */
export function decodeMatcher(node: Node, findings: Findings): Matcher | undefined {
  if (node.kind !== 'map') {
    findings.error(node.at, `expected a matcher such as {level: error} or {status: 5xx}, found ${describe(node)}`);
    return undefined;
  }
  const matchers: (Matcher | undefined)[] = [];
  for (const { key, value } of node.entries) if (Object.hasOwn(KEYS, key)) matchers.push(KEYS[key]?.().decode(value, findings));
  if (matchers.length === 0) {
    findings.error(node.at, `expected one of ${MATCHER_KEYS.join(', ')}`);
    return undefined;
  }
  const known = matchers.filter((each) => each !== undefined);
  if (known.length < matchers.length) return undefined;
  const [only] = known;
  return only !== undefined && known.length === 1 ? only : { kind: 'all', matchers: known };
}

/** Of a pattern so much is shown where people read it: the rule file has all of it. */
const PATTERN_CHARACTERS = 40;

/** A matcher as words before "lines": `error`, `status 5xx`, `/panic/`. */
export function matcherText(each: Matcher): string {
  switch (each.kind) {
    case 'level':
      return LEVELS[each.atLeast];
    case 'status_class':
      return `status ${each.class}xx`;
    case 'status':
      return `status ${each.status}`;
    case 'pattern':
      return `/${shown(each.pattern)}/`;
    case 'field':
      return `${each.name}=${shown(each.glob)}`;
    case 'value':
      return `${each.value.field} above ${each.above}`;
    case 'any':
      return alternatives(each.matchers).join(' or ');
    case 'all':
      return each.matchers.map(matcherText).join(' and ');
    case 'not':
      return `not ${alternatives(each.matchers).join(' or ')}`;
    case 'everything':
      return 'all';
    case 'any_status':
      return 'status';
    default:
      return each satisfies never;
  }
}

function shown(text: string): string {
  return text.length > PATTERN_CHARACTERS ? `${text.slice(0, PATTERN_CHARACTERS)}…` : text;
}

/** The lines that a matcher takes, as a condition's text names them: `error lines`, `/panic/ lines`, `lines`. */
export function namedLines(each: Matcher): string {
  return each.kind === 'everything' ? 'lines' : `${matcherText(each)} lines`;
}

/** Several expressions in a row tell a reader nothing: their number does. */
function alternatives(matchers: readonly Matcher[]): readonly string[] {
  const patterns = matchers.filter(({ kind }) => kind === 'pattern').length;
  if (patterns < 2) return matchers.map(matcherText);
  return [...matchers.filter(({ kind }) => kind !== 'pattern').map(matcherText), `one of ${patterns} patterns`];
}

/** So many of the lines that a matcher takes, for a headline: `1 fatal line`, `3 lines with status 5xx`, `2 matching lines`. */
export function countedLines(each: Matcher, count: number): string {
  return `${count} ${linesText(each, count === 1 ? 'line' : 'lines')}`;
}

/** The lines that a matcher takes, without the expressions: those belong into the rule's own text. */
export function linesText(each: Matcher, lines = 'lines'): string {
  switch (each.kind) {
    case 'level':
      return `${LEVELS[each.atLeast]} ${lines}`;
    case 'status_class':
    case 'status':
    case 'field':
    case 'value':
      return `${lines} with ${matcherText(each)}`;
    case 'any_status':
      return `${lines} with a status`;
    case 'everything':
      return lines;
    case 'pattern':
    case 'any':
    case 'all':
    case 'not':
      return `matching ${lines}`;
    default:
      return each satisfies never;
  }
}

/** A glob as text: the line's analysis compiles it in its own way. */
function fieldGlob(): Type<string> {
  return refine(glob(), ({ source }, fail) => {
    try {
      fieldTest('name', source);
      return source;
    } catch (error) {
      return fail(messageOf(error));
    }
  });
}

function statusMatcher(): Type<Matcher> {
  const expected = 'an HTTP status such as 503, a class such as 5xx, or "*" for any';
  return {
    expected,
    json: {
      anyOf: [
        { type: 'string', pattern: '^([1-5][xX][xX]|[1-5][0-9][0-9]|\\*)$' },
        { type: 'integer', minimum: 100, maximum: 599 },
      ],
    },
    decode(node, findings) {
      const written = node.kind === 'scalar' ? String(node.value) : '';
      if (written === '*') return { kind: 'any_status' };
      if (/^[1-5]xx$/i.test(written)) return { kind: 'status_class', class: Number(written[0]) };
      if (/^[1-5]\d\d$/.test(written)) return { kind: 'status', status: Number(written) };
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}

function anyOf(matchers: readonly Matcher[]): Matcher {
  const [only] = matchers;
  return only !== undefined && matchers.length === 1 ? only : { kind: 'any', matchers };
}

/** The level of a name. */
export function levelOf(name: (typeof NAMED_LEVELS)[number]): Level {
  const levels: Readonly<Record<typeof name, Level>> = { trace: 1, debug: 2, info: 3, warning: 4, error: 5, fatal: 6 };
  return levels[name];
}
