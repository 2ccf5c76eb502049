import { statfs } from 'node:fs/promises';

/** `f_type` of statfs(2) of file systems that lock and sync over a network. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
]);

/** A warning when the store lies on a file system whose locks and durable writes cannot be relied on; else `null`. */
export function fileSystemWarning(path: string, type: number): string | null {
  const name = NETWORK_TYPES.get(type >>> 0);
  if (name === undefined) return null;
  return `${path} lies on ${name}: locks and durable writes cannot be relied on there, use a local disk or a block volume`;
}

export async function fileSystemType(path: string): Promise<number> {
  return (await statfs(path)).type;
}
