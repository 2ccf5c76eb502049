export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>;

/** Tocsin's own log: a short constant message with fields, one line a record. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Logs at `warn` the first time a `key` has this text, and again only after {@link Logger.clear}: a fault that lasts is named once. */
  once(key: string, message: string, fields?: LogFields): void;
  /** The fault behind `key` is over; says so at `info` when it had been told. */
  clear(key: string, message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  readonly now: () => number;
}

/** A logger that writes logfmt lines. Control characters are escaped, so no input can forge a record. */
export function createLogger(options: LoggerOptions): Logger {
  const threshold = LOG_LEVELS.indexOf(options.level);
  const told = new Map<string, string>();
  const emit = (level: LogLevel, message: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(level) < threshold) return;
    let line = `time=${new Date(options.now()).toISOString()} level=${level} msg=${quote(message)}`;
    for (const [key, value] of Object.entries(fields)) {
      if (value !== undefined) line += ` ${key}=${quote(Array.isArray(value) ? value.join(',') : String(value))}`;
    }
    options.write(`${line}\n`);
  };
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields) => emit('error', message, fields),
    once(key, message, fields = {}) {
      const text = message + JSON.stringify(fields);
      if (told.get(key) === text) return;
      told.set(key, text);
      emit('warn', message, fields);
    },
    clear(key, message, fields) {
      if (told.delete(key)) emit('info', message, fields);
    },
  };
}

function quote(text: string): string {
  return /^[\w.:/@+*,-]+$/.test(text) ? text : JSON.stringify(text);
}

/** The same logger, of which no field says anything that `redact` takes out. */
export function redacting(logger: Logger, redact: (text: string) => string): Logger {
  const value = (given: LogFields[string]) => {
    if (typeof given === 'string') return redact(given);
    return Array.isArray(given) ? given.map(redact) : given;
  };
  const clean = (fields: LogFields = {}) => Object.fromEntries(Object.entries(fields).map(([key, given]) => [key, value(given)]));
  return {
    debug: (message, fields) => logger.debug(message, clean(fields)),
    info: (message, fields) => logger.info(message, clean(fields)),
    warn: (message, fields) => logger.warn(message, clean(fields)),
    error: (message, fields) => logger.error(message, clean(fields)),
    once: (key, message, fields) => logger.once(key, message, clean(fields)),
    clear: (key, message, fields) => logger.clear(key, message, clean(fields)),
  };
}

/** A logger that drops everything, for one-shot commands and tests. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, once() {}, clear() {} };
