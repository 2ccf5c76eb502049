import { describe, type Findings, type Position } from '../../base/node.ts';
import { object, required } from '../../base/schema/object.ts';
import { text } from '../../base/schema/scalars.ts';
import { described, type Type } from '../../base/schema/type.ts';
import { Secret } from '../../base/secret.ts';
import { type Guard, parseUsers } from '../../web/auth/page-auth.ts';
import { placed } from '../decode/scalars.ts';
import { readSecretFile, type SecretSource } from './secret-file.ts';

const FIELDS = { basic: 'users_file', bearer: 'token_file' } as const;

/** A guard as written: a word, or a kind with its file. */
export type WrittenGuard =
  | 'none'
  | 'loopback'
  | { readonly kind: keyof typeof FIELDS; readonly file: string; readonly at: Position };

const EXPECTED = 'none, loopback, { basic: { users_file: FILE } } or { bearer: { token_file: FILE } }';

const basic = object({
  users_file: required(
    described(placed(text('the path of a file')), 'Lines of NAME:HASH with a bcrypt hash, as `htpasswd -nB NAME` prints them.'),
  ),
});
const bearer = object({ token_file: required(described(placed(text('the path of a file')), 'Holds the token.')) });

/** One of `status_page.auth`'s two entries. */
export const guardType: Type<WrittenGuard> = {
  expected: EXPECTED,
  json: {
    anyOf: [
      { enum: ['none', 'loopback'] },
      { type: 'object', additionalProperties: false, required: ['basic'], properties: { basic: basic.json } },
      { type: 'object', additionalProperties: false, required: ['bearer'], properties: { bearer: bearer.json } },
    ],
  },
  decode(node, findings) {
    if (node.kind === 'scalar' && (node.value === 'none' || node.value === 'loopback')) return node.value;
    const [entry, another] = node.kind === 'map' ? node.entries : [];
    if (entry !== undefined && another === undefined && entry.key === 'basic') {
      const written = basic.decode(entry.value, findings)?.users_file;
      return written === undefined ? undefined : { kind: 'basic', file: written.value, at: written.at };
    }
    if (entry !== undefined && another === undefined && entry.key === 'bearer') {
      const written = bearer.decode(entry.value, findings)?.token_file;
      return written === undefined ? undefined : { kind: 'bearer', file: written.value, at: written.at };
    }
    findings.error(node.at, `expected ${EXPECTED}, found ${describe(node)}`);
    return undefined;
  },
};

/** The guard with its file read; a file that cannot be used is a problem, and then nobody is let in. */
export function openGuard(written: WrittenGuard, source: SecretSource, findings: Findings): Guard {
  if (typeof written === 'string') return { kind: written };
  const content = readSecretFile(written, source, findings);
  if (written.kind === 'basic') {
    const { users, problems } = content === '' ? { users: new Map<string, string>(), problems: [] } : parseUsers(content);
    for (const problem of problems) findings.error(written.at, `bad users_file: ${problem}`);
    return { kind: 'basic', users };
  }
  if (content !== '' && content.length < 16) findings.warning(written.at, 'a token of fewer than 16 characters can be guessed');
  if (/\s/.test(content)) findings.error(written.at, 'bad token_file: expected one token without white space');
  return { kind: 'bearer', token: new Secret(content) };
}
