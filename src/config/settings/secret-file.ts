import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Findings, Node, Position } from '../../base/node.ts';
import { Secret } from '../../base/secret.ts';
import type { SecretSetting } from '../../notify/receiver-kind.ts';
import { whyUnreadable } from '../decode/config-file.ts';

const MAX_SECRET_BYTES = 64 * 1024;

/** Where secrets are read: paths are relative to the settings file, and every file read is noted, so that its change reloads. */
export interface SecretSource {
  readonly folder: string;
  /** What each file held, by path. */
  readonly files: Map<string, string>;
}

/**
 * The secret behind a setting: its text, or its file's content without white space around it. `section` is the map that `name`
 * (`webhook_url`, `headers.Authorization`) is a key of. A secret that stands in the settings file itself is a warning.
 */
export function readSecret(
  setting: SecretSetting,
  where: { readonly section: Node; readonly name: string },
  source: SecretSource,
  findings: Findings,
): Secret {
  if (setting.file === null) {
    const node = find(where.section, where.name.split('.'));
    if (node?.kind === 'scalar' && !node.substituted && isTelling(where.name, setting.text))
      findings.warning(
        node.at,
        `${where.name} is a secret and stands in the file itself: better \${NAME} or ${twinOf(where.name)}`,
      );
    return new Secret(setting.text);
  }
  const at = find(where.section, twinOf(where.name).split('.'))?.at ?? where.section.at;
  return new Secret(readText(resolve(source.folder, setting.file), at, source, findings));
}

/** The content of a file that a setting names, without white space around it; one that is empty is a problem. */
export function readSecretFile(
  { file, at }: { readonly file: string; readonly at: Position },
  source: SecretSource,
  findings: Findings,
): string {
  const path = resolve(source.folder, file);
  const before = findings.problems.length;
  const text = readText(path, at, source, findings);
  if (text === '' && findings.problems.length === before) findings.error(at, `could not use secret file ${path}: it is empty`);
  return text;
}

function readText(path: string, at: Position, source: SecretSource, findings: Findings): string {
  source.files.set(path, '');
  try {
    if (statSync(path).size > MAX_SECRET_BYTES) {
      findings.error(at, `could not read secret file ${path}: it is larger than 64 KiB`);
      return '';
    }
    const text = readFileSync(path, 'utf8').trim();
    source.files.set(path, text);
    return text;
  } catch (error) {
    findings.error(at, `could not read secret file ${path}: ${whyUnreadable(error)}`);
    return '';
  }
}

/** `webhook_url_file`, `headers_file.Authorization`. */
function twinOf(name: string): string {
  const [first = '', ...rest] = name.split('.');
  return [`${first}_file`, ...rest].join('.');
}

function find(node: Node, path: readonly string[]): Node | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return node;
  const next = node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  return next === undefined ? undefined : find(next, rest);
}

/** Whether the text gives something away: `smtp://mail:25` and `https://example.com/hook` do not. */
function isTelling(name: string, text: string): boolean {
  if (text === '') return false;
  // Whoever has a webhook's address can post to it, whatever it looks like.
  if (name === 'webhook_url') return true;
  if (name.startsWith('headers.')) return /auth|cookie|token|key|secret/i.test(name);
  const url = URL.parse(text);
  if (url === null || url.password !== '' || url.search.length > 16) return true;
  return /[\w-]{16,}/.test(url.pathname);
}
