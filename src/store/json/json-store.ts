import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { humanSize } from '../../base/size.ts';
import type { Segment } from '../../core/analyze/segment.ts';
import type { Cycle, CycleSummary } from '../../core/model/cycle.ts';
import { type LateCounts, withLate } from '../../core/model/late-counts.ts';
import type { LineQuery } from '../../core/model/line-query.ts';
import type { LogLine } from '../../core/model/log-line.ts';
import type { Evidence } from '../../core/model/notification.ts';
import { type AlertsDocument, EMPTY_ALERTS } from '../../core/model/state.ts';
import type { Workload } from '../../core/model/workload.ts';
import { isCycleId } from '../cycle-id.ts';
import type { CycleDraft, Store } from '../store.ts';
import type { StoreOptions } from '../store-kind.ts';
import { CommittedDraft } from './committed-draft.ts';
import { readCycle, readFacts, removeCycleFolder, type StoredCycle, storedCycle, withFacts } from './cycle-folder.ts';
import { isAlertsDocument } from './documents/alerts-document.ts';
import { EvidenceFolder } from './documents/evidence-folder.ts';
import type { Quarantine } from './documents/quarantine.ts';
import { SentLog } from './documents/sent-log.ts';
import { StateDocument } from './documents/state-document.ts';
import { JsonDraft } from './draft.ts';
import { chooseExpired } from './expiry.ts';
import { FactsReader } from './facts/facts-reader.ts';
import { LateFiles } from './facts/late-files.ts';
import { isDamage, isMissing, readFailure, writeFailure, writeWithRoom } from './failure.ts';
import { searchLines } from './lines/line-search.ts';
import { readSegments } from './lines/read-segments.ts';
import type { StoreLock } from './lock.ts';
import type { Repairs } from './repairs.ts';

export interface JsonStoreParts {
  readonly options: StoreOptions;
  /** `null` when the store is open for reading only. */
  readonly lock: StoreLock | null;
  readonly repairs: Repairs;
  readonly quarantine: Quarantine;
  /** Oldest first. */
  readonly cycles: readonly StoredCycle[];
}

/** The store in a folder. Its list of cycles is in memory; everything else is read when asked for. */
export class JsonStore implements Store {
  readonly #options: StoreOptions;
  readonly #lock: StoreLock | null;
  readonly #repairs: Repairs;
  readonly #quarantine: Quarantine;
  readonly #alerts: StateDocument<AlertsDocument>;
  readonly sent: SentLog;
  readonly #evidence: EvidenceFolder;
  readonly #late = new LateFiles((path, reason) => this.#setAside(path, reason));
  readonly #drafts = new Map<string, CycleDraft>();
  /** Replaced, never changed, so that a reader keeps the list that it began with. */
  #cycles: readonly StoredCycle[];
  #doubted: string | null = null;
  /** Cycles that others have taken over, commit by commit: whoever searches may still read them for a while. */
  #replaced: (readonly StoredCycle[])[] = [];

