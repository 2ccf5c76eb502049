import { escapeHtml } from './html.ts';
import { mrkdwnToHtml, plainToHtml } from './mrkdwn.ts';
import type { SlackBlock, SlackButton, SlackPayload, SlackText } from './slack-payload.ts';

/** A Slack message's body as a Slack client would show it. */
export function slackToHtml(payload: SlackPayload): string {
  const body = payload.blocks.length > 0 ? blocksToHtml(payload.blocks) : `<p>${mrkdwnToHtml(payload.text)}</p>`;
  const attachments = payload.attachments.map((attachment) => {
    const color = /^#[0-9a-fA-F]{6}$/.test(attachment.color) ? attachment.color : (COLORS[attachment.color] ?? '#b8b8b8');
    const text = attachment.text === '' ? '' : `<p>${mrkdwnToHtml(attachment.text)}</p>`;
    return `<div class="attachment" style="border-color:${color}">${text}${blocksToHtml(attachment.blocks)}</div>`;
  });
  // With attachments, Slack shows the text above them.
  const onlyText = payload.blocks.length === 0 && payload.text === '';
  return `${onlyText ? '' : body}${attachments.join('')}`;
}

const COLORS: Readonly<Record<string, string>> = { good: '#2eb886', warning: '#daa038', danger: '#a30200' };

function blocksToHtml(blocks: readonly SlackBlock[]): string {
  return blocks.map(blockToHtml).join('\n');
}

function blockToHtml(block: SlackBlock): string {
  switch (block.type) {
    case 'header':
      return `<h3>${plainToHtml(block.text.text)}</h3>`;
    case 'section': {
      const text = block.text === null ? '' : `<div class="text">${textToHtml(block.text)}</div>`;
      const fields = block.fields.map((field) => `<div>${textToHtml(field)}</div>`).join('');
      const button = block.button === null ? '' : buttonToHtml(block.button);
      return `<div class="section">${text}${fields === '' ? '' : `<div class="fields">${fields}</div>`}${button}</div>`;
    }
    case 'context':
      return `<div class="context">${block.elements.map((element) => `<span>${textToHtml(element)}</span>`).join('')}</div>`;
    case 'actions':
      return `<div class="actions">${block.buttons.map(buttonToHtml).join('')}</div>`;
    case 'divider':
      return '<hr>';
    default:
      return block satisfies never;
  }
}

function textToHtml(text: SlackText): string {
  return text.type === 'mrkdwn' ? mrkdwnToHtml(text.text) : plainToHtml(text.text);
}

function buttonToHtml(button: SlackButton): string {
  const style = button.style === 'primary' || button.style === 'danger' ? ` ${button.style}` : '';
  const label = plainToHtml(button.label);
  if (!/^https?:/.test(button.url)) return `<span class="button${style}">${label}</span>`;
  return `<a class="button${style}" href="${escapeHtml(button.url)}" rel="noreferrer" target="_blank">${label}</a>`;
}
