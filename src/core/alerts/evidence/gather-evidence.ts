import { HOUR, MINUTE } from '../../../base/duration.ts';
import type { Alert } from '../../model/alert.ts';
import type { ClusterEvent, TerminationRecord } from '../../model/cycle.ts';
import { EVERY_LINE, type LineQuery } from '../../model/line-query.ts';
import { type ContainerRef, formatNanoTime, LEVELS, type LogLine } from '../../model/log-line.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { Evidence, EvidenceLine, EvidencePattern } from '../../model/notification.ts';
import type { Selection } from '../../model/selector.ts';
import type { SeenPattern, StateSample, Window } from '../../model/window/window.ts';
import { type WorkloadKey, workloadKey } from '../../model/workload.ts';
import type { Condition } from '../../rules/condition.ts';
import { plainMessage } from '../../rules/evaluation/cause-text.ts';
import { groupSubjects, selectSubjects, type WorkloadGroup } from '../../rules/evaluation/subjects.ts';
import { changesBefore } from './changes.ts';
import { compareWithDay } from './comparison.ts';
import { countedTimes } from './counted-times.ts';
import { shrinkEvidence } from './evidence-size.ts';
import { topPatterns } from './top-patterns.ts';

export interface EvidenceInput {
  readonly alert: Alert;
  readonly condition: Pick<
    Condition,
    | 'about'
    | 'evidence'
    | 'showsLast'
    | 'showsPattern'
    | 'reach'
    | 'failedEnds'
    | 'steady'
    | 'past'
    | 'worst'
    | 'evaluate'
    | 'countsEvent'
  >;
  readonly selection: Selection;
  readonly window: Window;
  readonly lines: (query: LineQuery) => AsyncIterable<LogLine>;
  /** The last lines of an instance that were read ahead of what is stored, oldest first; `null` for others. */
  readonly lastWords?: (containerID: string) => readonly LogLine[] | null;
  /** Whether a record is one that the matcher counts. */
  readonly matches: (matcher: Matcher, line: LogLine) => boolean;
  /** All that are known, the alert itself and those that have ended among them. */
  readonly alerts: readonly Alert[];
  readonly now: number;
}

/** Bounds of what is looked at and kept. */
const LAST_LINES = 25;
/** Of a pod that is in trouble without an end: what it says now. */
const NEWEST_LINES = 10;
const MATCHING_LINES = 5;
const LINES_SCANNED = 50_000;
const MATCHES_SCANNED = 2_000;
/** Of a record so much is compared with the others. */
const SHAPE_CHARACTERS = 400;
const EVENTS = 5;
const TERMINATIONS = 5;
const LOOK_BACK = HOUR;
const SERIES_MINUTES = 30;
const SERIES_SAMPLES = 12;
/** The kubelet stamps a last line a little after the container's end. */
const AFTER_END = MINUTE;
/** A start is dated when the runtime has noticed it: what crashes at once may have said all by then. */
const BEFORE_START = MINUTE;

/** Gathers why an alert fired, from the window and the stored lines; at most 16 KiB as JSON. Rejects when the lines cannot be read. */
export async function gatherEvidence(input: EvidenceInput): Promise<Evidence> {
  const { alert, condition, window, now } = input;
  const key = subjectKey(alert);
  const since = Math.min(alert.activeAt, now) - LOOK_BACK;
  const { container, pod } = alert.labels;
  const terminations = (key === null ? [] : window.terminations(key, since, now))
    .filter((end) => condition.failedEnds === undefined || end.exitCode !== 0)
    .filter((end) => (container === undefined || end.container === container) && (pod === undefined || end.pod === pod))
    .toSorted((a, b) => b.at - a.at);
  const [newest] = terminations;
  const events = key === null ? [] : window.events(key, since, now);
  const changes =
    key === null ? undefined : changesBefore({ alert, key, window, ...countedTimes({ terminations, events }, input) });
  return shrinkEvidence({
    alert: alert.id,
    at: now,
    lastLines: await saidLast(newest, input),
    matching: condition.evidence === null || condition.showsLast ? [] : await matchingLines(condition.evidence, input),
    patterns: key === null ? [] : patternsOf(key, input),
    events: eventsOf(events),
    terminations: terminations.slice(0, TERMINATIONS).map((end) => ({
      at: end.at,
      pod: end.pod,
      container: end.container,
      reason: end.reason,
      exitCode: end.exitCode,
      message: end.message,
    })),
    ...(changes === undefined ? {} : { changes }),
    comparison: compareWithDay(input, key),
    series: series(input),
  });
}

