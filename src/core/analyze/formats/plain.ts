import { DIGITS, type Format, type StatusBehind } from './format.ts';
import { readHead } from './head/head.ts';
import { isSeparatorByte } from './head/word.ts';
import { requestStatus } from './request-status.ts';

/** Text lines: a head of timestamps, process ids, threads, loggers and perhaps a level, and then the message. */
export const plain: Format = {
  name: 'plain',
  description:
    'text with the level in the head: log4j, logback, JUL, Python logging, loguru, slog, zap console, hclog, Serilog, Ruby, PHP, nginx, Apache, PostgreSQL, MySQL, RabbitMQ, Envoy and many others',
  first: null,
  parse(bytes, start, end, facts) {
    const head = readHead(bytes, start, end);
    const message = head.messageStart();
    facts.level = head.level !== 0 && head.tokens === 0 && isSetting(bytes, message, end) ? 0 : head.level;
    facts.status = requestStatus(bytes, message, end, facts.mayHaveStatus);
    const isHead = facts.level !== 0 && head.isDecided && message < end && !isSeparatorByte(bytes[message]);
    facts.head = isHead ? message + (head.isOpen ? 1 : 0) : -1;
    facts.anyDigits = true;
    facts.statusBehind = head.isOpen ? statusFromLastOfHead : statusInMessage;
    return true;
  },
};

const statusInMessage: StatusBehind = (bytes, position, end, mayHaveStatus) =>
  isSeparatorByte(bytes[position]) || isSetting(bytes, position, end) ? -1 : requestStatus(bytes, position, end, mayHaveStatus);

/** The last byte of the head is the message's first. */
const statusFromLastOfHead: StatusBehind = (bytes, position, end, mayHaveStatus) =>
  requestStatus(bytes, position - 1, end, mayHaveStatus);

/** Longer values are messages. */
const LONGEST_SETTING = 40;
const SETTING =
  /^(?:= .*|= ?|true|false|null|nil|none|undefined|yes|no|on|off|""|''|\{\}|\[\]|\d+(?:\.\d+)?%?(?:[,;|] *[a-z]+(?:[:=] ?| )\d+)*)[,;]?$/i;
const BEGINS_SETTING = new Uint8Array(256);
for (const byte of Buffer.from(`${DIGITS}=tfnuyoTFNUYO"'{[`, 'latin1')) BEGINS_SETTING[byte] = 1;

/** Whether what follows a level word that is the first of a line shows that it names a setting or a count: `debug: false`, `ERROR: 0`. */
function isSetting(bytes: Buffer, position: number, end: number): boolean {
  if (end - position > LONGEST_SETTING || BEGINS_SETTING[bytes[position] ?? 0] === 0 || position >= end) return false;
  return SETTING.test(bytes.toString('latin1', position, end));
}
