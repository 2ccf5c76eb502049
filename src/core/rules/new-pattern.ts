import { DAY, formatDuration, HOUR, MINUTE } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { choice, integer } from '../../base/schema/scalars.ts';
import { LEVELS, type Level } from '../model/log-line.ts';
import type { PatternHistory, SeenPattern } from '../model/window/window.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { notes, plural, writerFacts } from './evaluation/facts.ts';
import { mayMissIn } from './evaluation/log-minutes.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { levelOf, NAMED_LEVELS } from './written/matcher-type.ts';
import { wholeMinutes } from './written/whole-minutes.ts';

interface Spec {
  readonly level: (typeof NAMED_LEVELS)[number];
  readonly unseen_for: number;
  readonly min_count: number;
  readonly learn_for: number;
}

/** So long a pattern is news, in minutes. */
const NEWS = 60;
/** Of the time before a pattern that was looked at, this share must have been seen. */
const SEEN_SHARE = 0.9;
/** Without a policy a pattern that was told is quiet for so long. */
const REPEAT_INTERVAL = 4 * HOUR;
const LONGEST_REASON = 160;

/** A line template that the window has not seen before. */
export const newPattern: ConditionKind<Spec> = {
  kind: 'new_pattern',
  description:
    'At least `min_count` lines of a pattern of that level or worse came, of which none came for `unseen_for` before, although `learn_for` of that time was seen.',
  type: object({
    level: optional(choice(...NAMED_LEVELS), 'error'),
    unseen_for: optional(wholeMinutes(), DAY),
    min_count: optional(integer(1), 1),
    learn_for: optional(wholeMinutes(), HOUR),
  }),
  bind,
};

function bind(spec: Spec): Condition {
  const least = spec.min_count === 1 ? '' : ` (min ${spec.min_count} lines)`;
  return {
    kind: 'new_pattern',
    judged: 'minute',
    about: 'logs',
    text: `${spec.level} pattern unseen for ${formatDuration(spec.unseen_for)}${least}`,
    matchers: [],
    patterns: levelOf(spec.level),
    showsPattern: (pattern, at) =>
      pattern.level >= levelOf(spec.level) &&
      newsAbout(pattern, { level: levelOf(spec.level), to: Math.floor(at / MINUTE), spec, repeat: 0 }) !== null,
    evidence: null,
    reach: NEWS * MINUTE,
    threshold: null,
    unit: 'count',
    phrase: ({ value, facts }) => `${plural(value ?? 0, `new ${spec.level} pattern`)}: ${facts.reason ?? '-'}`,
    mayComeTrue: ({ key, name }, { window, at, selection }, until) => {
      const [from, to] = [Math.floor(at / MINUTE) - NEWS, Math.floor(until / MINUTE)];
      const history = window.patterns(key, name, selection);
      return history?.patterns.some((each) => mayBeNews(each, { from, to, spec })) ?? false;
    },
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  };
}

/** Whether a pattern began in [from, to) after having been unseen. */
function mayBeNews(
  { level, lastAt, counts }: SeenPattern,
  { from, to, spec }: { readonly from: number; readonly to: number; readonly spec: Spec },
): boolean {
  return level >= levelOf(spec.level) && lastAt >= from * MINUTE && counts.begin(from, to, spec.unseen_for / MINUTE) !== null;
}

/** A pattern that is news. Minutes since the epoch. */
interface News {
  readonly pattern: SeenPattern;
  readonly from: number;
  /** The end of the minute in which `min_count` was reached. */
  readonly toldAt: number;
  readonly count: number;
  /** Records that came while it was quiet, before `from`. */
  readonly suppressed: number;
}

function judgeContainer(group: ContainerGroup, view: View, spec: Spec): Sample {
  const { subject, members } = group;
  const { window, selection } = view;
  const level = levelOf(spec.level);
  const history = window.patterns(group.key, group.name, selection);
  // The rule is newer than the window: it is judged once its patterns are known.
  if (history === null || history.since(level) === null)
    return { subject, verdict: 'unknown', value: null, facts: {}, clause: 'its patterns are not known yet' };
  const to = Math.floor(view.at / MINUTE);
  const found = newsOf(history, { level, to, spec, repeat: view.repeatInterval ?? REPEAT_INTERVAL });
  const known = found.map((news) => ({ news, past: pastOf(group, view, { history, news, spec }) }));
  const sure = known.filter(({ past }) => past === 'seen').map(({ news }) => news);
  if (sure.length === 0) {
    const isBlind = mayMissIn(group, window, { from: to - NEWS, to });
    const isDoubtful = isBlind || known.some(({ past }) => past === 'doubtful');
    const clause = whyNot(known.length, { isBlind, isDoubtful });
    return { subject, verdict: isDoubtful ? 'unknown' : 'false', value: 0, facts: {}, clause };
  }
  // The newest first: what was told already is not why an alert is told again.
  sure.sort((a, b) => b.toldAt - a.toldAt || b.pattern.level - a.pattern.level || b.count - a.count);
  const count = sure.reduce((sum, news) => sum + news.count, 0);
  const templates = sure.map(({ pattern }) => pattern.template.slice(0, LONGEST_REASON));
  const reason = templates.join('; ').slice(0, LONGEST_REASON).toWellFormed();
  return {
    subject,
    verdict: 'true',
    value: sure.length,
    newsAt: Math.max(...sure.map(({ toldAt }) => toldAt)) * MINUTE,
    facts: { count, reason, ...notes(sure.map(noteOf)), ...writerFacts(members) },
  };
}

