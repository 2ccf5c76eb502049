import { SECOND } from '../../base/duration.ts';
import type { Pace } from '../../core/model/cycle.ts';
import { lostBytes } from '../hot/lost-bytes.ts';
import { rateOfLines } from '../hot/pace.ts';
import type { Position } from './cursor.ts';
import type { LogResponse } from './logs.ts';
import type { Span } from './plan.ts';

/** A rotation takes at least this much away: the kubelet's smallest usual file. */
const SMALLEST_ROTATION = 512 * 1024;
/** So much is missing at least where a few seconds of lines are all that shows the pace: a burst after a silence looks alike. */
const SUREST_ROTATION = 8 * SMALLEST_ROTATION;

/**
 * What is missing before the first read of a busy log that begins long after its instance: at the log's own pace so much was written before
 * that the kubelet must have rotated it away. `null` for a quiet log that merely starts late. `since`: the second that was asked from;
 * `pace`: that of the instance before.
 */
export function lateStart(
  { startedAt, pace }: { readonly startedAt: number | null; readonly pace?: Pace | undefined },
  since: number | null,
  {
    bytes,
    firstAt,
    position: { lastAt },
  }: Pick<LogResponse, 'bytes' | 'firstAt'> & { readonly position: Pick<Position, 'lastAt'> },
): Span | null {
  if (startedAt === null || firstAt === null) return null;
  const from = Math.max(startedAt, (since ?? 0) * SECOND);
  const lines = { bytes, firstAt, lastAt };
  const isSteady = rateOfLines(lines) !== null;
  if (!isSteady && rateOfLines(lines, SECOND) === null) return null;
  const lostFrom = (begin: number) => lostBytes({ from: begin, to: firstAt }, isSteady ? undefined : pace, lines) ?? 0;
  // The kubelet cuts its times to whole seconds: what a fast log has not said in the first of them shows nothing.
  const least = lostFrom(from === startedAt ? from + SECOND : from);
  if (least < (isSteady ? SMALLEST_ROTATION : SUREST_ROTATION)) return null;
  return { from, to: firstAt, reason: 'rotated', bytes: lostFrom(from) };
}
