import { describe, type MapNode } from '../../../base/node.ts';
import { suggestion } from '../../../base/schema/suggestion.ts';
import { anyRequired, type Type } from '../../../base/schema/type.ts';
import type { Matcher } from '../../model/matcher.ts';
import { decodeMatcher, MATCHER_KEYS, matcher } from './matcher-type.ts';

/**
 * A map in which matcher keys stand beside a condition's own, such as `{level: fatal, within: 10m}`. `own` is the type of those; without matcher
 * keys it is `fallback`, where there is one.
 */
export function besideMatcher<T extends object>(
  own: Type<T>,
  expected: string,
  fallback?: Matcher,
): Type<T & { readonly matcher: Matcher }> {
  const lines = matcher();
  const ownKeys = Object.keys(propertiesOf(own));
  const known = [...MATCHER_KEYS, ...ownKeys];
  return {
    expected,
    json: {
      ...own.json,
      type: 'object',
      ...(fallback === undefined ? anyRequired(MATCHER_KEYS) : {}),
      properties: { ...propertiesOf(lines), ...propertiesOf(own) },
    },
    decode(node, findings) {
      if (node.kind !== 'map') {
        findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
        return undefined;
      }
      const strange = node.entries.filter((entry) => !known.includes(entry.key));
      for (const { key, keyAt } of strange) findings.error(keyAt, `unknown key ${JSON.stringify(key)}${suggestion(key, known)}`);
      const limits = own.decode(
        part(node, (key) => ownKeys.includes(key)),
        findings,
      );
      const rest = part(node, (key) => !ownKeys.includes(key));
      const found = fallback !== undefined && rest.entries.length === 0 ? fallback : decodeMatcher(rest, findings);
      return strange.length > 0 || limits === undefined || found === undefined ? undefined : { ...limits, matcher: found };
    },
  };
}

function part(node: MapNode, takes: (key: string) => boolean): MapNode {
  return { ...node, entries: node.entries.filter(({ key }) => takes(key)) };
}

function propertiesOf({ json }: Type<unknown>): object {
  const properties = json['properties'];
  return typeof properties === 'object' && properties !== null ? properties : {};
}
