import * as kinds from './kinds.ts';
import type { Store } from './store.ts';
import type { StoreKind, StoreOptions } from './store-kind.ts';

const KINDS: readonly StoreKind[] = Object.values(kinds);

/** Opens the store of a kind that the settings name. Rejects as {@link StoreKind.open} does. */
export function openStore(kind: string, options: StoreOptions): Promise<Store> {
  const engine = KINDS.find((each) => each.kind === kind);
  if (engine === undefined) throw new Error(`no store of kind ${kind}: the settings let one through`);
  return engine.open(options);
}
