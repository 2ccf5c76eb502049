import { SECOND } from '../../base/duration.ts';
import { CollectError } from '../../base/errors.ts';
import { LineFramer } from '../../core/analyze/frame.ts';
import type { LineSink } from '../../core/analyze/line-sink.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import type { Termination } from '../../core/model/pod.ts';
import type { Api } from '../session/http.ts';
import { startingAt } from './cursor.ts';
import { logPath } from './logs.ts';

/** Somebody waits for it: what does not come by then does not come. */
const PATIENCE = 3 * SECOND;
/** Kubelet cuts the time of an end to whole seconds, and may stamp the last lines a little later. */
const AFTER_END = 1.5 * SECOND;
/** The runtime dates a start when it has noticed it: what crashes at once may have said all by then. */
const BEFORE_START = 2 * SECOND;

export interface LastLinesRequest {
  readonly ref: ContainerRef;
  readonly ended: Termination;
  /** When the instance before it ended, where that is known. */
  readonly endedBefore: number | null;
  /** Where its log may be, in order: as that of the instance before the current one, or of the current one. */
  readonly places: readonly ('previous' | 'current')[];
  /** At most so many lines. */
  readonly most: number;
  readonly maxLine: number;
  /** Takes the lines of one place; asked for anew for each. */
  readonly sinkFor: () => LineSink;
}

/**
 * Reads the end of an instance's log beside whoever reads the log as a whole: no cursor knows of it. Resolves to how many lines of its
 * lifetime there were; a log that cannot be had has none. Rejects only when aborted.
 */
export async function readLastLines(api: Api, request: LastLinesRequest, signal: AbortSignal): Promise<number> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  for (const place of request.places) {
    try {
      const lines = await readPlace(api, request, { previous: place === 'previous', signal: within });
      if (lines > 0) return lines;
    } catch (error) {
      if (!(error instanceof CollectError) || signal.aborted) throw error;
    }
  }
  return 0;
}

async function readPlace(
  api: Api,
  { ref, ended, endedBefore, most, maxLine, sinkFor }: LastLinesRequest,
  { previous, signal }: { readonly previous: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const from = earliestOf(ended, endedBefore);
  const to = ended.finishedAt === null ? Number.POSITIVE_INFINITY : ended.finishedAt + AFTER_END;
  const path = `${logPath({ ref, previous, position: startingAt(null) })}&tailLines=${most}`;
  return api.stream(path, signal, { idle: PATIENCE, mayRetry: () => false }, async (body) => {
    const sink = sinkFor();
    let lines = 0;
    const framer = new LineFramer(maxLine, {
      onLine(frame) {
        const at = frame.second * SECOND + frame.nanos / 1e6;
        // An instance that has begun since may write into the log that was meant to be this one's.
        if (at < from || at > to) return;
        lines++;
        sink.line(frame);
      },
      onOrphan() {},
    });
    await body.each((bytes) => {
      framer.push(bytes);
      return sink.ready()?.then(() => true) ?? true;
    });
    framer.end(true);
    await sink.flush();
    return lines;
  });
}

/** From when on lines are the instance's own, and none of the one before it. */
function earliestOf({ startedAt }: Termination, endedBefore: number | null): number {
  if (startedAt === null) return Number.NEGATIVE_INFINITY;
  return Math.min(startedAt, Math.max(startedAt - BEFORE_START, (endedBefore ?? Number.NEGATIVE_INFINITY) + AFTER_END));
}
