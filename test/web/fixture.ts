import { DAY, HOUR, MINUTE } from '../../src/base/duration.ts';
import { ConfigError } from '../../src/base/errors.ts';
import { compileGlob } from '../../src/base/glob.ts';
import type { Alert } from '../../src/core/model/alert.ts';
import type { CycleSummary } from '../../src/core/model/cycle.ts';
import { LEVELS, type LogLine } from '../../src/core/model/log-line.ts';
import type { Matcher } from '../../src/core/model/matcher.ts';
import type { Delivery, Evidence } from '../../src/core/model/notification.ts';
import type { PodState } from '../../src/core/model/pod.ts';
import type { ProbeReading } from '../../src/core/model/probe.ts';
import type { Silence } from '../../src/core/model/silence.ts';
import { EMPTY_ALERTS } from '../../src/core/model/state.ts';
import type { CellState, Rollout, Window } from '../../src/core/model/window/window.ts';
import { WindowProbes } from '../../src/core/model/window/window-probes.ts';
import { workloadKey } from '../../src/core/model/workload.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import type { LineSearch, StatusView } from '../../src/web/view.ts';
import { clock, pod, workload } from '../build.ts';
import { rule } from './build-page.ts';

/** The moment at which every fixture is looked at. */
export const NOW = clock('14:15');
const PERIOD = 10 * MINUTE;
const GIB = 1024 ** 3;
/** The minute up to which lines are counted; the lines that scenes have are younger. */
const COUNTED_TO = clock('14:00') / MINUTE;

/** What one workload of a fixture is like; everything not said is healthy. */
export interface WorkloadSpec {
  /** As `workload()` of test/build.ts reads it. */
  readonly path: string;
  readonly pods?: number;
  readonly ready?: number;
  readonly restarts?: number;
  /** Errors among 100 lines a minute. */
  readonly errors?: number;
  /** Cells by index from the end: `{failing: [0, 1]}` are the two newest. */
  readonly failing?: readonly number[];
  readonly unknown?: readonly number[];
  readonly memory?: { readonly from: number; readonly to: number; readonly limit: number | null };
  readonly cpu?: { readonly from: number; readonly to: number; readonly limit: number | null };
  readonly phase?: PodState['phase'];
  readonly rollouts?: readonly Rollout[];
}

export interface ViewSpec {
  readonly workloads: readonly WorkloadSpec[];
  readonly cycles?: readonly CycleSummary[];
  readonly alerts?: readonly Alert[];
  readonly deliveries?: readonly Delivery[];
  readonly silences?: readonly Silence[];
  readonly evidence?: ReadonlyMap<string, Evidence>;
  readonly probes?: ProbeReading;
  readonly rules?: readonly Rule[];
  readonly lines?: readonly LogLine[];
  readonly overrides?: Partial<StatusView>;
}

/** A view over fixed facts: what the daemon would show at {@link NOW}. */
export function statusView(spec: ViewSpec): StatusView {
  const cycles = spec.cycles ?? dayOfCycles();
  const specs = new Map(spec.workloads.map((each) => [workloadKey(workload(each.path)), each]));
  const window = windowOf(specs, cycles);
  if (spec.probes !== undefined) window.probes.add(spec.probes);
  const rules = spec.rules ?? [
    rule(),
    rule({ alert: 'RestartSpike', severity: 'warning', line: 9 }, { text: 'more than 5 restarts within 1h', threshold: 5 }),
  ];
  const strips = new Map([...specs].map(([key, each]) => [key, cells(each, cycles.length)]));
  return {
    version: '0.1.0',
    cluster: 'production',
    timezone: 'UTC',
    externalUrl: null,
    startedAt: NOW - 30 * HOUR,
    now: () => NOW,
    ready: () => true,
    health: () => ({ status: 'ok', reasons: [], alive: true, strict: true }),
    window: () => window,
    alerts: () => ({
      ...EMPTY_ALERTS,
      alerts: spec.alerts ?? [],
      deliveries: spec.deliveries ?? [],
      silences: spec.silences ?? [],
    }),
    rules: () => rules,
    problems: () => [],
    evaluation: (name) => ({ alert: name, at: NOW - 2 * MINUTE, samples: [], error: null }),
    receivers: () => [
      { name: 'slack', kind: 'slack', off: false, pending: 0, lastDeliveredAt: NOW - 40 * MINUTE, lastError: null },
      { name: 'mail', kind: 'email', off: true, pending: 0, lastDeliveredAt: null, lastError: null },
    ],
    nextCycleAt: () => NOW + 5 * MINUTE,
    progress: () => null,
    storeBytes: () => 412 * 1024 ** 2,
    strip: (key) => strips.get(key) ?? [],
    evidence: async (id) => spec.evidence?.get(id) ?? null,
    lines: (search, signal) => searchLines(spec.lines ?? [], search, signal),
    linesSince: (_cycle, search, signal) => searchLines(spec.lines ?? [], search, signal, 'oldest_first'),
    silences: { add: async () => ({ silence: null, problems: ['not here'] }), end: async () => null },
    trials: {
      source: ({ alert }) => `- alert: ${alert}\n  restarts: { above: 5, within: 1h }`,
      try: async () => ({ problems: ['not here'], result: null }),
    },
    metrics: () =>
      '# HELP tocsin_cycles_total Cycles.\n# TYPE tocsin_cycles_total counter\ntocsin_cycles_total{outcome="ok"} 144\n',
    ...spec.overrides,
  };
}

