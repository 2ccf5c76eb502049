import type { SlackPayload } from './slack-payload.ts';

/** One message that the inbox accepted. */
export type InboxMessage = SlackMessage | MailMessage | WebhookMessage;

interface Received {
  /** Counts from 1. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** One line: a Slack message's fallback text, a mail's subject, a webhook's status and alert names. */
  readonly headline: string;
}

export interface SlackMessage extends Received {
  readonly kind: 'slack';
  readonly path: string;
  readonly payload: SlackPayload;
}

export interface MailMessage extends Received {
  readonly kind: 'mail';
  readonly mail: Mail;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly references: string;
  readonly text: string;
  /** Empty for a mail without an HTML part. */
  readonly html: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebhookMessage extends Received {
  readonly kind: 'webhook';
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body. */
  readonly payload: unknown;
}

/** A message before the inbox has numbered it. */
export type NewMessage = Omit<SlackMessage, 'id' | 'at'> | Omit<MailMessage, 'id' | 'at'> | Omit<WebhookMessage, 'id' | 'at'>;
