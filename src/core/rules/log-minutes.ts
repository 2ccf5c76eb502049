import type { Window } from '../model/window/window.ts';
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
  if (window.isSeen(group.key, group.name, span)) return sees;
  const coverageOf = (minute: number) => window.coverage(group.key, group.name, minute);
  let firstLook: number | null = null;
  return (minute) => {
    const coverage = coverageOf(minute);
    if (coverage !== 'unseen') return coverage === 'gap';
    firstLook ??= firstMinute(span, (each) => coverageOf(each) !== 'unseen') ?? Number.NEGATIVE_INFINITY;
    return minute > firstLook;
  };
}

/** Whether any minute of the span may miss lines, as {@link lookAt} says. */
export function mayMissIn(group: ContainerGroup, window: Window, span: { readonly from: number; readonly to: number }): boolean {
  const mayMiss = lookAt(group, window, span);
  if (mayMiss === sees) return false;
  for (let minute = span.from; minute < span.to; minute++) if (mayMiss(minute)) return true;
  return false;
}

function firstMinute(
  { from, to }: { readonly from: number; readonly to: number },
  holds: (minute: number) => boolean,
): number | null {
  for (let minute = from; minute < to; minute++) if (holds(minute)) return minute;
  return null;
}

function sees(): boolean {
  return false;
}
