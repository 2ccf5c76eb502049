import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MailServer, SmtpRefusal, startMailServer } from './mail-server.ts';
import type { InboxMessage, Mail, NewMessage } from './message.ts';
import { pageReply, type Reply } from './page-reply.ts';
import { parseSlackPayload, SlackRefusal } from './slack-payload.ts';
import { webhookHeadline } from './webhook-html.ts';

export interface InboxOptions {
  /** Of the page and the webhooks; default a free one. */
  readonly port?: number;
  readonly now?: () => number;
  /** Called with every accepted message. */
  readonly onMessage?: (message: InboxMessage) => void;
  /** Where the page links to as Tocsin's own; none when left out. */
  readonly statusPage?: string;
}

/** How a channel answers instead of accepting. For mail, `status` is an SMTP code. */
export type InboxFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly retryAfterSeconds?: number;
      readonly times?: number;
    }
  | { readonly kind: 'hang'; readonly times?: number };

export type InboxChannel = InboxMessage['kind'];

const MAX_MESSAGES = 500;
const MAX_BODY_BYTES = 1024 * 1024;

/** Starts an inbox on loopback: Slack incoming webhooks, Alertmanager-style webhooks and SMTP, and a page that shows what came. */
export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  const inbox = new Inbox(options);
  await inbox.listen();
  return inbox;
}

/** What people would have been told. Keeps the newest 500 messages. */
export class Inbox implements AsyncDisposable {
  readonly #options: InboxOptions;
  readonly #now: () => number;
  readonly #server: Server;
  readonly #faults = new Map<InboxChannel, { fault: InboxFault; left: number }>();
  readonly #waiting = new Set<() => void>();
  #mail: MailServer | null = null;
  #messages: readonly InboxMessage[] = [];
  #received = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#options.port ?? 0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#mail = await startMailServer({ onMail: (mail) => this.#acceptMail(mail) });
  }

  /** The page's address, without a trailing slash. */
  get url(): string {
    // A listening TCP server has an AddressInfo, never a pipe's path.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  /** For a Slack receiver's `webhook_url`. */
  get slackUrl(): string {
    return `${this.url}/services/T0DEMO/B0DEMO/inbox`;
  }
  /** For a webhook receiver's `url`. */
  get webhookUrl(): string {
    return `${this.url}/webhook`;
  }
  /** For an email receiver's `smtp`. */
  get smtpUrl(): string {
    return `smtp://127.0.0.1:${this.#mail?.port ?? 0}`;
  }

  /** What was accepted, oldest first. */
  messages(): readonly InboxMessage[] {
    return this.#messages;
  }

  /** Resolves with the first message that fits, also one that is there already; rejects after `ms`. */
  waitFor(fits: (message: InboxMessage) => boolean, ms: number): Promise<InboxMessage> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.#messages.find(fits);
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const timer = setTimeout(() => {
        finish();
        const seen = this.#messages.map((message) => `${message.kind}: ${message.headline}`).join('\n  ');
        reject(new Error(`no such message within ${ms} ms; there are ${this.#messages.length}:\n  ${seen}`));
      }, ms);
      this.#waiting.add(look);
      look();
    });
  }

  /** Lets a channel answer otherwise until `times` is used up, or for ever; `null` ends it. */
  setFault(channel: InboxChannel, fault: InboxFault | null): void {
    if (fault === null) this.#faults.delete(channel);
    else this.#faults.set(channel, { fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await Promise.all([closed, this.#mail?.close()]);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept(message: NewMessage): void {
    const accepted = { ...message, id: ++this.#received, at: this.#now() };
    this.#messages = [...this.#messages, accepted].slice(-MAX_MESSAGES);
    this.#options.onMessage?.(accepted);
    for (const look of this.#waiting) look();
  }

  async #acceptMail(mail: Mail): Promise<void> {
    const fault = this.#takeFault('mail');
    if (fault?.kind === 'hang') return new Promise(() => undefined);
    if (fault?.kind === 'status') throw new SmtpRefusal(fault.status, fault.body ?? 'the demo inbox was told to refuse');
    this.#accept({ kind: 'mail', headline: mail.subject, mail });
  }

  #takeFault(channel: InboxChannel): InboxFault | null {
    const entry = this.#faults.get(channel);
    if (entry === undefined || entry.left <= 0) return null;
    entry.left--;
    return entry.fault;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request, new URL(request.url ?? '/', this.url));
    if (answer === null) return;
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...answer.headers };
    response.writeHead(answer.status, headers).end(answer.body);
  }

  /** `null` leaves the client waiting. */
  async #answer(request: IncomingMessage, url: URL): Promise<Reply | null> {
    if (request.method === 'GET') {
      return pageReply(url, this.#messages.toReversed(), { statusPage: this.#options.statusPage ?? null });
    }
    const isSlack = url.pathname.startsWith('/services/');
    if (request.method !== 'POST' || !(isSlack || url.pathname === '/webhook')) return { status: 404, body: 'no_service' };
    const body = await readBody(request);
    if (body === null) return { status: 413, body: 'too_large' };
    const fault = this.#takeFault(isSlack ? 'slack' : 'webhook');
    if (fault?.kind === 'hang') return null;
    if (fault?.kind === 'status') {
      const wait = fault.retryAfterSeconds;
      return { status: fault.status, body: fault.body ?? '', headers: wait === undefined ? {} : { 'retry-after': String(wait) } };
    }
    return isSlack ? this.#takeSlack(url.pathname, request, body) : this.#takeWebhook(request, body);
  }

  #takeSlack(path: string, request: IncomingMessage, body: string): Reply {
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    try {
      const payload = parseSlackPayload(isForm ? (new URLSearchParams(body).get('payload') ?? '') : body);
      this.#accept({ kind: 'slack', path, headline: payload.text, payload });
      return { status: 200, body: 'ok' };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      return { status: 400, body: error.message };
    }
  }

  #takeWebhook(request: IncomingMessage, body: string): Reply {
    let payload: unknown;
    try {
      payload = JSON.parse(body);
    } catch (error) {
      return { status: 400, body: `invalid JSON: ${String(error)}` };
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    this.#accept({ kind: 'webhook', headline: webhookHeadline(payload), headers, payload });
    return { status: 200, body: '' };
  }
}

/** The body as text, or `null` when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
