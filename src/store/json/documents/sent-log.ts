import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { messageId } from '../../../core/alerts/new-row.ts';
import type { AlertsDocument } from '../../../core/model/state.ts';
import type { SentMessages } from '../../store.ts';
import { isMissing } from '../failure.ts';

/** More are not noted: the alerts document cannot be written then either. */
const MOST_SENT = 10_000;

/**
 * A line for each message that a receiver has taken and that the alerts document on disk still owes. Written within the call, before anything
 * waits: what a kill could repeat is what comes between a receiver's answer and this. Only the document itself is safe from a power cut.
 */
export class SentLog implements SentMessages {
  readonly #path: string;
  readonly #ids: Set<string>;

  constructor(folder: string) {
    this.#path = join(folder, 'sent.log');
    this.#ids = new Set(linesOf(this.#path).slice(0, MOST_SENT));
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  note(id: string): void {
    if (this.#ids.size >= MOST_SENT) return;
    appendFileSync(this.#path, `${id}\n`, { mode: 0o640 });
    this.#ids.add(id);
  }

  /** This document is on disk: what it does not owe need not be remembered. */
  saved({ outbox }: AlertsDocument): void {
    if (this.#ids.size === 0 || outbox.some((row) => this.#ids.has(messageId(row)))) return;
    truncateSync(this.#path);
    this.#ids.clear();
  }
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
