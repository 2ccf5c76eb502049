import type { Chance } from '../harness/chance.ts';

/** What one program says at once: its lines, and what a reader of them should find. */
export interface Utterance {
  /** The first line and, of a stack trace, those below it. */
  readonly lines: readonly string[];
  /** Index into LEVELS. */
  readonly level: number;
  /** HTTP status, 0 when there is none. */
  readonly status: number;
}

/** A program with a log format of its own. */
export type Speaker = (chance: Chance, time: Date) => Utterance;

const [DEBUG, INFO, WARNING, ERROR, FATAL] = [2, 3, 4, 5, 6];
const PATHS = ['/api/items', '/api/orders', '/login', '/static/app.js', '/healthz', '/api/users/17/cart'];
const WORDS = ['cache', 'queue', 'session', 'payment', 'order', 'inventory', 'lease', 'index', 'replica', 'token'];

/** Mostly info, with the shares of warnings and worse that services have. */
function pickLevel(chance: Chance): number {
  const dice = chance.below(1000);
  if (dice < 1) return FATAL;
  if (dice < 20) return ERROR;
  if (dice < 70) return WARNING;
  return dice < 170 ? DEBUG : INFO;
}

/** What has words in it that are no level where they stand. */
const DECOYS = [
  'found 0 errors and no warning',
  'last error=none, level of the error: fatal',
  'FATAL is what the old name ERROR was called',
];

function sentence(chance: Chance): string {
  if (chance.below(50) === 0) return chance.pick(DECOYS);
  const [subject, object] = [chance.pick(WORDS), chance.pick(WORDS)];
  return `${subject} ${chance.below(100_000)} handed to ${object} in ${chance.below(900)} units, ${chance.below(40)} waiting`;
}

function pickStatus(chance: Chance): number {
  const dice = chance.below(1000);
  if (dice < 15) return chance.pick([500, 502, 503]);
  if (dice < 60) return chance.pick([400, 401, 404, 429]);
  return dice < 100 ? 304 : 200;
}

const PINO = [0, 10, 20, 30, 40, 50, 60];
const pino: Speaker = (chance, time) => {
  const level = pickLevel(chance);
  const text = `{"level":${PINO[level]},"time":${time.getTime()},"pid":1,"hostname":"api-${chance.below(8)}","reqId":"req-${chance.hex(6)}","msg":"${sentence(chance)}"}`;
  return { lines: [text], level, status: 0 };
};

const ZAP = ['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const zap: Speaker = (chance, time) => {
  const level = pickLevel(chance);
  const text = `{"level":"${ZAP[level]}","ts":${time.getTime() / 1000},"caller":"server/${chance.pick(WORDS)}.go:${chance.below(400)}","msg":"${sentence(chance)}","trace_id":"${chance.hex(16)}"}`;
  return { lines: [text], level, status: 0 };
};

const logfmt: Speaker = (chance, time) => {
  const level = pickLevel(chance);
  const text = `time=${time.toISOString()} level=${ZAP[level]} component=${chance.pick(WORDS)} msg="${sentence(chance)}" took=${chance.below(900)}ms`;
  return { lines: [text], level, status: 0 };
};

const klog: Speaker = (chance, time) => {
  const level = Math.max(INFO, pickLevel(chance));
  const [date, clock] = [time.toISOString().slice(5, 10).replace('-', ''), time.toISOString().slice(11, 23)];
  const text = `${'--DIWEF'[level]}${date} ${clock}000       1 ${chance.pick(WORDS)}.go:${chance.below(900)}] ${sentence(chance)}`;
  return { lines: [text], level, status: 0 };
};

const JAVA = ['', 'TRACE', 'DEBUG', 'INFO ', 'WARN ', 'ERROR', 'FATAL'];
const java: Speaker = (chance, time) => {
  const level = pickLevel(chance);
  const clock = time.toISOString().slice(0, 23).replace('T', ' ').replace('.', ',');
  const first = `${clock} ${JAVA[level]} [http-nio-8080-exec-${chance.below(20)}] com.example.${chance.pick(WORDS)}.Service - ${sentence(chance)}`;
  if (level < ERROR) return { lines: [first], level, status: 0 };
  const frame = () => `\tat com.example.${chance.pick(WORDS)}.Handler.call(Handler.java:${chance.below(500)})`;
  const trace = [
    'java.lang.IllegalStateException: no connection',
    frame(),
    frame(),
    frame(),
    'Caused by: java.io.IOException: closed',
    frame(),
  ];
  return { lines: [first, ...trace, '\t... 14 more'], level, status: 0 };
};

const PYTHON = ['', '', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
const python: Speaker = (chance, time) => {
  const level = pickLevel(chance);
  const clock = time.toISOString().slice(0, 23).replace('T', ' ').replace('.', ',');
  const first = `${clock} - app.${chance.pick(WORDS)} - ${PYTHON[level]} - ${sentence(chance)}`;
  if (level !== ERROR) return { lines: [first], level, status: 0 };
  const frame = () => [
    `  File "/app/${chance.pick(WORDS)}.py", line ${chance.below(300)}, in run`,
    '    return self.call(request)',
  ];
  return {
    lines: [first, 'Traceback (most recent call last):', ...frame(), ...frame(), 'ValueError: not a number'],
    level,
    status: 0,
  };
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const nginx: Speaker = (chance, time) => {
  const iso = time.toISOString();
  const date = `${iso.slice(8, 10)}/${MONTHS[time.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  const status = pickStatus(chance);
  const text = `10.${chance.below(255)}.${chance.below(255)}.${chance.below(255)} - - [${date}] "GET ${chance.pick(PATHS)}?id=${chance.below(9999)} HTTP/1.1" ${status} ${chance.below(50_000)} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`;
  return { lines: [text], level: 0, status };
};

/** A service that writes a secret now and then, as services do. */
const leaky: Speaker = (chance, time) => {
  if (chance.below(500) > 0) return logfmt(chance, time);
  const text = `time=${time.toISOString()} level=info msg="calling billing" authorization="Bearer ${chance.hex(40)}"`;
  return { lines: [text], level: INFO, status: 0 };
};

export const SPEAKERS: readonly Speaker[] = [pino, zap, logfmt, klog, java, python, nginx, nginx, pino, leaky];
