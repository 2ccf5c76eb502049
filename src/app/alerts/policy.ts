import type { Settings } from '../../config/settings.ts';
import type { NotificationPolicy } from '../../core/model/notification.ts';

/** How the settings want alerts told, to these receivers. */
export function policyOf(
  { routes, notifications, inhibitions, mutes }: Settings,
  receivers: readonly string[],
): NotificationPolicy {
  return { routes, receivers, inhibitions, mutes, ...notifications };
}
