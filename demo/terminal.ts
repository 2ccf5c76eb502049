import { styleText } from 'node:util';
import type { InboxMessage } from './inbox/message.ts';

/** What the demo prints. Colours only where the terminal shows them. */

export const STARTING = 'Starting the simulated cluster, the inbox and Tocsin ...';

export const HELP = `npm run demo [-- --verbose]

Serves a simulated cluster on loopback, lets Tocsin watch it, and takes what it tells in an inbox of its own. Nothing
leaves this machine, and Ctrl-C ends everything.

  --verbose   also print what Tocsin logs
  --help      this text`;

export interface WelcomeFacts {
  readonly page: string;
  readonly inbox: string;
  readonly pods: number;
  readonly nodes: number;
  readonly haste: number;
}

export function welcome(facts: WelcomeFacts): string {
  return `
${styleText('bold', 'Tocsin is watching a simulated cluster')} of ${facts.nodes} nodes and ${facts.pods} pods over HTTPS. Nothing leaves this machine.

  Status page   ${styleText(['bold', 'cyan'], facts.page)}
  Inbox         ${styleText(['bold', 'cyan'], facts.inbox)}   what Slack and mail would show

The first alerts come within 30 seconds, more over the next minutes, and some end again. The rules are
those that Tocsin ships, but hold alerts a ${facts.haste === 10 ? 'tenth' : `${facts.haste}th`} as long. Ctrl-C ends everything.
`;
}

/** One line about a message that the inbox took: when, by which way, and its first line. */
export function messageLine(message: InboxMessage): string {
  const time = new Date(message.at).toTimeString().slice(0, 8);
  const headline = firstLine(message.headline);
  const mark = /^\W*(CRITICAL|WARNING|INFO|RESOLVED)\b/i.exec(headline)?.[1]?.toUpperCase();
  const color = mark === 'CRITICAL' ? 'red' : mark === 'WARNING' ? 'yellow' : mark === 'RESOLVED' ? 'green' : 'reset';
  return `${styleText('dim', time)}  ${message.kind.padEnd(7)}  ${styleText(color, headline)}`;
}

export function farewell(messages: number): string {
  return `\nEnding the demo; the inbox took ${messages} ${messages === 1 ? 'message' : 'messages'}.`;
}

/** The first line, with Slack's escapes undone and without control characters. */
function firstLine(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  return line
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\p{Cc}/gu, ' ');
}
