import type { CycleDraft } from '../store.ts';

/** What `begin` gives for a cycle that is committed already: committing it again changes nothing. */
export class CommittedDraft implements CycleDraft {
  write(): undefined {}

  async takeOver(): Promise<void> {}

  async commit(): Promise<void> {}

  async abandon(): Promise<void> {}
}