function whyNot(
  candidates: number,
  { isBlind, isDoubtful }: { readonly isBlind: boolean; readonly isDoubtful: boolean },
): string {
  if (isBlind) return 'unknown data: not every minute of the last hour was seen';
  if (isDoubtful) return 'unknown data: too much of the time before was not seen to call a pattern new';
  return candidates === 0
    ? 'no pattern came that was unseen'
    : `learn_for: ${plural(candidates, 'new pattern')}, but too little was seen before`;
}

function noteOf({ pattern, count, suppressed }: News): string {
  const quiet = suppressed === 0 ? '' : `, ${plural(suppressed, 'line')} before while quiet`;
  return `${LEVELS[pattern.level]} × ${count}${quiet}: ${pattern.template}`;
}

interface Question {
  readonly level: Level;
  readonly to: number;
  readonly spec: Spec;
  readonly repeat: number;
}

function newsOf({ patterns }: PatternHistory, question: Question): readonly News[] {
  const since = (question.to - NEWS) * MINUTE;
  const found: News[] = [];
  for (const pattern of patterns) {
    const news = pattern.level >= question.level && pattern.lastAt >= since ? newsAbout(pattern, question) : null;
    if (news !== null) found.push(news);
  }
  return found;
}

/** The first time in the last hour that the pattern began after having been unseen, and that is not within the repeat interval of one that was told. */
function newsAbout(pattern: SeenPattern, question: Question): News | null {
  const { to, spec } = question;
  const unseen = spec.unseen_for / MINUTE;
  const next = (from: number) => pattern.counts.begin(from, to, unseen);
  for (let from = next(to - NEWS); from !== null; from = next(from + 1)) {
    const news = newsFrom(pattern, from, question);
    if (news !== null) return news;
  }
  return null;
}

function newsFrom(pattern: SeenPattern, from: number, { to, spec, repeat }: Question): News | null {
  const { counts } = pattern;
  let [count, toldAt] = [0, from];
  while (toldAt < to && count < spec.min_count) count += counts.at(toldAt++);
  if (count < spec.min_count) return null;
  const told = lastTold(pattern, { from, unseen: spec.unseen_for / MINUTE, repeat: repeat / MINUTE });
  if (told !== null && from - told < repeat / MINUTE) return null;
  const suppressed = told === null ? 0 : counts.between(told + NEWS, from);
  return { pattern, from, toldAt, count: counts.between(from, to), suppressed };
}

/** When the pattern began before `from` and was told; what began within the repeat interval after that was not. */
function lastTold(
  { counts }: SeenPattern,
  { from, unseen, repeat }: { readonly from: number; readonly unseen: number; readonly repeat: number },
): number | null {
  const begins: number[] = [];
  for (let minute = counts.newest(from); minute !== null; ) {
    const before = counts.newest(minute);
    if (before === null || minute - before > unseen) begins.push(minute);
    minute = before;
  }
  let told: number | null = null;
  for (const begin of begins.reverse()) if (told === null || begin - told >= repeat) told = begin;
  return told;
}

/**
 * Whether the log was seen before the news: `new` when its workload is too young, or was first looked at too shortly before, to know what is usual;
 * `doubtful` when too much of that time was not seen.
 */
function pastOf(
  { key, name }: ContainerGroup,
  { window }: View,
  { history, news, spec }: { readonly history: PatternHistory; readonly news: News; readonly spec: Spec },
): 'seen' | 'new' | 'doubtful' {
  const knownFrom = Math.ceil((history.since(news.pattern.level) ?? Number.POSITIVE_INFINITY) / MINUTE);
  const begin = Math.max(news.from - spec.unseen_for / MINUTE, knownFrom, window.firstLook(key, name) ?? news.from);
  let [first, seen] = [news.from, 0];
  if (begin < news.from && window.isSeen(key, name, { from: begin, to: news.from })) [first, seen] = [begin, news.from - begin];
  else
    for (let minute = news.from - 1; minute >= begin; minute--) {
      const coverage = window.coverage(key, name, minute);
      if (coverage === 'seen') seen++;
      if (coverage !== 'unseen') first = minute;
    }
  const needed = Math.min(spec.unseen_for, spec.learn_for) / MINUTE;
  if (news.from - first < needed) return 'new';
  return seen >= (news.from - first) * SEEN_SHARE ? 'seen' : 'doubtful';
}
