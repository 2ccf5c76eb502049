import { messageOf } from '../../base/errors.ts';
import { object, required } from '../../base/schema/object.ts';
import { choice, text } from '../../base/schema/scalars.ts';
import { described, refine, type Type, withJson } from '../../base/schema/type.ts';
import type { Redaction } from '../../core/analyze/redact.ts';
import { userPattern } from '../../core/analyze/redaction/user-pattern.ts';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** An item of `logs.redact`: a pattern set, or a pattern of the user's. */
export function redaction(): Type<Redaction> {
  const set = choice('default', 'email', 'ip');
  const own = object(
    {
      name: required(described(secretName(), 'What stands in its place: [redacted:NAME].')),
      pattern: required(described(pattern(), 'RE2 syntax, at most 100 instructions.')),
    },
    'a pattern set (default, email, ip) or a map with name and pattern',
  );
  return {
    expected: own.expected,
    json: { anyOf: [set.json, own.json] },
    decode: (node, findings) => (node.kind === 'map' ? own : set).decode(node, findings),
  };
}

function secretName(): Type<string> {
  const expected = 'a name of small letters, digits and dashes';
  const name = refine(text(expected), (value, fail) =>
    NAME.test(value) ? value : fail(`expected ${expected}, found ${JSON.stringify(value)}`),
  );
  return withJson(name, { pattern: NAME.source });
}

function pattern(): Type<string> {
  return refine(text('a regular expression (RE2)'), (source, fail) => {
    try {
      userPattern({ name: 'x', pattern: source });
      return source;
    } catch (error) {
      return fail(messageOf(error));
    }
  });
}
