import type { Problem } from '../base/errors.ts';
import type { SilenceRequest } from '../core/alerts/suppress/silence-request.ts';
import type { Alert } from '../core/model/alert.ts';
import type { LogLine } from '../core/model/log-line.ts';
import type { Evidence } from '../core/model/notification.ts';
import type { Silence } from '../core/model/silence.ts';
import type { AlertsDocument } from '../core/model/state.ts';
import type { Window } from '../core/model/window/window.ts';
import type { Sample } from '../core/rules/condition.ts';
import type { Rule } from '../core/rules/rule.ts';

/** `ok`, `degraded` (something is not seen or not delivered; reasons say what) or `failing` (the loop is dead). */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly reasons: readonly string[];
  /** A cycle has ended, well or badly, within 2.5 schedule periods. */
  readonly alive: boolean;
  /** A cycle has ended well within 2.5 schedule periods: what `?strict` asks. */
  readonly strict: boolean;
}

/** The newest judgement of a rule. */
export interface RuleEvaluation {
  readonly alert: string;
  readonly at: number;
  readonly samples: readonly Sample[];
  /** Set when judging failed: a bug or a broken window, shown and counted. */
  readonly error: string | null;
}

export interface ReceiverStatus {
  readonly name: string;
  readonly kind: string;
  /** Its address is empty: it is off. */
  readonly off: boolean;
  /** Rows that wait in the outbox. */
  readonly pending: number;
  readonly lastDeliveredAt: number | null;
  /** The newest failure since the last acceptance. */
  readonly lastError: string | null;
}

/** Makes and ends silences: all that page and API can change. */
export interface SilencePort {
  /** Checks the request and makes the silence durable; the problems say why there is none. `author` stands in where the request names none. */
  add(
    request: SilenceRequest,
    author: string,
  ): Promise<{ readonly silence: Silence | null; readonly problems: readonly string[] }>;
  /** Ends a silence by its id, or the beginning of it; `null` when there is no such one. */
  end(id: string): Promise<Silence | null>;
}

/** What an edited rule would have done on what is stored. */
export interface RuleTrial {
  /** Why it was not tried, or what of the stored lines could not be counted for it. */
  readonly problems: readonly string[];
  /** What the rule in force and the edited one would have fired, the newest first; `null` when it was not tried. */
  readonly result: { readonly before: readonly Alert[]; readonly after: readonly Alert[] } | null;
}

/** Tries edited rules; nothing is stored or told. */
export interface RuleTrialPort {
  /** The rule as its file has it; `null` when the file has it no longer. */
  source(rule: Rule): string | null;
  /** Judges what is stored by the rule and by the edited text in its place. Bounded in time and size: then the problems say so. */
  try(rule: Rule, text: string, signal: AbortSignal): Promise<RuleTrial>;
}

/** What page, API and metrics read from the running daemon. Every call is cheap and never blocks collecting. */
export interface StatusView {
  readonly version: string;
  readonly cluster: string;
  /** IANA name; times on the page are shown in it, with their offset. */
  readonly timezone: string;
  /** Page address for links in what leaves; `null` when not set. */
  readonly externalUrl: string | null;
  readonly startedAt: number;
  now(): number;
  /** The store is open and the rules are loaded. */
  ready(): boolean;
  health(): Health;
  window(): Window;
  alerts(): AlertsDocument;
  rules(): readonly Rule[];
  /** Problems of the rule and settings files as last read; not empty means that the last good ones are in force. */
  problems(): readonly Problem[];
  evaluation(alert: string): RuleEvaluation | null;
  receivers(): readonly ReceiverStatus[];
  /** The schedule's next tick; `null` when the daemon does not run. */
  nextCycleAt(): number | null;
  /** A cycle is running: how far it is. */
  progress(): { readonly startedAt: number; readonly done: number; readonly total: number } | null;
  storeBytes(): number;
  /** The page's rows: one per workload and cycle, oldest first, aligned with `window().scheduled`. */
  strip(key: string): readonly ('ok' | 'failing' | 'unknown')[];
  evidence(alertId: string): Promise<Evidence | null>;
  /** Newest first; lines of one time in an order that does not change, so that pages of a search fit together. Ends early when `signal` aborts. */
  lines(search: LineSearch, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Oldest first, and only what cycles after this one brought (`null`: all). */
  linesSince(cycle: string | null, search: LineSearch, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Prometheus text. */
  metrics(): string;
  readonly silences: SilencePort;
  readonly trials: RuleTrialPort;
}

/** A search as the API and page take it: names may be globs, `grep` is RE2 (checked by the app: throws `ConfigError` for a bad one). */
export interface LineSearch {
  readonly namespace: string | null;
  readonly kind: string | null;
  readonly workload: string | null;
  readonly pod: string | null;
  readonly container: string | null;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number | null;
  /** Level name: that or worse. */
  readonly level: string | null;
  readonly grep: string | null;
  /** A text that must occur as it is. */
  readonly contains: string | null;
}
