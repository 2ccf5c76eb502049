/** What a key of a JSON object or of logfmt stands for, whatever its spelling: `log.level`, `logLevel` and `log_level` are one. */
export const KEY = {
  other: 0,
  level: 1,
  /** A level word that counts more than a numeric `level` beside it. */
  levelName: 2,
  /** OpenTelemetry's number. */
  severityNumber: 3,
  /** A syslog severity. */
  priority: 4,
  /** A status wherever it stands. */
  status: 5,
  /** A status when the line records a request. */
  maybeStatus: 6,
  /** Shows that the line records a request. */
  request: 7,
  /** An object that holds the status of the response. */
  response: 8,
  /** Kubernetes' JSON logging. */
  verbosity: 9,
  err: 10,
  ts: 11,
  message: 12,
  /** Serilog's `@t`, `@l`, and its message keys. */
  at: 13,
  atLevel: 14,
  /** Only GELF has it. */
  shortMessage: 15,
  /** MongoDB's severity. */
  s: 16,
  /** A status inside of a response. */
  code: 17,
  /** ECS: an object with the level in it. */
  log: 18,
  /** A request when its value is a path or an address. */
  place: 19,
  /** zap's development keys are single letters. */
  letterLevel: 20,
  /** Kibana: the first of them may be the level. */
  tags: 21,
  /** MySQL, beside `prio`: the level's word. */
  label: 22,
  prio: 23,
  /** express-winston: an object that may hold the response. */
  meta: 24,
  /** Rust's tracing, apex: an object with what was given beside the message. */
  fields: 25,
  /** The status of the response, or an object that holds it. */
  answer: 26,
} as const;
export type KeyKind = (typeof KEY)[keyof typeof KEY];

const SPELLINGS: Readonly<Record<string, KeyKind>> = {
  level: KEY.level,
  lvl: KEY.level,
  loglevel: KEY.level,
  severity: KEY.level,
  loglvl: KEY.level,
  logseverity: KEY.level,
  severitylevel: KEY.level,
  messagelevel: KEY.level,
  severitytext: KEY.levelName,
  severitylabel: KEY.levelName,
  severityname: KEY.levelName,
  leveltext: KEY.levelName,
  levellabel: KEY.levelName,
  syslogseverity: KEY.levelName,
  errorseverity: KEY.levelName,
  l: KEY.letterLevel,
  log: KEY.log,
  path: KEY.place,
  url: KEY.place,
  route: KEY.place,
  requestpath: KEY.place,
  requesturl: KEY.request,
  levelname: KEY.levelName,
  severitynumber: KEY.severityNumber,
  priority: KEY.priority,
  status: KEY.maybeStatus,
  statuscode: KEY.status,
  httpstatus: KEY.status,
  httpstatuscode: KEY.status,
  httpresponsestatus: KEY.status,
  respstatus: KEY.status,
  respcode: KEY.status,
  respstatuscode: KEY.status,
  httpcode: KEY.maybeStatus,
  httpresponsecode: KEY.status,
  scstatus: KEY.status,
  edgeresponsestatus: KEY.status,
  elbstatuscode: KEY.status,
  httpresponsestatuscode: KEY.status,
  responsestatuscode: KEY.status,
  resstatuscode: KEY.status,
  resstatus: KEY.status,
  httprequeststatus: KEY.status,
  responsecode: KEY.status,
  responsestatus: KEY.answer,
  downstreamstatus: KEY.status,
  resp: KEY.maybeStatus,
  method: KEY.request,
  httpmethod: KEY.request,
  requestmethod: KEY.request,
  httprequestmethod: KEY.request,
  verb: KEY.request,
  httppath: KEY.request,
  httptarget: KEY.request,
  httproute: KEY.request,
  uri: KEY.request,
  requesturi: KEY.request,
  httpurl: KEY.request,
  urlfull: KEY.request,
  request: KEY.request,
  req: KEY.request,
  remoteaddr: KEY.request,
  remoteip: KEY.request,
  useragent: KEY.request,
  httpuseragent: KEY.request,
  res: KEY.response,
  response: KEY.answer,
  http: KEY.response,
  httprequest: KEY.response,
  httpresponse: KEY.response,
  httpinfo: KEY.response,
  v: KEY.verbosity,
  err: KEY.err,
  ts: KEY.ts,
  msg: KEY.message,
  message: KEY.message,
  shortmessage: KEY.shortMessage,
  s: KEY.s,
  tags: KEY.tags,
  label: KEY.label,
  prio: KEY.prio,
  meta: KEY.meta,
  fields: KEY.fields,
  span: KEY.fields,
  querytype: KEY.request,
  content: KEY.message,
  code: KEY.code,
};

