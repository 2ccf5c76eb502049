import type { Findings, Node, Position } from '../../base/node.ts';
import { later, object, optional, required } from '../../base/schema/object.ts';
import type { Type } from '../../base/schema/type.ts';
import type { Secret } from '../../base/secret.ts';
import * as kinds from '../../notify/kinds.ts';
import type { Notifier } from '../../notify/notifier.ts';
import type { ReceiverKind } from '../../notify/receiver-kind.ts';
import { exactlyOne } from '../decode/one-of.ts';
import { name } from '../decode/scalars.ts';
import { readSecret, type SecretSource } from './secret-file.ts';

/** A receiver of the settings, its secrets read. */
export interface ReceiverSettings {
  readonly name: string;
  readonly kind: string;
  /** Its address is empty: nothing is sent to it. */
  readonly off: boolean;
  readonly at: Position;
  /** Makes the notifier; only for a receiver that is on. */
  create(): Notifier;
}

/** Kinds that the interface promises and this version does not have. */
const LATER_KINDS = ['alertmanager'];

const KINDS: readonly ReceiverKind[] = Object.values(kinds);
const KIND_NAMES = [...KINDS.map((kind) => kind.kind), ...LATER_KINDS];

const fields = object({
  name: required(name('a name for the receiver')),
  ...Object.fromEntries(KINDS.map((kind) => [kind.kind, optional(kind.type, null)])),
  ...Object.fromEntries(LATER_KINDS.map((kind) => [kind, later()])),
});

/** One entry of `receivers`, before its secrets are read: those need the folder of the settings file. */
export interface ReceiverEntry {
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly spec: unknown;
  readonly at: Position;
  readonly section: Node;
}

export const receiverType: Type<ReceiverEntry> = {
  expected: 'a receiver: a name and one kind',
  json: { ...fields.json, oneOf: KINDS.map((kind) => ({ required: [kind.kind] })) },
  decode(node, findings) {
    const decoded = fields.decode(node, findings);
    const section = exactlyOne(node, KIND_NAMES, 'a receiver has exactly one kind', findings);
    const kind = KINDS.find((each) => each.kind === section?.key);
    if (decoded === undefined || section === undefined || kind === undefined) return undefined;
    // The decoded map holds the kind's own spec under the kind's own key.
    const spec = (decoded as Readonly<Record<string, unknown>>)[kind.kind];
    return { name: decoded.name, kind, spec, at: node.at, section: section.value };
  },
};

/** Reads the secrets of every receiver and checks names and addresses. */
export function openReceivers(
  entries: readonly ReceiverEntry[],
  source: SecretSource,
  findings: Findings,
): readonly ReceiverSettings[] {
  const places = new Map<string, Position>();
  return entries.map((entry) => {
    const first = places.get(entry.name);
    if (first !== undefined) findings.error(entry.at, `duplicate receiver "${entry.name}": it is already at line ${first.line}`);
    else places.set(entry.name, entry.at);
    return open(entry, source, findings);
  });
}

function open(entry: ReceiverEntry, source: SecretSource, findings: Findings): ReceiverSettings {
  const { kind, spec, section } = entry;
  const secrets: Record<string, Secret> = {};
  for (const [secret, setting] of Object.entries(kind.secrets(spec))) {
    secrets[secret] = readSecret(setting, { section, name: secret }, source, findings);
  }
  const off = secrets[kind.address]?.empty ?? true;
  const problem = off ? null : kind.problem(secrets);
  if (problem !== null) findings.error(section.at, `receiver "${entry.name}": ${problem}`);
  return {
    name: entry.name,
    kind: kind.kind,
    off,
    at: entry.at,
    create: () => kind.create(spec, { receiver: entry.name, secrets }),
  };
}
