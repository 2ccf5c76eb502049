import { SECOND } from '../../base/duration.ts';
import { lostBytes } from '../hot/lost-bytes.ts';
import { rateOfLines } from '../hot/pace.ts';
import type { LogResponse } from './logs.ts';
import type { Span } from './plan.ts';

/** A rotation takes at least this much away: the kubelet's smallest usual file. */
const SMALLEST_ROTATION = 512 * 1024;

/**
 * What is missing before the first read of a busy log that begins long after its instance: at the log's own pace so much was written before
 * that the kubelet must have rotated it away. `null` for a quiet log that merely starts late. `since`: the second that was asked from.
 */
export function lateStart(startedAt: number | null, since: number | null, response: LogResponse): Span | null {
  const { firstAt, position } = response;
  if (startedAt === null || firstAt === null || position.lastAt === null) return null;
  const from = Math.max(startedAt, (since ?? 0) * SECOND);
  const lines = { bytes: response.bytes, firstAt, lastAt: position.lastAt };
  const bytes = rateOfLines(lines) === null ? null : lostBytes({ from, to: firstAt }, undefined, lines);
  return bytes === null || bytes < SMALLEST_ROTATION ? null : { from, to: firstAt, reason: 'rotated', bytes };
}
