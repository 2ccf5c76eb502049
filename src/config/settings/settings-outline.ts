import { Findings, type Node } from '../../base/node.ts';
import { list } from '../../base/schema/collections.ts';
import { text } from '../../base/schema/scalars.ts';
import { requireKnown } from '../decode/one-of.ts';
import { placed } from '../decode/scalars.ts';
import { openReceivers, type ReceiverEntry, receiverType } from './receivers.ts';
import type { SecretSource } from './secret-file.ts';

const names = list(placed(text()));

/** Checks the receivers and the routes of settings that are broken elsewhere, so that the next look at them brings nothing new. */
export function checkOutline(root: Node, source: SecretSource, findings: Findings): void {
  // What is wrong with a part itself was told when the whole was read.
  const untold = new Findings('');
  const written = itemsOf(root, 'receivers');
  const entries = written.map((item) => receiverType.decode(item, untold)).filter((entry) => entry !== undefined);
  openReceivers(entries, source, findings);
  if (entries.length < written.length) return;
  const known = entries.map((entry: ReceiverEntry) => entry.name);
  for (const route of itemsOf(root, 'routes')) {
    const receivers = entryOf(route, 'receivers');
    const given = receivers === undefined ? undefined : names.decode(receivers, untold);
    requireKnown(given ?? [], known, 'receiver', findings);
  }
}

function itemsOf(root: Node, key: string): readonly Node[] {
  const section = entryOf(root, key);
  return section?.kind === 'list' ? section.items : [];
}

function entryOf(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}
