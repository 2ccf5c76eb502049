import type { OutboxRow } from '../model/notification.ts';

/** Names what a message says: a message that took up more is another one. */
export function messageId({ id, revision }: Pick<OutboxRow, 'id' | 'revision'>): string {
  return revision === 0 ? id : `${id}.${revision}`;
}

/** A message that nobody has tried to deliver yet; due at once, and empty but for what is given. */
export function newRow(given: Pick<OutboxRow, 'id' | 'receiver' | 'createdAt' | 'reason'> & Partial<OutboxRow>): OutboxRow {
  return {
    groups: [],
    firing: [],
    resolved: [],
    fresh: [],
    notice: null,
    revision: 0,
    recipients: null,
    attempts: 0,
    nextAttemptAt: given.createdAt,
    lastError: null,
    ...given,
  };
}
