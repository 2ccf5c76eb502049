import { DAY, MINUTE } from '../../src/base/duration.ts';
import type { Matcher } from '../../src/core/model/matcher.ts';
import { RollingWindow } from '../../src/core/model/window/rolling-window.ts';
import type { Store } from '../../src/store/store.ts';
import { EVERYTHING } from '../build.ts';

export const LATE_MATCHERS: readonly Matcher[] = [
  { kind: 'pattern', pattern: 'refused' },
  { kind: 'pattern', pattern: '[0-9]7$' },
];

/** The window of a store, for rules that are newer than all of it. */
export async function windowCounting(store: Store): Promise<RollingWindow> {
  const counters = LATE_MATCHERS.map((matcher) => ({ matcher, selection: EVERYTHING }));
  const window = new RollingWindow({ span: DAY, staleness: 25 * MINUTE, counters });
  for await (const cycle of store.cycles()) window.add(cycle);
  return window;
}
