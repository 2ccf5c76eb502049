import type { Notification } from '../core/model/notification.ts';

/** How a receiver answered one attempt. Callers branch on `kind`, never on the text. */
export type Outcome =
  | {
      readonly kind: 'accepted';
      /** What went wrong all the same, such as one recipient of several that was refused for good. */
      readonly problem?: string;
    }
  /** Worth trying again: timeouts, connection errors, 429, 5xx, SMTP 4xx. */
  | {
      readonly kind: 'retry';
      readonly message: string;
      readonly retryAfterMs: number | null;
      /** The receiver takes no other message now either; left out where it may be this one alone that it does not take. */
      readonly wholeReceiver?: true;
      /** The recipients that are still owed the message, when others took it. */
      readonly recipients?: readonly string[];
      /** What was said to recipients that were refused for good. */
      readonly refused?: string;
    }
  /** Trying again cannot help: goes to the dead letters. */
  | { readonly kind: 'refused'; readonly message: string };

/**
 * One configured receiver. `send` makes one attempt and never throws for what a receiver can answer; it keeps no state between attempts
 * of its own (the outbox owns retries and order) and must stop soon after `signal` aborts. Messages carry no secret of the receiver.
 */
export interface Notifier {
  readonly receiver: string;
  /** The least time between two messages, shared by all notifiers with an equal `key` (which shows no secret). */
  readonly pace?: { readonly key: string; readonly interval: number };
  send(notification: Notification, signal: AbortSignal): Promise<Outcome>;
}
