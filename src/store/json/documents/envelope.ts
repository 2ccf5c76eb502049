import { createHash } from 'node:crypto';

const HEAD = /^\{"v":1,"sha256":"([0-9a-f]{64})","len":(\d{1,15}),"data":/;
const LONGEST_HEAD = 128;
const TAIL = '}\n';

/** JSON in an envelope that proves it whole: `{"v":1,"sha256":…,"len":…,"data":…}`; length and hash are those of `data` as written. */
export function seal(data: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(data), 'utf8');
  const head = `{"v":1,"sha256":"${sha256(body)}","len":${body.length},"data":`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body, Buffer.from(TAIL, 'latin1')]);
}

/** The data of a sealed file. Throws an Error that says what is wrong with the bytes: `it is empty`. */
export function unseal(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new Error('it is empty');
  const head = HEAD.exec(bytes.toString('latin1', 0, LONGEST_HEAD));
  if (head === null) throw new Error('it is not a file of this version of the store');
  const start = head[0].length;
  const length = Number(head[2]);
  if (bytes.length < start + length + TAIL.length) throw new Error('it is cut short');
  const body = bytes.subarray(start, start + length);
  if (bytes.toString('latin1', start + length) !== TAIL || sha256(body) !== head[1]) throw new Error('its checksum is wrong');
  return JSON.parse(body.toString('utf8'));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
