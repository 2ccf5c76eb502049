import { parseDuration } from '../duration.ts';
import { compileGlob, type Glob } from '../glob.ts';
import { describe, writtenText } from '../node.ts';
import { parseSize } from '../size.ts';
import { hint } from './suggestion.ts';
import type { JsonSchema, Type } from './type.ts';

function scalar<T>(expected: string, json: JsonSchema, read: (value: string | number | boolean) => T | undefined): Type<T> {
  return {
    expected,
    json,
    decode(node, findings) {
      if (node.kind === 'scalar' && node.value !== null) {
        const value = read(node.value) ?? (node.substituted ? readAgain(node.value, read) : undefined);
        if (value !== undefined) return value;
      }
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}

/** What came from the environment is a text: `true` and `12` are taken as what they look like. */
function readAgain<T>(value: string | number | boolean, read: (value: number | boolean) => T | undefined): T | undefined {
  if (value === 'true' || value === 'false') return read(value === 'true');
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? read(Number(value)) : undefined;
}

/** A text that is not empty. */
export function text(expected = 'a text'): Type<string> {
  return scalar(expected, { type: 'string', minLength: 1 }, (value) =>
    typeof value === 'string' && value !== '' ? value : undefined,
  );
}

/** A text that may be empty: what an unset environment variable leaves. */
export function textOrEmpty(expected = 'a text'): Type<string> {
  return {
    expected,
    json: { type: ['string', 'null'] },
    decode(node, findings) {
      if (node.kind === 'scalar' && node.value === null) return '';
      if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}

export function flag(): Type<boolean> {
  return scalar('true or false', { type: 'boolean' }, (value) => (typeof value === 'boolean' ? value : undefined));
}

/** Only `true`: a condition's switch such as `not_ready: true`. */
export function onlyTrue(): Type<true> {
  return scalar('true', { const: true }, (value) => (value === true ? true : undefined));
}

export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): Type<number> {
  const expected = max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return scalar(expected, { type: 'integer', minimum: min, maximum: max }, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined,
  );
}

export function number(min = 0): Type<number> {
  return scalar(`a number of at least ${min}`, { type: 'number', minimum: min }, (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= min ? value : undefined,
  );
}

/** Milliseconds of a duration such as `90s`, `10m`, `24h`; at least `min` ms. */
export function duration(min = 0): Type<number> {
  return scalar(
    `a duration such as 90s, 10m or 24h${min > 0 ? `, at least ${min / 1000}s` : ''}`,
    { type: 'string', pattern: min > 0 ? '^(?=.*[1-9])(\\d+(ms|s|m|h|d))+$' : '^(\\d+(ms|s|m|h|d))+$' },
    (value) => {
      const ms = typeof value === 'string' ? parseDuration(value) : null;
      return ms !== null && ms >= min ? ms : undefined;
    },
  );
}

/** As {@link parseSize} reads it, for editors. */
const SIZE = '^\\d+(\\.\\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$';

/** Bytes of a size such as `64Mi`. */
export function size(): Type<number> {
  return scalar('a size such as 64Mi or 2Gi', { type: ['string', 'integer'], pattern: SIZE, minimum: 0 }, (value) => {
    if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
    return typeof value === 'string' ? (parseSize(value) ?? undefined) : undefined;
  });
}

/** The fraction of a percentage: `5%` is 0.05. */
export function percentage(): Type<number> {
  return scalar('a percentage such as 90%', { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' }, (value) => {
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value) : null;
    return match === null ? undefined : Number(match[1]) / 100;
  });
}

export function choice<const T extends string>(...choices: readonly T[]): Type<T> {
  const expected = `one of ${choices.join(', ')}`;
  return {
    expected,
    json: { enum: choices },
    decode(node, findings) {
      const found = node.kind === 'scalar' ? node.value : null;
      const chosen = choices.find((each) => each === found);
      if (chosen !== undefined) return chosen;
      const meant = typeof found === 'string' ? hint(found, choices) : '';
      findings.error(node.at, `expected ${expected}, found ${describe(node)}${meant}`);
      return undefined;
    },
  };
}

/** A glob; numbers and booleans count as they are written. */
export function glob(): Type<Glob> {
  const expected = 'a glob such as shop-*';
  return {
    expected,
    json: { type: ['string', 'number', 'boolean'] },
    decode(node, findings) {
      const text = node.kind === 'scalar' ? writtenText(node) : null;
      if (text === null) {
        findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
        return undefined;
      }
      try {
        return compileGlob(text);
      } catch (error) {
        findings.error(node.at, `bad glob ${JSON.stringify(text)}: ${error instanceof Error ? error.message : error}`);
        return undefined;
      }
    },
  };
}
