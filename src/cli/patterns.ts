import { DAY } from '../base/duration.ts';
import { compileGlob } from '../base/glob.ts';
import { visibleLine } from '../base/visible.ts';
import type { Settings } from '../config/settings/settings.ts';
import { LEVELS, type Level } from '../core/model/log-line.ts';
import { RollingWindow } from '../core/model/window/rolling-window.ts';
import type { Workload } from '../core/model/workload.ts';
import { passes } from '../web/api/query.ts';
import { patternJson } from '../web/api/resources.ts';
import { missingPatterns, type PatternRow, patternRows } from '../web/logs/pattern-rows.ts';
import type { LineSearch } from '../web/view.ts';
import type { CommandContext } from './command.ts';
import { openToRead } from './stored.ts';
import { renderTable } from './table.ts';

/** Prints the patterns of the stored lines, those with most lines first; as JSON one object a line. */
export async function printPatterns(
  { args, stdout, stderr }: CommandContext,
  settings: Settings,
  { search, limit }: { readonly search: LineSearch; readonly limit: number },
): Promise<void> {
  await using store = await openToRead(settings);
  const window = new RollingWindow({ span: 366 * DAY, staleness: DAY, counters: [] });
  const glob = (text: string | null) => (text === null ? null : compileGlob(text));
  const of = { namespace: glob(search.namespace), kind: glob(search.kind), workload: glob(search.workload) };
  const isAsked = ({ namespace, kind, name }: Workload) => passes({ ...of, since: null }, { namespace, kind, workload: name });
  for await (const cycle of store.cycles(isAsked)) window.add(cycle);
  const rows = patternRows(window, {
    ...of,
    container: glob(search.container),
    level: Math.max(0, LEVELS.map(String).indexOf(search.level ?? '')) as Level, // an index into LEVELS
    since: search.since,
  }).slice(0, limit);
  if (args.flags['json'] === true) for (const row of rows) stdout(`${JSON.stringify(patternJson(row, search.since))}\n`);
  else if (rows.length === 0) stdout('no patterns\n');
  else stdout(renderTable([['COUNT', 'LEVEL', 'FIRST', 'LAST', 'WORKLOAD', 'ID', 'PATTERN'], ...rows.map(cells)]));
  const missing = missingPatterns(rows);
  if (missing !== null) stderr(`${missing}\n`);
}

function cells({ workload, container, pattern, count }: PatternRow): readonly string[] {
  const time = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`;
  const where = `${workload.namespace}/${workload.kind}/${workload.name}${container === workload.name ? '' : ` ${container}`}`;
  return [
    String(count),
    LEVELS[pattern.level],
    time(pattern.firstAt),
    time(pattern.lastAt),
    where,
    pattern.id,
    visibleLine(pattern.template),
  ];
}
