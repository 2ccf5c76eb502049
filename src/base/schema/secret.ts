import { describe } from '../node.ts';
import { Secret } from '../secret.ts';
import type { Type } from './type.ts';

/**
 * A text that must not be shown; may be empty (an unset environment variable). One that stands in the file itself is a warning
 * where `sensitive` says so. `writeOnly` in the JSON Schema marks it: the settings accept a `<key>_file` beside every such key.
 */
export function secret(expected = 'a text', sensitive: (text: string) => boolean = () => true): Type<Secret> {
  return {
    expected,
    json: { type: ['string', 'null'], writeOnly: true },
    decode(node, findings) {
      if (node.kind === 'scalar' && node.value === null) return new Secret('');
      if (node.kind !== 'scalar' || typeof node.value !== 'string') {
        findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
        return undefined;
      }
      if (node.value !== '' && !node.substituted && sensitive(node.value))
        findings.warning(node.at, 'a secret stands in the file itself; take it from the environment or from a file');
      return new Secret(node.value);
    },
  };
}
