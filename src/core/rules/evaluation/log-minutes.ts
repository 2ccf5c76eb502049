import type { Window } from '../../model/window/window.ts';
import type { ContainerGroup } from './subjects.ts';

/**
 * Whether a minute's counts may miss lines: part of it could not be read, or looking stopped before it. Minutes before the first look
 * have no data and miss nothing that a rule could have known.
 */
export function lookAt(
  group: ContainerGroup,
  window: Window,
  span: { readonly from: number; readonly to: number },
): (minute: number) => boolean {
  const first = window.firstLook(group.key, group.name) ?? Number.NEGATIVE_INFINITY;
  if (first >= span.to) return misses;
  const from = Math.max(span.from, first);
  if (window.isSeen(group.key, group.name, { from, to: span.to })) return sees;
  return (minute) => minute >= first && window.coverage(group.key, group.name, minute) !== 'seen';
}

/** Whether any minute of the span may miss lines, as {@link lookAt} says. */
export function mayMissIn(group: ContainerGroup, window: Window, span: { readonly from: number; readonly to: number }): boolean {
  const mayMiss = lookAt(group, window, span);
  if (mayMiss === sees) return false;
  for (let minute = span.from; minute < span.to; minute++) if (mayMiss(minute)) return true;
  return false;
}

/** Looking began only after the span. */
function misses(): boolean {
  return true;
}

/** What {@link lookAt} answers where every minute was seen. */
export function sees(): boolean {
  return false;
}
