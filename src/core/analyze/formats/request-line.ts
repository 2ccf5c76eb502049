import { DIGITS } from './format.ts';
import { beginsWith, indexOfByte, isDigit } from './head/word.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const OPEN = 0x5b;
/** How much of a message is searched for a request's status. */
const SEARCHED = 4096;
const METHOD = '(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS|CONNECT|TRACE)';
const METHODS = ['GET ', 'POST ', 'PUT ', 'DELETE ', 'HEAD ', 'PATCH ', 'OPTIONS ', 'TRACE ', 'HTTP '];
const ADDRESS = String.raw`[\da-f.:]{3,45}`;
/** What follows the status in a request line: a reason, the time that it took, the size of the answer. */
const TOOK = String.raw`(?: [A-Z][A-Za-z' ]*)?(?: -|,)?(?: (?:in )?\(?-?[\d.]+ ?\S{0,2}s\b| ContentLength| [\d.-]+ - | -$)`;

const IN_METHOD = 'CDGHOPT';
const IN_ADDRESS = `${DIGITS}abcdef:`;

/** The bytes that a message of the form can begin with (empty: any), and its pattern, whose group is the status. */
const FORMS: readonly (readonly [first: string, pattern: RegExp])[] = [
  [`${IN_METHOD}[`, new RegExp(`^(?:HTTP |\\[HTTP\\] )?${METHOD} \\S+(?: HTTP/\\S+)?(?: -{1,2}>?| =>|:)? (\\d{3})${TOOK}`)], // morgan, Next.js, express-winston, of-watchdog
  [IN_METHOD, new RegExp(`^${METHOD} \\S+ \\((\\d{3})\\) [\\d.]+\\S{0,2}s\\b`)], // Loki, Mimir, Tempo
  [IN_METHOD, new RegExp(`^${METHOD} \\S+ (\\d{3}) (?:[\\d.-]+(?: ms| - |$)|in [\\d.]+m?s)`)], // morgan: tiny
  [
    `${IN_METHOD}${IN_ADDRESS}`,
    new RegExp(`^(?:[\\da-f:.]{1,45} \\S+ )?${METHOD} \\S+ HTTP/[\\d.]+ (\\d{3}) (?:\\d+|-) - [\\d.-]+ ms`),
  ], // morgan: short
  [`${IN_METHOD}"`, new RegExp(`^"?${METHOD} [^"]*"? from \\S+ - (\\d{3}) `)], // chi
  ['C[', /^(?:\[[^\]]*\] )?Completed (\d{3}) (?:[A-Z][A-Za-z' -]+ )?in [\d.]/], // Rails
  ['C', new RegExp(`^Completed: \\[${ADDRESS}\\] (\\d{3}) ${METHOD} `)], // Plex
  ['C', new RegExp(`^Completed ${METHOD} \\S+ (\\d{3}) [A-Z][A-Za-z ]+ in `)], // Macaron
  ['CSr', /^(?:request_id=\S+ (?:[\w.]+=\S+ ){0,8})?(?:Sent|Chunked) (\d{3}) in [\d.]+\S{0,2}s\b/], // Phoenix
  ['R', /^Request finished in [\d.,]+ ?ms (\d{3})\b/], // ASP.NET Core 2
  ['RM', /^(?:Microsoft\.[\w.]+\[\d+\] )?Request finished HTTP\/\S+ \S+ \S+ (?:\S+ \S+ )?- (\d{3})\b/], // ASP.NET Core 5 and later
  ['H', /^HTTP "?[A-Z]+"? \S+ responded (\d{3}) in /], // Serilog's request logging
  ['-', new RegExp(`^-{1,2}> ${METHOD} \\S+ (\\d{3}) [\\d.]+m?s`)], // Koa, Hono
  [`${DIGITS}[`, /^(?:\[[\w-]+\] )?(\d{3}) [A-Z][A-Za-z ]+ \([\d.]+s, [\d.]+\/s\)/], // Mojolicious
  [DIGITS, /^(\d{3}) [A-Z]{3,7} \/\S* (?:-> \S+ )?\([^)]*\) [\d.]+ms/], // tornado
  [`${IN_ADDRESS}TU`, /^(?:\d+ )?(?:[\d.:a-f]+ )?(?:TCP|UDP)_[A-Z_]+\/(\d{3}) /], // squid
  ['', / finished processing request .*\bstatus=(\d{3})\b/], // tower-http
  ['', /(?:^| )"[^"]*" HTTP\/[\d.]+ "[^"]*" (\d{3}) /], // oauth2-proxy
  ['', new RegExp(`Processed request: .* (\\d{3})!? "${METHOD} `)], // Synapse
  ['r', new RegExp(`^router: completed ${METHOD} \\S+ for \\S+, (\\d{3}) `)], // Gitea
  ['kA', new RegExp(`^(?:ktor\\.application|Application) - (\\d{3}) [A-Z][A-Za-z ]+: ${METHOD} - \\S+ in \\d+ms`)], // Ktor
  ['m', new RegExp(`^middleware\\.log :: ${METHOD} \\S+ (\\d{3}) [\\d.]+ \\S?s `)], // Metabase
  ['h', new RegExp(`^http\\.server: \\S+ - ${METHOD} \\S+(?: HTTP/\\S+)? - (\\d{3}) \\(`)], // Crystal
  ['O', /^Outcoming response to \S+ with (\d{3}) status code$/], // Kubernetes Dashboard
  ['F', /^Forwarded \[[A-Z]+\] to \S+ - \[(\d{3})\] - [\d.]+s/], // OpenFaaS
  ['[', new RegExp(`^\\[${ADDRESS}\\]: ${METHOD} \\S+ +(\\d{3}) \\d+$`)], // Sanic
  ['[', new RegExp(`^\\[[^\\]]+\\] ${METHOD} (\\d{3}) [\\d.]+m?s `)], // Hanami
  ['[', new RegExp(`^\\[router\\.go:\\d+\\] +\\| +${ADDRESS}\\| (\\d{3}) \\|`)], // Beego
  ['[', /^\[HTTP\] (\d{3}) - [A-Z]+ /], // go-zero
  [`${IN_ADDRESS}[`, new RegExp(`^(?:\\[\\w+\\] )?${ADDRESS} +${METHOD} +(\\d{3}) +[\\d.]+m?s `)], // Zulip
  [DIGITS, new RegExp(`^\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d (\\d{3}) \\S+ ${ADDRESS} ${METHOD} `)], // Iris
  [DIGITS, new RegExp(`^(?:\\S+ ){3,6}-- ${METHOD} \\S+ (\\d{3}) [\\d.]+ms`)], // Ray Serve
  [DIGITS, new RegExp(`^\\S+Z \\S+@\\S+ <[\\d.]+> \\S+ \\S+ \\S+ \\S+ ${METHOD} \\S+ (\\d{3}) \\S+ \\d+$`)], // CouchDB
  ['{', new RegExp(`^\\{\\w*\\} (\\d{3}) "${METHOD} `)], // GoFrame
  ['', /\{:request-method .*:status (\d{3})[,} ]/], // Ring
  ['(', new RegExp(`^\\(\\w+\\) ${METHOD} \\S+ => (\\d{3}) [A-Z]`)], // Vaultwarden
  ['>', /^>> Outcome: \w+\((\d{3}) [A-Z]/], // Rocket
  ['S', new RegExp(`^SERVER ${METHOD} +\\((\\d{3})\\) /`)], // Symfony
  ['S', /^Status: (\d{3}) [A-Z][A-Za-z ]+ [\d.e-]+s$/], // WAI
  ['s', new RegExp(`^srv +log_server_r: request: ${METHOD} \\S+ ${ADDRESS} (\\d{3})$`)], // llama.cpp
];
const BY_FIRST: readonly (readonly RegExp[])[] = Array.from({ length: 256 }, (_, byte) =>
  FORMS.filter(([first]) => first === '' || first.includes(String.fromCharCode(byte))).map(([, pattern]) => pattern),
);
const QUOTED = new RegExp(`(?:^"-|"${METHOD}) [^"]*"(?: from \\S+ -| status:)? (\\d{3})(?=[ ,)]|$)`);
const UWSGI = /\(HTTP\/[\d.]+ (\d{3})\)/;
/** A quoted request that begins a text, or stands behind an address as in access logs. */
const QUOTED_FIRST = new RegExp(`^(?:${ADDRESS} \\S+ \\S+ \\[[^\\]]+\\] )?"${METHOD} [^"]*" (\\d{3})(?=[ ,)]|$)`);

/**
 * The HTTP status in the message `bytes[start, end)` of a line that records a request in words, else 0.
 * `mayHaveStatus` is false when the line does not name HTTP.
 */
export function statusOfRequestLine(bytes: Buffer, start: number, end: number, mayHaveStatus: boolean): number {
  if (!mayHaveStatus && !canBegin(bytes, start, end)) return 0;
  const text = bytes.toString('latin1', start, Math.min(end, start + SEARCHED));
  const status = statusOfText(text, bytes[start] ?? 0);
  if (status !== 0 || (!mayHaveStatus && !text.startsWith('"'))) return status;
  return validStatus((QUOTED.exec(text) ?? UWSGI.exec(text))?.[1]);
}

/** The same of a string that is all of the message: what it quotes further behind is data. */
export function statusOfMessage(text: string): number {
  return statusOfText(text, text.charCodeAt(0) & 0xff) || validStatus(QUOTED_FIRST.exec(text)?.[1]);
}

function statusOfText(text: string, first: number): number {
  for (const pattern of BY_FIRST[first] ?? []) {
    const status = validStatus(pattern.exec(text)?.[1]);
    if (status !== 0) return status;
  }
  return 0;
}

function validStatus(digits = '0'): number {
  const status = Number(digits);
  return status >= 100 && status <= 599 ? status : 0;
}

/** How the messages begin that have a status without a word that introduces one; by their first byte. */
const BEGINNINGS: readonly (readonly string[])[] = byFirst([
  ...METHODS,
  'Application - ',
  'Chunked ',
  'Completed ',
  'Completed: [',
  'CONNECT ',
  'Forwarded [',
  'Sent ',
  'SERVER ',
  'Request finished ',
  'http.server: ',
  'ktor.application - ',
  'middleware.log :: ',
  'request_id=',
  'router: completed ',
  'srv  log_server_r: request: ',
  '-> ',
  '--> ',
  '>> Outcome: ',
  '(',
  '"',
]);
const NO_STATUS = 0;
const WITH_TEXT = 1;
const WITH_NUMBER = 2;
const WITH_BRACKET = 3;
/** By its first byte: how it is seen whether a message may have a status. Nearly all messages are of the first kind. */
const KINDS = new Uint8Array(256).map((_, byte) =>
  isDigit(byte) ? WITH_NUMBER : byte === OPEN ? WITH_BRACKET : (BEGINNINGS[byte]?.length ?? 0) > 0 ? WITH_TEXT : NO_STATUS,
);

/** Whether one of the patterns, or a quoted request, can begin here: their first letters, a bracket (Rails' request id), or numbers (tornado, squid). */
function canBegin(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  switch (KINDS[first]) {
    case WITH_NUMBER:
      return (isDigit(bytes[start + 2]) || isDigit(bytes[start + 1])) && start + 8 < end;
    case WITH_TEXT:
      return beginsWithOneOf(bytes, start, end);
    case WITH_BRACKET:
      return canFollowBracket(bytes, start, end);
    default:
      return false;
  }
}

function canFollowBracket(bytes: Buffer, start: number, end: number): boolean {
  const close = indexOfByte(bytes, 0x5d, start, Math.min(end, start + 60));
  if (close === -1) return false;
  const behind = close + (bytes[close + 1] === COLON ? 3 : 2);
  if (isDigit(bytes[behind])) return bytes[close + 1] === SPACE && (isDigit(bytes[behind + 1]) || isDigit(bytes[behind + 2]));
  return KINDS[bytes[behind] ?? 0] === WITH_TEXT
    ? beginsWithOneOf(bytes, behind, end)
    : beginsWith(bytes, start, end, '[router.go:');
}

function beginsWithOneOf(bytes: Buffer, start: number, end: number): boolean {
  const texts = BEGINNINGS[bytes[start] ?? 0] ?? [];
  for (let i = 0; i < texts.length; i++) if (beginsWith(bytes, start, end, texts[i] ?? '')) return true;
  return false;
}

function byFirst(texts: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 256 }, (_, byte) => texts.filter((text) => text.charCodeAt(0) === byte));
}
