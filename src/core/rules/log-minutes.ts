import type { Window } from '../model/window.ts';
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
  const coverage = Array.from({ length: span.to - span.from }, (_, index) =>
    window.coverage(group.key, group.name, span.from + index),
  );
  const firstLook = coverage.findIndex((each) => each !== 'unseen');
  return (minute) => {
    const index = minute - span.from;
    return coverage[index] !== 'seen' && (firstLook === -1 || index >= firstLook);
  };
}

function sees(): boolean {
  return false;
}