/** 144 cycles, ten minutes apart; the newest five minutes ago and without faults. */
export function dayOfCycles(newest: Partial<CycleSummary> = {}): readonly CycleSummary[] {
  return Array.from({ length: 144 }, (_, i) => {
    const at = NOW - 5 * MINUTE - (143 - i) * PERIOD;
    const cycle: CycleSummary = {
      id: `c${at}`,
      trigger: 'scheduled',
      at,
      startedAt: at,
      finishedAt: at + 4_100,
      pods: 312,
      containers: 489,
      lines: 81_204,
      bytes: 12_900_000,
      gaps: [],
      errors: [],
      missed: 0,
    };
    return i === 143 ? { ...cycle, ...newest } : cycle;
  });
}

function windowOf(
  specs: ReadonlyMap<string, WorkloadSpec>,
  cycles: readonly CycleSummary[],
): Window & { readonly probes: WindowProbes } {
  const byWorkload = new Map([...specs].map(([key, spec]) => [key, podsOf(spec)] as const));
  const pods = [...byWorkload.values()].flat();
  const known = [...specs.values()].map((spec) => ({
    workload: workload(spec.path),
    containers: ['app'],
    pods: [],
    firstSeenAt: NOW - DAY,
    lastSeenAt: NOW - 5 * MINUTE,
  }));
  const newest = {
    at: NOW - 5 * MINUTE,
    listedAt: NOW - 5 * MINUTE,
    seenAt: new Map(),
    touched: null,
    cycle: cycles.at(-1)?.id ?? '',
    podsComplete: true,
    namespaces: new Set(known.map((each) => each.workload.namespace)),
    pods,
    byWorkload,
    nodes: [],
    objects: null,
    self: null,
    usageSource: 'ok' as const,
    usage: new Map(),
  };
  return {
    probes: new WindowProbes(),
    cycles,
    scheduled: cycles,
    newest: cycles.length === 0 ? null : newest,
    sampleAt: () => newest,
    workloads: () => known,
    workload: (key) => known.find((each) => workloadKey(each.workload) === key) ?? null,
    rollouts: (key) => specs.get(key)?.rollouts ?? [],
    objectChanges: () => [],
    lapses: () => [],
    restarts(key) {
      const spec = specs.get(key);
      const count = spec?.restarts ?? 0;
      if (spec === undefined || count === 0) return [];
      return [
        { workload: workload(spec.path), pod: 'p', uid: 'u', container: 'app', at: NOW - HOUR, count, podCreatedAt: null },
        // Restarts from before the window, found on an old pod at first sight, count for nobody.
        { workload: workload(spec.path), pod: 'p', uid: 'u', container: 'app', at: NOW - HOUR, count: 1000, podCreatedAt: 0 },
      ];
    },
    restartedPods: () => [],
    terminations: () => [],
    happened: () => false,
    eventOwners: () => [],
    usageTrend: () => [],
    events: () => [],
    counts: (key, _container, matcher) => {
      const each = countOf(specs.get(key), matcher);
      return {
        at: (minute) => (minute < COUNTED_TO ? each : 0),
        between: (from, to) => Math.max(0, Math.min(to, COUNTED_TO) - from) * each,
        newest: (before) => (each > 0 ? Math.min(before, COUNTED_TO) - 1 : null),
        isWhole: () => true,
      };
    },
    values: () => null,
    patterns: () => ({ patterns: [], droppedAt: null, since: () => null }),
    uncountedCycles: () => 0,
    coverage: () => 'seen',
    firstLook: () => 0,
    isSeen: () => true,
    gaps: () => [],
    late: () => [],
    fallenFrom: () => null,
    usageHistory: (key) => usageOf(specs.get(key), cycles),
  };
}

