import type { Settings } from '../../config/settings/settings.ts';
import type { NotificationPolicy } from '../../core/model/notification.ts';

/** How the settings want alerts told, to these receivers. */
export function policyOf(settings: Settings, receivers: readonly string[] = receiversOf(settings)): NotificationPolicy {
  const { routes, notifications, inhibitions, mutes } = settings;
  return { routes, receivers, inhibitions, mutes, ...notifications };
}

/** Receivers without an address are off. */
function receiversOf({ receivers }: Settings): readonly string[] {
  return receivers.filter(({ off }) => !off).map(({ name }) => name);
}
