import type { Evidence, EvidenceLine } from '../core/model/notification.ts';
import { type Html, html } from './html.ts';
import { countText } from './quantity.ts';

const EXCERPT_LINES = 6;
const EXCERPT_LINE_CHARACTERS = 240;
const EXCERPT_RECORD_LINES = 4;

/** The few lines that say most: the first that matched, or the last ones before the end; else the newest event. `null` without any. */
export function evidenceExcerpt(evidence: Evidence | null): Html | null {
  if (evidence === null) return null;
  const { matching, patterns, lastLines, terminations, events } = evidence;
  if (matching.length > 0) {
    const shown = matching.slice(0, EXCERPT_LINES);
    const more = matching.length > shown.length ? `, ${matching.length - shown.length} more on its page` : '';
    return excerpt(`First matching ${shown.length === 1 ? 'line' : 'lines'}${more}`, shown);
  }
  const [top] = patterns ?? [];
  if (top !== undefined) return figure(`Most frequent pattern, ${countText(top.count)} times`, html`${cut(top.sample)}`);
  const last = lastLines.slice(-EXCERPT_LINES);
  if (last.length > 0 && terminations.length > 0) return excerpt('Last lines before it ended', last);
  const message = terminations.find((termination) => termination.message !== '')?.message;
  if (message !== undefined) return figure('Termination message', html`${cut(message)}`);
  const event = events[0];
  if (event !== undefined) return figure(`Newest event: ${event.reason}`, html`${cut(event.message)}`);
  return last.length > 0 ? excerpt('Last lines', last) : null;
}

/** Lines of evidence as they stood in the log, each with the time of day. */
export function evidenceLines(lines: readonly EvidenceLine[]): readonly Html[] {
  return lines.map((line) => evidenceLine(line, line.text));
}

function excerpt(caption: string, lines: readonly EvidenceLine[]): Html {
  return figure(caption, html`${lines.map((line) => evidenceLine(line, cut(line.text)))}`);
}

function figure(caption: string, content: Html): Html {
  return html`<figure><figcaption>${caption}</figcaption><pre class="log">${content}</pre></figure>`;
}

function evidenceLine(line: EvidenceLine, text: string): Html {
  const grave = line.level === 'error' || line.level === 'fatal';
  return html`<span${grave && html` class="e"`}><time datetime="${line.at}">${line.at.slice(11, 19)}</time> ${text}</span>\n`;
}

function cut(text: string): string {
  const lines = text.split('\n');
  const head = lines.slice(0, EXCERPT_RECORD_LINES).join('\n');
  if (head.length > EXCERPT_LINE_CHARACTERS) return `${head.slice(0, EXCERPT_LINE_CHARACTERS)}…`;
  return lines.length > EXCERPT_RECORD_LINES ? `${head}\n…` : head;
}