function countOf(spec: WorkloadSpec | undefined, matcher: Matcher): number {
  if (spec === undefined) return 0;
  return matcher.kind === 'everything' ? 100 : (spec.errors ?? 0);
}

function podsOf(spec: WorkloadSpec): readonly PodState[] {
  const count = spec.pods ?? 2;
  const ready = spec.ready ?? count;
  return Array.from({ length: count }, (_, i) =>
    pod({
      of: spec.path,
      name: `${workload(spec.path).name}-${i}`,
      ready: i < ready ? 'True' : 'False',
      phase: spec.phase ?? 'Running',
    }),
  );
}

function cells(spec: WorkloadSpec, length: number): readonly CellState[] {
  return Array.from({ length }, (_, i) => {
    const fromEnd = length - 1 - i;
    if (spec.failing?.includes(fromEnd)) return 'failing';
    return spec.unknown?.includes(fromEnd) ? 'unknown' : 'ok';
  });
}

function usageOf(spec: WorkloadSpec | undefined, cycles: readonly CycleSummary[]): ReturnType<Window['usageHistory']> {
  const cpu = spec?.cpu ?? { from: 0.12, to: 0.18, limit: 0.5 };
  const memory = spec?.memory ?? { from: 0.3 * GIB, to: 0.33 * GIB, limit: GIB };
  return cycles.map(({ at }, i) => {
    const wave = Math.sin(i / 7) * 0.12 + Math.sin(i / 2.3) * 0.05;
    const share = i / Math.max(1, cycles.length - 1);
    const between = (range: { readonly from: number; readonly to: number }) => range.from + (range.to - range.from) * share;
    const last = i === cycles.length - 1;
    return {
      at,
      cpu: between(cpu) * (last ? 1 : 1 + wave * 2),
      memory: between(memory) * (last ? 1 : 1 + wave / 4),
      cpuLimit: cpu.limit,
      memoryLimit: memory.limit,
    };
  });
}

const LEVEL_NAMES: readonly string[] = LEVELS;

async function* searchLines(
  lines: readonly LogLine[],
  search: LineSearch,
  signal: AbortSignal,
  order = 'newest_first',
): AsyncIterable<LogLine> {
  if (search.grep === '(') throw new ConfigError('grep is no RE2 pattern: missing closing )');
  const takes = (glob: string | null, value: string) => glob === null || compileGlob(glob).matches(value);
  const newestFirst = lines.toSorted((a, b) => b.second - a.second || b.nanos - a.nanos);
  for (const each of order === 'newest_first' ? newestFirst : newestFirst.reverse()) {
    if (signal.aborted) return;
    const at = each.second * 1000 + each.nanos / 1e6;
    if (at < search.since || (search.until !== null && at >= search.until)) continue;
    if (!takes(search.namespace, each.ref.workload.namespace) || !takes(search.workload, each.ref.workload.name)) continue;
    if (
      !takes(search.kind, each.ref.workload.kind) ||
      !takes(search.pod, each.ref.pod) ||
      !takes(search.container, each.ref.container)
    )
      continue;
    if (search.level !== null && each.level < LEVEL_NAMES.indexOf(search.level)) continue;
    if (search.grep !== null && !each.text.includes(search.grep)) continue;
    if (search.contains !== null && !each.text.includes(search.contains)) continue;
    yield each;
  }
}
