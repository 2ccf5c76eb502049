import { createHash } from 'node:crypto';
import { oneOrMany } from '../base/schema/collections.ts';
import { object, required } from '../base/schema/object.ts';
import { text } from '../base/schema/scalars.ts';
import { refine, type Value } from '../base/schema/type.ts';
import { Secret } from '../base/secret.ts';
import type { Notification } from '../core/model/notification.ts';
import { mailMessage } from './mail-message.ts';
import { messageOf } from './message.ts';
import type { Notifier, Outcome } from './notifier.ts';
import type { ReceiverKind } from './receiver-kind.ts';
import { secretFields, secretSetting, withOneOf } from './secret-setting.ts';
import { outcomeOfSmtpError, partlyAccepted } from './smtp-outcome.ts';
import { parseSmtpUrl, smtpProblem } from './smtp-url.ts';

const address = refine(text('a mail address'), (value, fail) =>
  /^[^\s@<>]+@[^\s@<>]+$|^[^\r\n<>]*<[^\s@<>]+@[^\s@<>]+>$/.test(value)
    ? value
    : fail(`${JSON.stringify(value)} is not a mail address`),
);

const type = withOneOf(
  object({
    ...secretFields('smtp', 'an smtps:// or smtp:// URL'),
    from: required(address),
    to: required(oneOrMany(address, 1)),
  }),
  'smtp',
);

/** Mail, through an SMTP server. */
export const email: ReceiverKind<Value<typeof type>> = {
  kind: 'email',
  description: 'Mail, through an SMTP server.',
  type,
  address: 'smtp',
  secrets: (spec) => ({ smtp: secretSetting(spec.smtp, spec.smtp_file) }),
  problem: (secrets) => smtpProblem(secrets['smtp']),
  create: (spec, { receiver, secrets }) => new EmailNotifier(receiver, spec, secrets['smtp'] ?? new Secret('')),
};

/** For the connection, for the server's greeting, and for every silence after that. */
const CONNECT_TIMEOUT = 10_000;
const GREETING_TIMEOUT = 30_000;
const SOCKET_TIMEOUT = 60_000;

class EmailNotifier implements Notifier {
  readonly receiver: string;
  readonly #from: string;
  readonly #to: readonly string[];
  readonly #smtp: Secret;

  constructor(receiver: string, spec: { readonly from: string; readonly to: readonly string[] }, smtp: Secret) {
    this.receiver = receiver;
    this.#from = spec.from;
    this.#to = spec.to;
    this.#smtp = smtp;
  }

  async send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const server = parseSmtpUrl(this.#smtp.reveal());
    if (typeof server === 'string') return { kind: 'refused', message: server };
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host: server.host,
      port: server.port,
      secure: server.secure,
      ...(server.auth === null ? {} : { auth: server.auth }),
      requireTLS: !server.secure && server.startTls === 'required',
      ignoreTLS: server.startTls === 'none',
      connectionTimeout: CONNECT_TIMEOUT,
      greetingTimeout: GREETING_TIMEOUT,
      socketTimeout: SOCKET_TIMEOUT,
      // A message is text and nothing else: no file or address in it is ever opened.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const sent = await transport.sendMail({ ...this.#mail(notification), signal });
      return partlyAccepted(sent.rejectedErrors ?? [], [this.#smtp]);
    } catch (error) {
      return outcomeOfSmtpError(error, [this.#smtp]);
    } finally {
      transport.close();
    }
  }

  #mail(notification: Notification) {
    const { subject, text, html } = mailMessage(messageOf(notification));
    const domain = this.#from.replace(/>$/, '').split('@').at(-1) ?? 'localhost';
    const [group, ...others] = notification.groups;
    // All messages of a group answer one message that never was, which keeps them in one thread.
    const thread = group === undefined || others.length > 0 ? null : `<${hash(group.key)}.group@${domain}>`;
    return {
      from: this.#from,
      to: [...(notification.recipients ?? this.#to)],
      subject,
      text,
      html,
      messageId: `<${hash(`${notification.receiver} ${notification.id}`)}@${domain}>`,
      ...(thread === null ? {} : { inReplyTo: thread, references: [thread] }),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    };
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
