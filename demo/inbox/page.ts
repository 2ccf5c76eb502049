import { escapeHtml } from './html.ts';
import type { InboxMessage, MailMessage, SlackMessage, WebhookMessage } from './message.ts';
import { slackToHtml } from './slack-html.ts';
import { webhookToHtml } from './webhook-html.ts';

/** Messages as HTML, newest first, for each column of the page; `newest` is the highest id, 0 when there is none. */
export interface MessagesHtml {
  readonly newest: number;
  readonly slack: string;
  readonly mail: string;
}

/** The whole page. It works without a script, then with a reload every 10 s. */
export function inboxPage(messages: readonly InboxMessage[], options: { readonly statusPage: string | null }): string {
  const html = messagesHtml(messages);
  const link = options.statusPage === null ? '' : `<a href="${escapeHtml(options.statusPage)}">Tocsin’s page</a>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<noscript><meta http-equiv="refresh" content="10"></noscript>
<title>Inbox · Tocsin demo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script src="page-client.js" defer></script>
</head>
<body>
<header class="top">
<h1>Inbox</h1>
<p>What people would have been told: nothing leaves this machine.</p>
<nav><a class="tab" href="#slack">Slack</a><a class="tab" href="#mail">Mail</a>${link}</nav>
</header>
<main data-newest="${html.newest}">
<section class="column" id="slack" aria-label="Slack">
<header><h2><span class="hash">#</span> alerts</h2><p>Slack, by incoming webhook</p></header>
<div class="messages">${html.slack}</div>
<p class="empty">Nothing yet. The first alert comes within 30 seconds of the start.</p>
</section>
<section class="column" id="mail" aria-label="Mail">
<header><h2>ops@example.com</h2><p>Mail, by SMTP</p></header>
<div class="messages">${html.mail}</div>
<p class="empty">No mail yet.</p>
</section>
</main>
</body>
</html>
`;
}

/** Slack and webhook messages go to the first column, mails to the second. */
export function messagesHtml(messages: readonly InboxMessage[]): MessagesHtml {
  const slack: string[] = [];
  const mail: string[] = [];
  for (const message of messages) {
    switch (message.kind) {
      case 'slack':
        slack.push(slackMessage(message));
        break;
      case 'webhook':
        slack.push(webhookMessage(message));
        break;
      case 'mail':
        mail.push(mailMessage(message));
        break;
      default:
        message satisfies never;
    }
  }
  return { newest: messages[0]?.id ?? 0, slack: slack.join('\n'), mail: mail.join('\n') };
}

function slackMessage(message: SlackMessage): string {
  return `<article class="message" id="message-${message.id}">
<div class="avatar" aria-hidden="true">T</div>
<div class="content"><p class="author"><b>Tocsin</b> <span class="badge">APP</span> ${time(message.at)}</p>
${slackToHtml(message.payload)}</div>
</article>`;
}

function webhookMessage(message: WebhookMessage): string {
  return `<article class="message" id="message-${message.id}">
<div class="avatar hook" aria-hidden="true">{}</div>
<div class="content"><p class="author"><b>Webhook</b> <span class="badge">HTTP</span> ${time(message.at)}</p>
<p>${escapeHtml(message.headline)}</p>${webhookToHtml(message.payload)}</div>
</article>`;
}

function mailMessage(message: MailMessage): string {
  const { mail } = message;
  const name = mail.from.replace(/\s*<.*>$/, '') || mail.from;
  // Scripts stay forbidden in the frame; same origin only lets the page measure how high the mail is.
  const body =
    mail.html === ''
      ? `<pre class="plain">${escapeHtml(mail.text)}</pre>`
      : `<iframe sandbox="allow-same-origin allow-popups" title="${escapeHtml(mail.subject)}" srcdoc="${escapeHtml(mail.html)}"></iframe>
<details class="alternative"><summary>Plain-text part</summary><pre class="plain">${escapeHtml(mail.text)}</pre></details>`;
  return `<details class="letter" id="message-${message.id}">
<summary><span class="from">${escapeHtml(name)}</span><span class="subject">${escapeHtml(mail.subject)}</span>${time(message.at)}</summary>
<dl><dt>From</dt><dd>${escapeHtml(mail.from)}</dd><dt>To</dt><dd>${escapeHtml(mail.to.join(', '))}</dd></dl>
${body}
</details>`;
}

function time(at: number): string {
  const iso = new Date(at).toISOString();
  return `<time datetime="${iso}" title="${iso}">${iso.slice(11, 19)} UTC</time>`;
}
