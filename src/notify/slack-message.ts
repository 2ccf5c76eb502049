import type { AlertText, Excerpt } from './alert-text.ts';
import type { Message } from './message.ts';
import { jsonLength, slackLink, slackText } from './slack-text.ts';

/** What Slack takes at most, with room to spare (its own limits are 50 blocks and about 13,200 characters in all). */
export const SLACK_BLOCKS = 45;
export const SLACK_CHARACTERS = 12_000;
const HEADER_CHARACTERS = 150;
const SECTION_CHARACTERS = 2_900;
const FIELD_CHARACTERS = 400;
const EXCERPT_CHARACTERS = 2_500;

/** Alerts told in full in one message; the others take a line each. */
const DETAILED = 3;

/** With so much room for each, an alert in a list shows its log line too. */
const LINE_CHARACTERS = 500;

/** Kept free for the last block. */
const FOOTER_CHARACTERS = 700;

type MarkdownText = { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };

/** The kinds of Block Kit blocks in use. */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false } }
  | { readonly type: 'section'; readonly text: MarkdownText }
  | { readonly type: 'section'; readonly fields: readonly MarkdownText[] }
  | { readonly type: 'context'; readonly elements: readonly MarkdownText[] }
  | { readonly type: 'divider' };

export interface SlackMessage {
  /** What notifications and old clients show. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly link_names: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** A message as Slack's Block Kit: at most 45 blocks, and 12,000 characters as JSON in all. */
export function slackMessage(message: Message): SlackMessage {
  const text = slackText(message.title, HEADER_CHARACTERS);
  const draft = new Draft(text);
  draft.add({ type: 'header', text: { type: 'plain_text', text, emoji: false } });
  if (message.notice !== null) draft.add(section(slackText(message.notice, SECTION_CHARACTERS)));
  const detailed = message.digest ? [] : message.alerts.slice(0, Math.min(DETAILED, message.news));
  let told = 0;
  for (const alert of detailed) {
    if (!addDetails(draft, alert, detailed.length)) break;
    told++;
  }
  told += addLines(draft, message.alerts.slice(told), told > 0);
  draft.close(footer(message, message.alerts.length - told + message.untold));
  return { text, blocks: draft.blocks, link_names: false, unfurl_links: false, unfurl_media: false };
}

/** Blocks within the limits. */
class Draft {
  readonly #blocks: SlackBlock[] = [];
  #characters: number;

  constructor(text: string) {
    this.#characters = JSON.stringify({ text, blocks: [], link_names: false, unfurl_links: false, unfurl_media: false }).length;
  }

  get blocks(): readonly SlackBlock[] {
    return this.#blocks;
  }

  /** Characters that are left for further blocks. */
  get room(): number {
    return this.#blocks.length >= SLACK_BLOCKS - 1 ? 0 : SLACK_CHARACTERS - FOOTER_CHARACTERS - this.#characters;
  }

  /** Adds the block if it fits. */
  add(block: SlackBlock): boolean {
    if (cost(block) > this.room) return false;
    this.#push(block);
    return true;
  }

  /** Adds the last block, for which room was kept. */
  close(block: SlackBlock): void {
    this.#push(block);
  }

  #push(block: SlackBlock): void {
    this.#blocks.push(block);
    this.#characters += cost(block);
  }
}

function cost(block: SlackBlock): number {
  return JSON.stringify(block).length + 1;
}

const MARKS: Readonly<Record<AlertText['tone'], string>> = { critical: '🔴', warning: '🟠', info: '🔵', resolved: '🟢' };