  private constructor({ options, lock, repairs, quarantine, cycles }: JsonStoreParts) {
    this.#options = options;
    this.#lock = lock;
    this.#repairs = repairs;
    this.#quarantine = quarantine;
    this.#cycles = cycles;
    this.sent = new SentLog(options.path);
    this.#evidence = new EvidenceFolder(options.path);
    this.#alerts = new StateDocument({
      path: join(options.path, 'alerts.json'),
      initial: EMPTY_ALERTS,
      accepts: isAlertsDocument,
      onDamage: (path, reason) => this.#setAside(path, reason),
    });
  }

  static async open(parts: JsonStoreParts): Promise<JsonStore> {
    const store = new JsonStore(parts);
    await store.#evidence.open(parts.options.access);
    await store.#alerts.read();
    // Collection resumes from the newest cycle: one that cannot be read must be known now, so that its lines are read again.
    if (parts.lock !== null) await store.newest();
    return store;
  }

  get repairs(): readonly string[] {
    return this.#repairs.list;
  }

  summaries(): readonly CycleSummary[] {
    return this.#cycles.map((cycle) => cycle.manifest.summary);
  }

  async *cycles(only?: (workload: Workload) => boolean): AsyncGenerator<Cycle, void, undefined> {
    const reader = new FactsReader(only);
    for (const { stored, facts } of withFacts(this.#cycles)) {
      const cycle = await this.#read(stored, reader, facts);
      if (cycle !== null) yield cycle;
    }
  }

  async newest(): Promise<Cycle | null> {
    for (const stored of this.#cycles.toReversed()) {
      const cycle = await this.#read(stored);
      if (cycle !== null) return cycle;
    }
    return null;
  }

  async cycle(id: string): Promise<Cycle | null> {
    const stored = this.#cycles.find((cycle) => cycle.id === id);
    return stored === undefined ? null : this.#read(stored);
  }

  async *segments(id: string, only?: (workload: Workload) => boolean): AsyncGenerator<Segment, void, undefined> {
    const stored = this.#cycles.find((cycle) => cycle.id === id);
    if (stored !== undefined) yield* readSegments(stored, (path, reason) => this.#repairs.unreadable(path, reason), only);
  }

  async saveLate(id: string, late: LateCounts): Promise<void> {
    this.#mustWrite('save late counts');
    const save = async () => {
      const stored = this.#cycles.find((cycle) => cycle.id === id);
      if (stored !== undefined) await this.#late.add(stored.folder, late);
    };
    try {
      await this.#withRoom(save);
    } catch (error) {
      throw writeFailure(`save late counts of cycle ${id}`, error);
    }
  }

  async begin(id: string): Promise<CycleDraft> {
    this.#mustWrite('begin a cycle');
    if (!isCycleId(id)) throw new Error(`could not begin cycle ${JSON.stringify(id)}: not an id of nextCycleId`);
    if (this.#drafts.has(id)) throw new Error(`could not begin cycle ${id}: it was begun already`);
    if (this.#cycles.some((cycle) => cycle.id === id)) return new CommittedDraft();
    const folder = join(this.#options.path, 'cycles', id);
    const draft = await JsonDraft.begin(id, folder, {
      makeRoom: () => this.#makeRoom(),
      segmentsOf: (taken) => this.#segments(taken),
      committed: (manifest, manifestBytes) => {
        const gone = new Set([id, ...(manifest.replaces ?? [])]);
        const others = this.#cycles.filter((cycle) => !gone.has(cycle.id));
        this.#replaced.push(this.#cycles.filter((cycle) => cycle.id !== id && gone.has(cycle.id)));
        this.#cycles = [...others, storedCycle(folder, manifest, manifestBytes)].sort((a, b) => (a.id < b.id ? -1 : 1));
      },
      ended: () => this.#drafts.delete(id),
    });
    this.#drafts.set(id, draft);
    return draft;
  }

  #segments(id: string): AsyncIterable<Segment> {
    const stored = this.#cycles.find((cycle) => cycle.id === id);
    if (stored === undefined) throw new Error(`could not take over cycle ${id}: there is none`);
    return readSegments(stored, (path, reason) =>
      this.#repairs.tell(`log lines in ${path} cannot be read and are passed over: ${reason}`),
    );
  }

  lines(query: LineQuery, signal: AbortSignal): AsyncGenerator<LogLine, void, undefined> {
    const { afterCycle } = query;
    return searchLines({
      cycles: afterCycle == null ? this.#cycles : this.#cycles.filter(({ manifest }) => manifest.summary.id > afterCycle),
      query,
      signal,
      onDamage: (path, reason) => this.#repairs.unreadable(path, reason),
    });
  }

  async loadAlerts(): Promise<AlertsDocument> {
    const document = this.#lock === null ? await this.#alerts.read() : this.#alerts.data;
    // What an earlier version wrote lacks the lists that came later.
    return { ...EMPTY_ALERTS, ...document };
  }

  async saveAlerts(document: AlertsDocument): Promise<void> {
    this.#mustWrite('save alerts');
    await this.#withRoom(() => this.#alerts.write(document));
    this.sent.saved(document);
  }

  #withRoom(save: () => Promise<void>): Promise<void> {
    return writeWithRoom(save, () => this.#makeRoom());
  }

  async saveEvidence(id: string, evidence: Evidence): Promise<void> {
    this.#mustWrite('save evidence');
    await this.#withRoom(() => this.#evidence.save(id, evidence));
  }

  async loadEvidence(id: string): Promise<Evidence | null> {
    return this.#evidence.load(id, (path, reason) => this.#setAside(path, reason));
  }

  async expire(now: number): Promise<{ readonly expired: readonly string[]; readonly forSize: readonly string[] }> {
    this.#mustWrite('expire cycles');
    const horizon = now - this.#options.window;
    const dated = this.#cycles.map((cycle) => ({ id: cycle.id, at: cycle.manifest.summary.at }));
    const { count, doubted } = chooseExpired(dated, horizon, this.#doubted);
    if (doubted !== null) this.#options.logger.warn('much has left the window at once, the rest waits', { newest: doubted });
    this.#doubted = doubted;
    await this.#deleteReplaced();
    const expired = await this.#deleteOldest(count);
    const oldest = this.#cycles[0]?.manifest.summary.at ?? horizon;
    await this.#evidence.expire(Math.min(horizon, oldest));
    const forSize = await this.#shrink();
    return { expired, forSize };
  }

  size(): number {
    const cycles = this.#cycles.reduce((sum, cycle) => sum + cycle.bytes, 0);
    return cycles + this.#late.bytes + this.#evidence.bytes + this.#alerts.bytes + this.#quarantine.bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const draft of [...this.#drafts.values()]) await draft.abandon();
    await this.#alerts.settled();
    await this.#lock?.release();
  }

  async #read(stored: StoredCycle, reader = new FactsReader(), facts = readFacts(stored)): Promise<Cycle | null> {
    try {
      return withLate(await readCycle(stored, reader, await facts), await this.#late.read(stored.folder));
    } catch (error) {
      const expired = isMissing(error) && !this.#cycles.includes(stored);
      if (expired || (isMissing(error) && this.#lock === null)) return null;
      if (!isDamage(error)) throw readFailure(`read cycle ${stored.id}`, error);
      await this.#setAside(stored.folder, `its facts: ${messageOf(error)}`);
      this.#cycles = this.#cycles.filter((cycle) => cycle !== stored);
      return null;
    }
  }

  async #setAside(path: string, reason: string): Promise<void> {
    if (this.#lock === null) {
      this.#repairs.tell(`${path} cannot be read and is passed over: ${reason}`);
      return;
    }
    try {
      this.#repairs.tell(`${path} cannot be read (${reason}): set aside as ${await this.#quarantine.setAside(path)}`);
    } catch (error) {
      this.#repairs.tell(`${path} cannot be read (${reason}) and not be set aside: ${messageOf(error)}`);
    }
  }

  async #shrink(): Promise<readonly string[]> {
    const { maxSize } = this.#options;
    if (this.size() > maxSize) await this.#quarantine.empty();
    let [count, size] = [0, this.size()];
    while (size > maxSize && count < this.#cycles.length - 1) size -= this.#cycles[count++]?.bytes ?? 0;
    const deleted = await this.#deleteOldest(count);
    // Without what changes from cycle to cycle: a full store is told once, not every ten minutes.
    if (deleted.length > 0)
      this.#options.logger.once('store size', 'the store has reached its size: the oldest cycles go', {
        max_size: humanSize(maxSize),
      });
    return deleted;
  }

  /** Those of the commits before the newest. */
  async #deleteReplaced(): Promise<void> {
    for (const { id, folder } of this.#replaced.splice(0, this.#replaced.length - 1).flat()) {
      try {
        await removeCycleFolder(folder);
      } catch (error) {
        throw writeFailure(`delete cycle ${id}`, error);
      }
    }
  }

  /** On a full disk alerts, and what is new, are worth more than the oldest cycle. The newest stays. */
  async #makeRoom(): Promise<boolean> {
    if (this.#cycles.length < 2) return false;
    const [id] = await this.#deleteOldest(1);
    this.#repairs.tell(`the disk is full: cycle ${id} was deleted before its time, to make room`);
    return true;
  }

  async #deleteOldest(count: number): Promise<readonly string[]> {
    const doomed = this.#cycles.slice(0, count);
    // Unlisted first: a reader that begins now must not look for them.
    this.#cycles = this.#cycles.slice(count);
    await this.#late.settled();
    for (const { id, folder } of doomed) {
      this.#late.forget(folder);
      try {
        await removeCycleFolder(folder);
      } catch (error) {
        throw writeFailure(`delete cycle ${id}`, error);
      }
    }
    return doomed.map((cycle) => cycle.id);
  }

  #mustWrite(attempt: string): void {
    if (this.#lock === null) throw new Error(`could not ${attempt}: the store is open for reading`);
  }
}