function subjectKey({ labels }: Alert): string | null {
  const { namespace, kind, workload } = labels;
  return namespace === undefined || kind === undefined || workload === undefined
    ? null
    : workloadKey({ namespace, kind, name: workload });
}

/** How a controller names its pods: every try to make one has another name, and is the same event. */
const GENERATED_NAME = /-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;

const is = (wanted: string | undefined) => (wanted === undefined ? null : (name: string) => name === wanted);

/** Newest first. Each collection tells how often an event happened since the one before: here it is told once, with the sum. */
function eventsOf(events: readonly ClusterEvent[]): Evidence['events'] {
  const merged = new Map<string, Evidence['events'][number]>();
  for (const { at, reason, message, count, kind, name } of events.toSorted((a, b) => b.at - a.at)) {
    const key = JSON.stringify([kind, name, reason, plainMessage(message).replace(GENERATED_NAME, '')]);
    const newer = merged.get(key);
    if (newer !== undefined) merged.set(key, { ...newer, count: newer.count + count });
    else merged.set(key, { at, reason, message, count, kind, name });
  }
  return [...merged.values()].slice(0, EVENTS);
}

/** The last lines of the instance that ended, oldest first. */
async function lastLines(end: TerminationRecord, input: EvidenceInput): Promise<readonly EvidenceLine[]> {
  const ahead = input.lastWords?.(end.containerID) ?? null;
  if (ahead !== null) return ahead.slice(-LAST_LINES).map(evidenceLine);
  const found: EvidenceLine[] = [];
  const query: LineQuery = {
    ...EVERY_LINE,
    from: firstWord(end),
    to: end.at + AFTER_END,
    namespace: is(end.workload.namespace),
    kind: is(end.workload.kind),
    workload: is(end.workload.name),
    pod: is(end.pod),
    container: is(end.container),
    containerID: end.containerID === '' ? null : end.containerID,
  };
  for await (const line of input.lines(query)) {
    found.push(evidenceLine(line));
    if (found.length === LAST_LINES) break;
  }
  return found.reverse();
}

/** From when on lines may be the ended instance's; without its id only its own time tells them from those of the one before. */
function firstWord({ at, startedAt, containerID }: TerminationRecord): number {
  if (startedAt == null) return at - LOOK_BACK;
  return containerID === '' ? startedAt : startedAt - BEFORE_START;
}

/** The last lines that say something of the alert: of the instance that ended, or of what goes on, hangs or has fallen silent. */
async function saidLast(newest: TerminationRecord | undefined, input: EvidenceInput): Promise<readonly EvidenceLine[]> {
  const { about, showsLast } = input.condition;
  if (about !== 'pods' && !showsLast) return [];
  return newest === undefined || showsLast ? newestLines(input) : lastLines(newest, input);
}

/** What one of the alert's pods said last, oldest first: that of the newest line. Such as what was evicted, hangs, or never gets ready. */
async function newestLines(input: EvidenceInput): Promise<readonly EvidenceLine[]> {
  const { alert, condition, now } = input;
  const { namespace, kind, workload, container, pod } = alert.labels;
  const pods = new Set(pod === undefined ? alert.facts.pods : [pod]);
  const { evidence, showsLast, failedEnds, reach } = condition;
  // A deadline leaves no pod of its Job: what came last before it is the failed run's.
  const isJob = pods.size === 0 && failedEnds !== undefined;
  const anyPod = isJob || showsLast === true;
  if (namespace === undefined || (pods.size === 0 && !anyPod)) return [];
  const found: EvidenceLine[] = [];
  let scanned = 0;
  const query: LineQuery = {
    ...EVERY_LINE,
    from: showsLast ? alert.activeAt - (reach ?? LOOK_BACK) : now - LOOK_BACK,
    to: isJob ? Math.min(now, alert.activeAt + AFTER_END) : now,
    namespace: is(namespace),
    kind: is(kind),
    workload: is(workload),
    pod: anyPod ? null : (name) => pods.has(name),
    container: is(container),
  };
  for await (const line of input.lines(query)) {
    if (++scanned > MATCHES_SCANNED) break;
    if (evidence !== null && !input.matches(evidence, line)) continue;
    if (found[0] !== undefined && (found[0].pod !== line.ref.pod || found[0].container !== line.ref.container)) continue;
    found.push(evidenceLine(line));
    if (found.length === NEWEST_LINES) break;
  }
  return found.reverse();
}

