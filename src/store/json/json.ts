import type { StoreKind } from '../store-kind.ts';
import { openJsonStore } from './open-json-store.ts';

/** Cycles as folders of compressed files, small documents by lowdb: no server, no native module. */
export const json: StoreKind = {
  kind: 'json',
  description: 'Files in a local folder: compressed log lines and JSON documents; one process writes.',
  open: openJsonStore,
};
