import type { Format } from './format.ts';
import { HeadReader } from './head.ts';
import { isSeparatorByte } from './head-word.ts';
import { requestStatus } from './request-status.ts';

/** Text lines: a head of timestamps, process ids, threads, loggers and perhaps a level, and then the message. */
export const plain: Format = {
  name: 'plain',
  description:
    'text with the level in the head: log4j, logback, JUL, Python logging, loguru, slog, zap console, hclog, Serilog, Ruby, PHP, nginx, Apache, PostgreSQL, MySQL, RabbitMQ, Envoy and many others',
  first: null,
  parse(bytes, start, end, facts) {
    const head = new HeadReader(bytes, end);
    facts.level = head.read(start);
    const message = head.messageStart();
    facts.status = requestStatus(bytes, message, end, facts.mayHaveStatus);
    facts.head = head.isDecided && message < end && !isSeparatorByte(bytes[message]) ? message : -1;
    facts.anyDigits = true;
    facts.message = true;
    return true;
  },
};
