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
  // Nearly always everything was seen: then no minute needs a second question.
  const coverage: ('seen' | 'gap' | 'unseen')[] = [];
  let whole = true;
  for (let minute = span.from; minute < span.to; minute++) {
    const each = window.coverage(group.key, group.name, minute);
    coverage.push(each);
    if (each !== 'seen') whole = false;
  }
  if (whole) return () => false;
  const firstLook = coverage.findIndex((each) => each !== 'unseen');
  return (minute) => {
    const index = minute - span.from;
    return coverage[index] !== 'seen' && (firstLook === -1 || index >= firstLook);
  };
}
