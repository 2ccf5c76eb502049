import { readFileSync } from 'node:fs';
import type { InboxMessage } from './message.ts';
import { inboxPage, messagesHtml } from './page.ts';

/** An HTTP answer of the inbox; plain text unless the headers say otherwise. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `'self'` in style-src is for the sheet, `'unsafe-inline'` for the styles that mails bring along. */
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

/** Answers what a browser asks for. `messages` are newest first. */
export function pageReply(url: URL, messages: readonly InboxMessage[], options: { readonly statusPage: string | null }): Reply {
  switch (url.pathname) {
    case '/':
      return {
        status: 200,
        body: inboxPage(messages, options),
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
      };
    case '/new': {
      const after = Number(url.searchParams.get('after') ?? 0);
      return json(messagesHtml(messages.filter((message) => message.id > after)));
    }
    case '/messages.json':
      return json({ items: messages });
    case '/page.css':
      return asset('page.css', 'text/css');
    case '/page-client.js':
      return asset('page-client.js', 'text/javascript');
    default:
      return { status: 404, body: 'There is nothing here; the inbox is at /\n' };
  }
}

function json(value: unknown): Reply {
  return { status: 200, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

function asset(name: 'page.css' | 'page-client.js', type: string): Reply {
  const body = readFileSync(new URL(name, import.meta.url), 'utf8');
  return { status: 200, body, headers: { 'content-type': `${type}; charset=utf-8` } };
}
