import type { AlertText, Excerpt, Points } from './alert-text.ts';
import type { Message } from './message.ts';
import { jsonLength, slackLink, slackText } from './slack-text.ts';

/** What Slack takes at most, with room to spare (its own limits are 50 blocks and about 13,200 characters in all). */
export const SLACK_BLOCKS = 45;
export const SLACK_CHARACTERS = 12_000;
const HEADER_CHARACTERS = 150;
const SECTION_CHARACTERS = 2_900;
const FIELD_CHARACTERS = 400;
const EXCERPT_CHARACTERS = 2_500;
const POINTS_CHARACTERS = 2_000;
const LINK_CHARACTERS = 800;

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
    if (!addDetails(draft, alert, { of: detailed.length, left: detailed.length - told })) break;
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

const DIVIDER = { type: 'divider' } as const;

const MARKS: Readonly<Record<AlertText['tone'], string>> = { critical: '🔴', warning: '🟠', info: '🔵', resolved: '🟢' };

/** One alert in full, in its share of the room; `false` when not even what is said in sentences fits. */
function addDetails(draft: Draft, alert: AlertText, { of, left }: { readonly of: number; readonly left: number }): boolean {
  const parts = partsOf(alert, of > 1);
  const said = parts.reduce((sum, part) => sum + ('keep' in part ? 0 : cost(part)), 0);
  if (said > draft.room && left < of) return false;
  // Excerpts get what is left, the last of them least: sentences and what to do stay.
  let spare = Math.floor(draft.room / left) - said;
  for (const part of parts) {
    const block = 'keep' in part ? excerptBlock(part, Math.min(Math.floor(EXCERPT_CHARACTERS / of), spare)) : part;
    if (block === null) continue;
    if ('keep' in part) spare -= cost(block);
    draft.add(block);
  }
  return true;
}

/** The blocks of one alert, in the order in which it is told. */
function partsOf(alert: AlertText, several: boolean): readonly (SlackBlock | Excerpt)[] {
  const head = [
    ...(several ? [`*${slackText(alert.title, 300)}*`] : []),
    ...(alert.summary === null ? [] : [slackText(alert.summary, 700)]),
    ...(alert.description === null ? [] : [slackText(alert.description, 700)]),
  ];
  // Slack shows fields in two columns, ten at most.
  const fields = alert.where
    .slice(0, 10)
    .map(({ label, value }) => markdown(`*${label}*\n${slackText(value, FIELD_CHARACTERS)}`));
  const links = alert.links.map(({ label, url }) => slackLink(url, label)).filter((link) => link.length <= LINK_CHARACTERS);
  return [
    ...(several ? [DIVIDER] : []),
    ...(head.length === 0 ? [] : [section(head.join('\n'))]),
    ...(fields.length === 0 ? [] : [{ type: 'section', fields } as const]),
    section(`${MARKS[alert.tone]} *${slackText(alert.status, 300)}*`),
    ...alert.parts.map((part) => (part.kind === 'excerpt' ? part : pointsBlock(part))),
    ...(links.length === 0 ? [] : [section(links.join('  ·  '))]),
  ];
}

function pointsBlock({ heading, lines }: Points): SlackBlock {
  const text = slackText(lines.map((line) => `• ${line}`).join('\n'), POINTS_CHARACTERS);
  return section(`*${slackText(heading, 100)}*\n${text}`);
}

const OPEN = '\n```\n';
const CLOSE = '\n```';

/** `null` when there is no room for a line of it. */
function excerptBlock(excerpt: Excerpt, room: number): SlackBlock | null {
  const heading = `*${slackText(excerpt.heading, 300)}*`;
  const lines = fitLines(excerpt, room - cost(section(heading + OPEN + CLOSE)));
  return lines === '' ? null : section(heading + OPEN + lines + CLOSE);
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
  if (after) draft.add(DIVIDER);
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
