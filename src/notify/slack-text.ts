import { cut } from '../base/visible.ts';

/**
 * Text for Slack that Slack cannot take for markup: `&<>` as entities, so that nothing pings and nothing links, and runs of back-ticks
 * broken, so that no code block ends early. At most `length` characters as JSON; no entity is halved.
 */
export function slackText(text: string, length: number): string {
  const whole = escapeSlack(text);
  if (jsonLength(whole) <= length) return whole;
  // Bisect on the plain text: escaping is monotonic in its length.
  let low = 0;
  let high = Math.min(text.length, length);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonLength(escapeSlack(cut(text, middle))) <= length) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : escapeSlack(cut(text, low));
}

/** A link whose label is plain text; its address cannot end the markup early. */
export function slackLink(url: string, label: string): string {
  const address = url.replace(/[\s<>|"`\\^{}]/g, (c) => encodeURIComponent(c)).replaceAll('&', '&amp;');
  return `<${address}|${escapeSlack(label).replaceAll('|', '/')}>`;
}

/** Characters of a text within JSON, without the quotes. */
export function jsonLength(text: string): number {
  return JSON.stringify(text).length - 2;
}

function escapeSlack(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`(?=`)/g, '`\u200b');
}