/** One alert in full; `false` when not even its head fits. */
function addDetails(draft: Draft, alert: AlertText, of: number): boolean {
  const head = [`${MARKS[alert.tone]} *${slackText(alert.status, 300)}*`];
  if (of > 1) head.unshift(`*${slackText(alert.title, 300)}*`);
  if (alert.summary !== null) head.push(slackText(alert.summary, 700));
  if (alert.description !== null) head.push(slackText(alert.description, 1_000));
  if (of > 1) draft.add({ type: 'divider' });
  if (!draft.add(section(head.join('\n')))) return false;
  // Slack shows fields in two columns, ten at most.
  const fields = alert.where
    .slice(0, 10)
    .map(({ label, value }) => markdown(`*${label}*\n${slackText(value, FIELD_CHARACTERS)}`));
  if (fields.length > 0) draft.add({ type: 'section', fields });
  if (alert.why.length > 0)
    draft.add(section(slackText(alert.why.map((line) => `• ${line}`).join('\n'), SECTION_CHARACTERS - 20)));
  for (const excerpt of alert.excerpts) addExcerpt(draft, excerpt, of);
  const links = alert.links.map(({ label, url }) => slackLink(url, label)).filter((link) => link.length <= 1_000);
  if (links.length > 0) draft.add(section(links.join('  ·  ')));
  return true;
}

const OPEN = '\n```\n';
const CLOSE = '\n```';

function addExcerpt(draft: Draft, excerpt: Excerpt, of: number): void {
  const heading = `*${slackText(excerpt.heading, 300)}*`;
  const around = cost(section(heading + OPEN + CLOSE));
  const room = Math.min(Math.floor(EXCERPT_CHARACTERS / of), draft.room - around);
  const lines = fitLines(excerpt, room);
  if (lines !== '') draft.add(section(heading + OPEN + lines + CLOSE));
}

/** As many of the lines as fit, from the end that says most; a single line that does not fit is cut. */
function fitLines({ lines, keep }: Excerpt, room: number): string {
  const kept: string[] = [];
  let left = room - jsonLength('… 999 more lines\n');
  const order = keep === 'end' ? lines.toReversed() : lines;
  for (const line of order) {
    if (left <= 40) break;
    const text = slackText(line, left);
    kept.push(text);
    left -= jsonLength(text) + jsonLength('\n');
  }
  if (kept.length === 0) return '';
  const missing = lines.length - kept.length;
  if (missing > 0) kept.push(`… ${missing} more line${missing === 1 ? '' : 's'}`);
  return (keep === 'end' ? kept.reverse() : kept).join('\n');
}

/** A line for each further alert, as many as fit; returns how many did. */
function addLines(draft: Draft, alerts: readonly AlertText[], after: boolean): number {
  if (alerts.length === 0) return 0;
  if (after) draft.add({ type: 'divider' });
  const withLead = draft.room / alerts.length > LINE_CHARACTERS;
  let told = 0;
  while (told < alerts.length) {
    let text = '';
    let fitted = 0;
    for (const alert of alerts.slice(told)) {
      const line = shortly(alert, withLead);
      const next = text === '' ? line : `${text}\n${line}`;
      if (jsonLength(next) > SECTION_CHARACTERS || cost(section(next)) > draft.room) break;
      text = next;
      fitted++;
    }
    if (fitted === 0 || !draft.add(section(text))) break;
    told += fitted;
  }
  return told;
}

function shortly(alert: AlertText, withLead: boolean): string {
  const status = slackText(alert.status, 200);
  const links = alert.links.map(({ label, url }) => slackLink(url, label)).filter((link) => link.length <= 300);
  const lines = [`${MARKS[alert.tone]} *${slackText(alert.title, 300)}*`, withLead ? [status, ...links].join('  ·  ') : status];
  if (withLead && alert.lead !== null) lines.push(`\`${slackText(alert.lead.replaceAll('`', "'"), 250)}\``);
  return lines.join('\n');
}

function footer(message: Message, untold: number): SlackBlock {
  const parts = [slackText(`Tocsin · ${message.cluster}`, 200)];
  const page = message.statusPage === null ? null : slackLink(message.statusPage, 'status page');
  if (untold > 0) parts.unshift(`… ${untold} more, see the ${page ?? 'status page'}`);
  else if (page !== null) parts.push(page);
  const text = parts.join(' · ');
  return {
    type: 'context',
    elements: [markdown(jsonLength(text) <= FOOTER_CHARACTERS - 100 ? text : slackText(`… ${untold} more`, 100))],
  };
}

function section(text: string): SlackBlock {
  return { type: 'section', text: markdown(text) };
}

/** `verbatim` keeps Slack from making links of what looks like an address or a channel. */
function markdown(text: string): MarkdownText {
  return { type: 'mrkdwn', text, verbatim: true };
}
