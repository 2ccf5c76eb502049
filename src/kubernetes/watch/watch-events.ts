import { CollectError } from '../../base/errors.ts';
import { child, number, type RawObject, rawObject, text } from '../lists/raw-object.ts';
import type { Body } from '../session/exchange.ts';

/** An object with its bookkeeping stays far below etcd's limit of 1.5 MiB; what is longer is no watch. */
const MOST_BYTES = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

/** One event of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: RawObject;
  readonly resourceVersion: string;
}

/**
 * Hands over the events of a watch's body until it ends. Rejects with `CollectError` for what is no event; an ERROR event is one by its
 * status (410 is `expired`).
 */
export async function readWatch(path: string, body: Body, onEvent: (event: WatchEvent) => void): Promise<void> {
  let held: Buffer[] = [];
  let size = 0;
  await body.each((bytes) => {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      held.push(bytes.subarray(start, end));
      onEvent(eventOf(path, Buffer.concat(held)));
      held = [];
      size = 0;
      start = end + 1;
    }
    if (start < bytes.length) held.push(Buffer.from(bytes.subarray(start)));
    size += bytes.length - start;
    if (size > MOST_BYTES) throw new CollectError('invalid_answer', `could not watch ${path}: an event is larger than 8 MiB`);
    return true;
  });
}

function eventOf(path: string, line: Buffer): WatchEvent {
  const event = parsed(path, line);
  const object = child(event, 'object');
  const type = text(event, 'type');
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
      return { type, object, resourceVersion: text(child(object, 'metadata'), 'resourceVersion') };
    case 'ERROR': {
      const status = number(object, 'code');
      const isExpired = status === 410 || text(object, 'reason') === 'Expired';
      throw new CollectError(isExpired ? 'expired' : 'server_error', `could not watch ${path}: ${text(object, 'message')}`, {
        status,
      });
    }
    default:
      throw new CollectError('invalid_answer', `could not watch ${path}: an event of type ${JSON.stringify(type)}`);
  }
}

function parsed(path: string, line: Buffer): RawObject {
  try {
    return rawObject(JSON.parse(line.toString('utf8')));
  } catch (error) {
    throw new CollectError('invalid_answer', `could not watch ${path}: the answer is no JSON`, { cause: error });
  }
}