const LONGEST = 40;
const SLOTS = 1024;
const ENTRIES = Object.entries(SPELLINGS).map(([spelling, kind]) => ({ spelling, kind }));
/** Index + 1 into ENTRIES by the hash of the spelling; collisions go to the next slot. */
const TABLE = new Uint8Array(SLOTS);
for (const [index, { spelling }] of ENTRIES.entries()) {
  const bytes = Buffer.from(spelling, 'latin1');
  let slot = keyHash(bytes, 0, bytes.length);
  while (TABLE[slot] !== 0) slot = (slot + 1) % SLOTS;
  TABLE[slot] = index + 1;
}

/** So many keys of at most so many bytes are remembered as they are spelled: a program writes the same ones in every line. */
const REMEMBERED = 256;
const LONGEST_REMEMBERED = 16;
const spelled = new Uint8Array(REMEMBERED * LONGEST_REMEMBERED);
const lengths = new Uint8Array(REMEMBERED);
const kinds: KeyKind[] = Array.from({ length: REMEMBERED }, () => KEY.other);

/** What the key `bytes[start, end)` stands for. */
export function keyKind(bytes: Uint8Array, start: number, end: number): KeyKind {
  const length = end - start;
  if (length > LONGEST_REMEMBERED || length < 1) return readKey(bytes, start, end);
  const place = ((length << 5) ^ ((bytes[start] ?? 0) << 1) ^ (bytes[end - 1] ?? 0)) % REMEMBERED;
  const from = place * LONGEST_REMEMBERED;
  let same = lengths[place] === length ? 0 : length + 1;
  while (same < length && spelled[from + same] === bytes[start + same]) same++;
  if (same !== length) {
    for (let i = 0; i < length; i++) spelled[from + i] = bytes[start + i] ?? 0;
    lengths[place] = length;
    kinds[place] = readKey(bytes, start, end);
  }
  return kinds[place] ?? KEY.other;
}

function readKey(bytes: Uint8Array, start: number, end: number): KeyKind {
  if (end - start > LONGEST || end === start) return KEY.other;
  if (bytes[start] === 0x40 && end - start === 2) {
    const letter = bytes[start + 1];
    return letter === 0x74 ? KEY.at : letter === 0x6c ? KEY.atLevel : KEY.other;
  }
  if (bytes[start] === 0x5f) return KEY.other; // GELF's additional fields
  let slot = keyHash(bytes, start, end);
  let index = TABLE[slot] ?? 0;
  while (index !== 0) {
    const entry = ENTRIES[index - 1];
    if (entry !== undefined && isSpelled(entry.spelling, bytes, start, end)) return entry.kind;
    slot = (slot + 1) % SLOTS;
    index = TABLE[slot] ?? 0;
  }
  return KEY.other;
}

function isSpelled(spelling: string, bytes: Uint8Array, start: number, end: number): boolean {
  let matched = 0;
  for (let i = start; i < end; i++) {
    const letter = folded(bytes[i] ?? 0);
    if (letter === 0) continue;
    if (spelling.charCodeAt(matched) !== letter) return false;
    matched++;
  }
  return matched === spelling.length;
}

function keyHash(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) {
    const letter = folded(bytes[i] ?? 0);
    if (letter !== 0) hash = (Math.imul(hash, 31) + letter) | 0;
  }
  return (hash ^ (hash >>> 10)) & (SLOTS - 1);
}

/** The letter in lower case, or 0 for what does not distinguish keys. */
function folded(byte: number): number {
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? letter : 0;
}
