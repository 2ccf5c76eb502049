import { silentLogger } from '../base/logger.ts';
import type { Settings } from '../config/settings/settings.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';

/** The store as it is committed now, for reading beside a running daemon. */
export function openToRead({ store }: Pick<Settings, 'store'>): Promise<Store> {
  return openStore(store.kind, {
    ...store,
    access: 'read',
    wait: 0,
    command: 'tocsin',
    now: () => Date.now(),
    logger: silentLogger,
  });
}
