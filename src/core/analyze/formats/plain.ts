import type { Format, StatusBehind } from './format.ts';
import { readHead } from './head.ts';
import { isSeparatorByte } from './head-word.ts';
import { requestStatus } from './request-status.ts';

/** Text lines: a head of timestamps, process ids, threads, loggers and perhaps a level, and then the message. */
export const plain: Format = {
  name: 'plain',
  description:
    'text with the level in the head: log4j, logback, JUL, Python logging, loguru, slog, zap console, hclog, Serilog, Ruby, PHP, nginx, Apache, PostgreSQL, MySQL, RabbitMQ, Envoy and many others',
  first: null,
  parse(bytes, start, end, facts) {
    const head = readHead(bytes, start, end);
    facts.level = head.level;
    const message = head.messageStart();
    facts.status = requestStatus(bytes, message, end, facts.mayHaveStatus);
    const isHead = facts.level !== 0 && head.isDecided && message < end && !isSeparatorByte(bytes[message]);
    facts.head = isHead ? message + (head.isOpen ? 1 : 0) : -1;
    facts.anyDigits = true;
    facts.statusBehind = head.isOpen ? statusFromLastOfHead : statusInMessage;
    return true;
  },
};

const statusInMessage: StatusBehind = (bytes, position, end, mayHaveStatus) =>
  isSeparatorByte(bytes[position]) ? -1 : requestStatus(bytes, position, end, mayHaveStatus);

/** The last byte of the head is the message's first. */
const statusFromLastOfHead: StatusBehind = (bytes, position, end, mayHaveStatus) =>
  requestStatus(bytes, position - 1, end, mayHaveStatus);
