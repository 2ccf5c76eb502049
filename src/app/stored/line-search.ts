import { ConfigError, messageOf } from '../../base/errors.ts';
import { compileGlob } from '../../base/glob.ts';
import { both, containing, matching } from '../../core/analyze/matching/text-filter.ts';
import { compilePattern } from '../../core/analyze/pattern.ts';
import type { LineQuery, TextFilter } from '../../core/model/line-query.ts';
import { LEVELS, type Level } from '../../core/model/log-line.ts';
import type { LineSearch } from '../../web/view.ts';

/** The store's query for a search as people write it; throws `ConfigError` for a bad glob, level or pattern. */
export function lineQuery(search: LineSearch, order: LineQuery['order'] = 'newest_first'): LineQuery {
  return {
    from: search.since,
    to: search.until ?? Number.MAX_SAFE_INTEGER,
    namespace: globTest(search.namespace),
    kind: globTest(search.kind),
    workload: globTest(search.workload),
    pod: globTest(search.pod),
    container: globTest(search.container),
    containerID: null,
    minLevel: levelOf(search.level),
    text: textFilter(search),
    order,
  };
}

function globTest(source: string | null): ((name: string) => boolean) | null {
  if (source === null) return null;
  try {
    const glob = compileGlob(source);
    return (name) => glob.matches(name);
  } catch (error) {
    throw new ConfigError(`bad glob ${JSON.stringify(source)}: ${messageOf(error)}`);
  }
}

function levelOf(name: string | null): Level {
  if (name === null) return 0;
  const index = LEVELS.indexOf(name as (typeof LEVELS)[number]);
  if (index < 1) throw new ConfigError(`unknown level ${JSON.stringify(name)}; known are ${LEVELS.slice(1).join(', ')}`);
  // An index into LEVELS, found just above.
  return index as Level;
}

function textFilter({ grep, contains }: LineSearch): TextFilter | null {
  const pattern = grep === null ? null : patternFilter(grep);
  const text = contains === null ? null : containing(contains);
  return pattern !== null && text !== null ? both(text, pattern) : (pattern ?? text);
}

function patternFilter(source: string): TextFilter {
  try {
    return matching(compilePattern(source));
  } catch (error) {
    throw new ConfigError(`bad pattern ${JSON.stringify(source)}: ${messageOf(error)}`);
  }
}
