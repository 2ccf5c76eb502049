import { escapeHtml } from './html.ts';

/** Slack's own short names, as far as alert messages use them. */
const EMOJI: Readonly<Record<string, string>> = {
  red_circle: '🔴',
  large_red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  warning: '⚠️',
  rotating_light: '🚨',
  fire: '🔥',
  information_source: 'ℹ️',
  bell: '🔔',
  no_bell: '🔕',
  mute: '🔇',
  x: '❌',
  eyes: '👀',
  repeat: '🔁',
  hourglass: '⌛',
  boom: '💥',
  mag: '🔍',
  book: '📖',
  link: '🔗',
};

/** Marks where a finished piece of HTML goes; private-use characters, so that no formatting touches it. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

/** Slack's mrkdwn as the HTML that a Slack client would show. What was not escaped shows its effect: links, mentions, pings. */
export function mrkdwnToHtml(source: string): string {
  const pieces: string[] = [];
  const keep = (html: string) => `${OPEN}${pieces.push(html) - 1}${CLOSE}`;
  const text = source
    .replace(/[\uE000\uE001]/g, '')
    .replace(/```\n?([\s\S]+?)\n?```/g, (_all, code: string) => keep(`<pre>${references(code)}</pre>`))
    .replace(/`([^`\n]+)`/g, (_all, code: string) => keep(`<code>${references(code)}</code>`))
    .replace(/<([^<>\n]+)>/g, (_all, reference: string) => keep(referenceToHtml(reference)));
  const html = emphasize(escapeHtml(unescapeSlack(text)))
    .replace(/:([a-z0-9_+-]+):/g, (all, name: string) => EMOJI[name] ?? all)
    .replace(/^&gt; ?(.*)$/gm, '<blockquote>$1</blockquote>')
    .replace(/\n/g, '<br>')
    .replace(/<\/blockquote><br>/g, '</blockquote>');
  return restore(html, pieces)
    .replace(/<br>(<pre>)/g, '$1')
    .replace(/(<\/pre>)<br>/g, '$1');
}

/** Slack's plain text: entities and emoji names only. */
export function plainToHtml(source: string): string {
  return escapeHtml(unescapeSlack(source))
    .replace(/:([a-z0-9_+-]+):/g, (all, name: string) => EMOJI[name] ?? all)
    .replace(/\n/g, '<br>');
}

/** Code keeps its characters, but Slack resolves references in it all the same. */
function references(code: string): string {
  return code
    .split(/(<[^<>\n]+>)/)
    .map((part) => (/^<[^<>\n]+>$/.test(part) ? referenceToHtml(part.slice(1, -1)) : escapeHtml(unescapeSlack(part))))
    .join('');
}

function referenceToHtml(reference: string): string {
  const bar = reference.indexOf('|');
  const target = unescapeSlack(bar === -1 ? reference : reference.slice(0, bar));
  const label = bar === -1 ? '' : unescapeSlack(reference.slice(bar + 1));
  if (target.startsWith('!date')) return escapeHtml(label);
  if (/^[!@#]/.test(target)) {
    const name = label === '' ? target.slice(1) : label;
    return `<span class="mention">${escapeHtml(`${target.startsWith('#') ? '#' : '@'}${name}`)}</span>`;
  }
  if (!/^(https?|mailto):/.test(target)) return escapeHtml(`<${reference}>`);
  return `<a href="${escapeHtml(target)}" rel="noreferrer" target="_blank">${escapeHtml(label === '' ? target : label)}</a>`;
}

function emphasize(html: string): string {
  let result = html;
  for (const [mark, tag] of [
    ['\\*', 'b'],
    ['_', 'i'],
    ['~', 's'],
  ] as const) {
    const pattern = new RegExp(`(?<![\\w${mark}])${mark}(?=\\S)([^${mark}\\n]*[^${mark}\\s])${mark}(?![\\w${mark}])`, 'g');
    result = result.replace(pattern, `<${tag}>$1</${tag}>`);
  }
  return result;
}

function restore(html: string, pieces: readonly string[]): string {
  return html.replace(/\uE000(\d+)\uE001/g, (_all, index: string) => pieces[Number(index)] ?? '');
}

/** Slack escapes exactly these three. */
function unescapeSlack(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
