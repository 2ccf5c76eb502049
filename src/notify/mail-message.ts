import { cut } from '../base/visible.ts';
import type { AlertText } from './alert-text.ts';
import { type MailPlan, mailHtml } from './mail-html.ts';
import type { Message } from './message.ts';

export interface MailMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Gmail cuts a mail at 102 KB; both parts stay well below. */
const PART_CHARACTERS = 80_000;
/** Alerts told in full at most, and in a line each at most. */
const DETAILED = 10;
const LINES = 200;

/** A message as mail: the subject is its first line; text and HTML say the same. */
export function mailMessage(message: Message): MailMessage {
  const plan = planMail(message);
  return { subject: message.title, text: mailText(message, plan), html: mailHtml(message, plan) };
}

function planMail({ alerts, news, digest, untold }: Message): MailPlan {
  let count = 0;
  let size = 0;
  while (count < Math.min(news, DETAILED)) {
    size += JSON.stringify(alerts[count]).length * 2;
    if (count > 0 && size > PART_CHARACTERS) break;
    count++;
  }
  // A digest begins with the whole list.
  const from = digest ? 0 : count;
  const lines = alerts.slice(from, from + LINES);
  return { detailed: alerts.slice(0, count), lines, untold: untold + alerts.length - from - lines.length };
}

function mailText(message: Message, { detailed, lines, untold }: MailPlan): string {
  const blocks: string[] = [message.title];
  if (message.notice !== null) blocks.push(message.notice);
  const details = detailed.flatMap((alert) => alertBlocks(alert, message.alerts.length > 1));
  const list = lines.map(({ title, status, lead }) => [title, status, ...(lead === null ? [] : [lead])].join('\n  ')).join('\n');
  const further = [...(list === '' ? [] : [list]), ...(untold > 0 ? [`… ${untold} more, see the status page`] : [])];
  blocks.push(...(message.digest ? [...further, ...details] : [...details, ...further]));
  blocks.push(`-- \nTocsin · ${message.cluster}${message.statusPage === null ? '' : `\n${message.statusPage}`}`);
  return `${blocks.join('\n\n')}\n`;
}

function alertBlocks(alert: AlertText, several: boolean): readonly string[] {
  const width = Math.max(0, ...alert.where.map(({ label }) => label.length));
  return [
    ...(several ? [alert.title] : []),
    ...(alert.summary === null ? [] : [alert.summary]),
    ...(alert.description === null ? [] : [alert.description]),
    alert.where.map(({ label, value }) => `${label.padEnd(width)}  ${value}`).join('\n'),
    alert.status,
    ...alert.parts.map(({ kind, heading, lines }) => {
      const before = kind === 'excerpt' ? '    ' : '- ';
      return `${heading}:\n${lines.map((line) => before + line.replaceAll('\n', `\n    `)).join('\n')}`;
    }),
    alert.links.map(({ label, url }) => `${label}: ${cut(url, 2_000)}`).join('\n'),
  ].filter((block) => block !== '');
}
