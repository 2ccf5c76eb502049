import type { AlertText, Excerpt, Points, Tone } from './alert-text.ts';
import type { Message } from './message.ts';

/** What of a message a mail tells: some alerts in full, others in a line, the rest as a number. */
export interface MailPlan {
  readonly detailed: readonly AlertText[];
  readonly lines: readonly AlertText[];
  readonly untold: number;
}

/** Readable as white text on it and as a bar on white and on dark grey. */
const COLOURS: Readonly<Record<Tone, string>> = { critical: '#c62828', warning: '#b45309', info: '#1d5fbf', resolved: '#1f7a3d' };

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

/** Mail programs that know dark mode get these over the inline styles, which are for all others. */
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #15171c !important; }
  .card { background: #1f2229 !important; border-left-color: #343943 !important; border-right-color: #343943 !important; border-bottom-color: #343943 !important; }
  .text { color: #e7e9ee !important; }
  .mute { color: #a3a9b5 !important; }
  .line { border-color: #343943 !important; }
  .code { background: #15171c !important; border-color: #343943 !important; color: #dfe3ea !important; }
  .link { color: #8ab4f8 !important; border-color: #4a5160 !important; }
}
@media (max-width: 480px) {
  .page { padding: 0 !important; }
  .card { border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important; }
  .body { padding: 16px !important; }
}`;

/** The HTML part: inline styles, nothing fetched from anywhere, light and dark, as wide as a phone or 680 px. */
export function mailHtml(message: Message, { detailed, lines, untold }: MailPlan): string {
  const several = message.alerts.length > 1;
  const body = [
    `<h1 class="text" style="margin:0 0 4px;font-size:19px;line-height:1.35;font-weight:650;color:#16181d;overflow-wrap:anywhere">${escapeHtml(message.title)}</h1>`,
    message.notice === null ? '' : paragraph(message.notice),
    message.digest ? list(lines) : '',
    untold === 0 || !message.digest ? '' : more(untold),
    ...detailed.map((alert) => details(alert, several)),
    message.digest ? '' : list(lines),
    untold === 0 || message.digest ? '' : more(untold),
  ].join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(message.title)}</title><style>${DARK}</style></head>
<body class="page" style="margin:0;padding:0;background:#f3f4f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr><td class="page" align="center" style="padding:20px 12px;background:#f3f4f7;font-family:${FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="card" style="max-width:680px;border-collapse:separate;table-layout:fixed;background:#ffffff;border:1px solid #dfe2e8;border-top:5px solid ${COLOURS[message.tone]};border-radius:6px">
<tr><td class="body" align="left" style="padding:20px 24px">${body}</td></tr></table>
<p class="mute" style="margin:12px 0;font-size:12px;color:#626977">Tocsin · ${escapeHtml(message.cluster)}${message.statusPage === null ? '' : ` · ${link(message.statusPage, 'status page')}`}</p>
</td></tr></table></body></html>
`;
}

function details(alert: AlertText, several: boolean): string {
  const heading = several
    ? `<h2 class="text line" style="margin:20px 0 4px;padding-top:16px;border-top:1px solid #dfe2e8;font-size:16px;line-height:1.4;color:#16181d;overflow-wrap:anywhere">${mark(alert.tone)}${escapeHtml(alert.title)}</h2>`
    : '';
  return [
    heading,
    alert.summary === null ? '' : paragraph(alert.summary),
    alert.description === null ? '' : paragraph(alert.description),
    facts(alert),
    `<p class="text" style="margin:0 0 12px;font-size:14px;font-weight:600;line-height:1.5;color:#16181d">${several ? '' : mark(alert.tone)}${escapeHtml(alert.status)}</p>`,
    ...alert.parts.map((part) => (part.kind === 'excerpt' ? excerpt(part) : points(part))),
    alert.links.length === 0
      ? ''
      : `<p style="margin:16px 0 4px">${alert.links.map(({ label: name, url }) => button(url, name)).join(' ')}</p>`,
  ].join('');
}

function facts({ where }: AlertText): string {
  const rows = where.map(
    ({ label: name, value }) =>
      `<tr><td class="mute" valign="top" width="92" style="padding:3px 12px 3px 0;font-size:14px;line-height:1.45;color:#626977">${escapeHtml(name)}</td><td class="text" style="padding:3px 0;font-size:14px;line-height:1.45;color:#16181d;overflow-wrap:anywhere;word-break:break-word">${escapeHtml(value)}</td></tr>`,
  );
  return rows.length === 0
    ? ''
    : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;table-layout:fixed;margin:0 0 12px">${rows.join('')}</table>`;
}

function points({ heading, lines }: Points): string {
  const items = lines.map((line) => `<li style="overflow-wrap:anywhere">${escapeHtml(line)}</li>`).join('');
  return `${label(heading)}<ul class="text" style="margin:4px 0 12px;padding-left:20px;font-size:14px;line-height:1.55;color:#16181d">${items}</ul>`;
}

function excerpt({ heading, lines }: Excerpt): string {
  return `${label(heading)}<pre class="code" style="margin:4px 0 14px;padding:10px 12px;background:#f6f7f9;border:1px solid #e3e6eb;border-radius:5px;font-family:${MONO};font-size:12px;line-height:1.5;color:#22262e;white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-word">${escapeHtml(lines.join('\n'))}</pre>`;
}

function list(alerts: readonly AlertText[]): string {
  if (alerts.length === 0) return '';
  const items = alerts.map(
    (alert) =>
      `<tr><td class="line" style="padding:8px 0;border-top:1px solid #e9ebf0;font-size:14px;line-height:1.45"><span class="text" style="color:#16181d;overflow-wrap:anywhere">${mark(alert.tone)}${escapeHtml(alert.title)}</span><br><span class="mute" style="color:#626977;font-size:13px">${escapeHtml(alert.status)}</span>${alert.lead === null ? '' : `<br><span class="mute" style="color:#626977;font-family:${MONO};font-size:12px;overflow-wrap:anywhere">${escapeHtml(alert.lead)}</span>`}</td></tr>`,
  );
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;table-layout:fixed;margin:16px 0 0">${items.join('')}</table>`;
}

function more(untold: number): string {
  return paragraph(`… ${untold} more, see the status page`);
}

function mark(tone: Tone): string {
  return `<span style="display:inline-block;width:10px;height:10px;margin-right:7px;border-radius:5px;background:${COLOURS[tone]}"></span>`;
}

function paragraph(text: string): string {
  return `<p class="text" style="margin:0 0 12px;font-size:15px;line-height:1.5;color:#16181d;overflow-wrap:anywhere">${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;
}

function label(text: string): string {
  return `<p class="mute" style="margin:0;font-size:12px;font-weight:600;line-height:1.5;color:#626977;overflow-wrap:anywhere">${escapeHtml(text)}</p>`;
}

function link(url: string, text: string): string {
  return `<a class="link" href="${escapeHtml(url)}" style="color:#1d5fbf">${escapeHtml(text)}</a>`;
}

function button(url: string, text: string): string {
  return `<a class="link" href="${escapeHtml(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:8px 14px;border:1px solid #c5cad3;border-radius:5px;font-size:14px;font-weight:600;text-decoration:none;color:#1d5fbf">${escapeHtml(text)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}
