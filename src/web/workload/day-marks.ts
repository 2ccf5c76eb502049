import { changeText, imageChange, resourceChange } from '../../core/alerts/evidence/change-text.ts';
import { type Alert, SEVERITIES, type Severity } from '../../core/model/alert.ts';
import type { Rollout } from '../../core/model/window/window.ts';
import type { Mark } from '../charts/day-chart.ts';
import type { ZoneTime } from '../zone-time.ts';

/** Alerts that charts mark; the page lists them all. */
const MOST_MARKED = 40;

/** When alerts fired, and when another template of the pods came. */
export function dayMarks(
  { alerts, rollouts }: { readonly alerts: readonly Alert[]; readonly rollouts: readonly Rollout[] },
  { now, time }: { readonly now: number; readonly time: ZoneTime },
): readonly Mark[] {
  const fired = alerts.flatMap((alert): readonly (Mark & { readonly css: Severity })[] => {
    const { firedAt, resolvedAt, severity } = alert;
    if (firedAt === null) return [];
    const end = resolvedAt === null ? 'firing' : `until ${time.short(resolvedAt)}`;
    const text = `${alert.alert}, ${severity}: from ${time.short(firedAt)}, ${end}`;
    return [{ css: severity, from: firedAt, to: resolvedAt ?? now, text }];
  });
  const rolled = rollouts.map((rollout): Mark => {
    const text = `Rollout at ${time.short(rollout.at)}: ${rolloutText(rollout)}`;
    return { css: 'rollout', from: rollout.at, to: rollout.at, text };
  });
  const newest = fired.toSorted((a, b) => b.from - a.from).slice(0, MOST_MARKED);
  // The worst is drawn last, over the others.
  return [...newest.sort((a, b) => SEVERITIES.indexOf(a.css) - SEVERITIES.indexOf(b.css)), ...rolled];
}

/** What came with another template. */
export function rolloutText({ images, resources }: Rollout): string {
  const texts = [...images.map(imageChange), ...resources.map(resourceChange)];
  return texts.length === 0 ? 'the same images, limits and requests, another template' : texts.map(changeText).join(', ');
}
