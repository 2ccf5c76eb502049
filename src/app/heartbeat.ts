import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Secret } from '../base/secret.ts';

const TIMEOUT_MS = 10_000;

/** Tells a dead man's switch elsewhere that a cycle was completed. A failure is logged once and harms nothing. */
export async function beat(url: Secret | null, logger: Logger, signal: AbortSignal): Promise<void> {
  if (url === null) return;
  try {
    const response = await fetch(url.reveal(), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      redirect: 'error',
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
    logger.clear('heartbeat', 'heartbeat is accepted again');
  } catch (error) {
    if (!signal.aborted)
      logger.once('heartbeat', 'heartbeat failed', { error: messageOf(error).replaceAll(url.reveal(), '[redacted]') });
  }
}