/** The first records that the condition counted when it became true, oldest first; those that differ in their numbers only once. */
async function matchingLines(matcher: Matcher, input: EvidenceInput): Promise<readonly EvidenceLine[]> {
  const { alert, condition } = input;
  const { namespace, kind, workload, container, pod } = alert.labels;
  const found: EvidenceLine[] = [];
  const shapes = new Set<string>();
  let scanned = 0;
  let matched = 0;
  const query: LineQuery = {
    ...EVERY_LINE,
    from: alert.activeAt - (condition.reach ?? SERIES_MINUTES * MINUTE),
    to: input.now,
    namespace: is(namespace),
    kind: is(kind),
    workload: is(workload),
    pod: is(pod),
    container: is(container),
    minLevel: matcher.kind === 'level' ? matcher.atLeast : 0,
    order: 'oldest_first',
  };
  for await (const line of input.lines(query)) {
    if (++scanned > LINES_SCANNED) break;
    if (!input.matches(matcher, line)) continue;
    if (++matched > MATCHES_SCANNED) break;
    const shape = shapeOf(line.text);
    if (shapes.has(shape)) continue;
    shapes.add(shape);
    found.push(evidenceLine(line));
    if (found.length === MATCHING_LINES) break;
  }
  return found;
}

/** The top patterns of the records that the condition counts; each is tried by its sample, for its records are many. */
function patternsOf(
  key: WorkloadKey,
  { alert, condition, window, selection, matches, now }: EvidenceInput,
): readonly EvidencePattern[] {
  const { container = '' } = alert.labels;
  const { evidence, showsPattern } = condition;
  if (condition.about !== 'logs') return [];
  const takes = (pattern: SeenPattern) => {
    if (showsPattern !== undefined) return showsPattern(pattern, now);
    const line = { second: 0, nanos: 0, ref: NOWHERE, level: pattern.level, status: 0, text: pattern.sample };
    return evidence !== null && matches(evidence, line);
  };
  const from = alert.activeAt - (condition.reach ?? SERIES_MINUTES * MINUTE);
  return topPatterns({ window, key, container, selection }, { from, to: now }, takes);
}

const NOWHERE: ContainerRef = {
  workload: { namespace: '', kind: '', name: '' },
  pod: '',
  uid: '',
  container: '',
  containerID: '',
  node: '',
  image: '',
};

/** The text without what counts, dates and names a single case: five lines about five orders would say no more than one. */
function shapeOf(text: string): string {
  return text.slice(0, SHAPE_CHARACTERS).replace(/\w*\d\w*/g, '0');
}

function evidenceLine(line: LogLine): EvidenceLine {
  return {
    at: formatNanoTime(line.second, line.nanos),
    pod: line.ref.pod,
    container: line.ref.container,
    level: LEVELS[line.level],
    text: line.text,
  };
}

/** The condition's value for the alert's subject before now: at whole minutes, or at the samples of usage. */
function series(input: EvidenceInput): Evidence['series'] {
  const { alert, condition, window, now } = input;
  if (condition.about === 'pods' || alert.unit === 'none') return [];
  const minute = Math.floor(now / MINUTE);
  const moments =
    condition.about === 'logs'
      ? Array.from({ length: SERIES_MINUTES }, (_, i) => (minute - SERIES_MINUTES + 1 + i) * MINUTE)
      : window.scheduled
          .map(({ at }) => at)
          .filter((at) => at <= now)
          .slice(-SERIES_SAMPLES);
  const groups = new Map<StateSample, readonly WorkloadGroup[]>();
  return moments.map((at) => {
    const sample = window.sampleAt(at);
    const state = condition.about === 'logs' ? (sample ?? window.newest) : sample;
    // Most moments share a state: what the selection takes of one is looked up once, and for the alert's workload alone.
    const known = state === null ? [] : (groups.get(state) ?? groupsOf(state, input));
    if (state !== null) groups.set(state, known);
    const samples = condition.evaluate({ at, window, selection: input.selection, sample, groups: known });
    const mine = samples.find(({ subject }) =>
      Object.entries(subject).every(([name, value]) => value === undefined || alert.labels[name] === value),
    );
    return { at, value: mine === undefined || mine.verdict === 'unknown' ? null : mine.value };
  });
}

function groupsOf(state: StateSample, { alert, selection }: EvidenceInput): readonly WorkloadGroup[] {
  const key = subjectKey(alert) ?? '';
  return selectSubjects(groupSubjects({ byWorkload: new Map([[key, state.byWorkload.get(key) ?? []]]) }), selection);
}
