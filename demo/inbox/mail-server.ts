import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { Mail } from './message.ts';

export interface MailServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Called with every whole mail before it is accepted; an SMTP error that it throws is the answer. */
  readonly onMail: (mail: Mail) => void | Promise<void>;
}

/** A running SMTP server on loopback. */
export interface MailServer {
  readonly port: number;
  close(): Promise<void>;
}

const MAX_MAIL_BYTES = 10 * 1024 * 1024;

/** An answer to a mail that is not accepted: 4xx for "try again", 5xx for "never". */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** Starts an SMTP server without TLS and without log-in that takes every mail. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAX_MAIL_BYTES,
    logger: false,
    closeTimeout: 500,
    onData(stream, session, callback) {
      receive(
        stream,
        session.envelope.rcptTo.map((recipient) => recipient.address),
      )
        .then(options.onMail)
        .then(
          () => callback(),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
        );
    },
  });
  // A client that hangs up in the middle is its own affair.
  server.on('error', () => undefined);
  const listener = server.listen(options.port ?? 0, '127.0.0.1');
  await once(listener, 'listening');
  // A listening TCP server has an AddressInfo, never a pipe's path.
  const { port } = listener.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function receive(stream: NodeJS.ReadableStream, recipients: readonly string[]): Promise<Mail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const mail = await PostalMime.parse(Buffer.concat(chunks));
  const headers: Record<string, string> = {};
  for (const { key, value } of mail.headers) headers[key] = value;
  return {
    from: mail.from?.address === undefined ? '' : mail.from.name ? `${mail.from.name} <${mail.from.address}>` : mail.from.address,
    to: recipients,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    inReplyTo: mail.inReplyTo ?? '',
    references: mail.references ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers,
  };
}
