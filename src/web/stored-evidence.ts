import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Evidence } from '../core/model/notification.ts';
import type { StatusView } from './view.ts';

/** An alert's evidence; `null` when there is none or when it cannot be read, so that a torn file costs no page more than its own lines. */
export async function storedEvidence(view: StatusView, alertId: string, logger: Logger): Promise<Evidence | null> {
  try {
    return await view.evidence(alertId);
  } catch (error) {
    logger.once(`evidence ${alertId}`, 'evidence cannot be read', { alert_id: alertId, error: messageOf(error) });
    return null;
  }
}
