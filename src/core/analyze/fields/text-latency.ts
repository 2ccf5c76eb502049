import { isDigit } from '../formats/head/word.ts';
import { durationIn } from './duration-in.ts';

/** Where the access logs of a known server have how long a request took. */
export interface LatencyPlace {
  /** Its groups are added up; negative ones count as nothing. */
  readonly pattern: RegExp;
  readonly milliseconds: number;
  /** A cheaper look: false when the pattern cannot match. Most lines of access logs do not say how long a request took. */
  readonly mayBe: (text: string) => boolean;
}

export const LATENCY_PLACES: readonly LatencyPlace[] = [
  {
    // AWS' load balancers: what the balancer, the target and the answer took.
    pattern: /^(?:https?|h2|wss?|grpcs?) \S+ \S+ \S+ \S+ (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) \d{3} /,
    milliseconds: 1000,
    mayBe: (text) => 'hgw'.includes(text.charAt(0)),
  },
  {
    // Envoy, Istio: after bytes received and sent.
    pattern: /" \d{3} (?:-|[A-Z]\S*) (?:\S+ \S+ "[^"]*" )?\d+ \d+ (\d+) (?:-|\d+) "/,
    milliseconds: 1,
    mayBe: hasFlagsBehindStatus,
  },
  // ingress-nginx: after the length of the request.
  { pattern: /" \d+ (\d+\.\d{3}) \[/, milliseconds: 1000, mayBe: hasThousandths },
  // HAProxy: the last timer.
  { pattern: / -?\d+\/-?\d+\/-?\d+\/-?\d+\/\+?(\d+) (?:\d{3}|-1) /, milliseconds: 1, mayBe: hasTimers },
  // Squid.
  { pattern: /^\d{10}\.\d{3} +(\d+) \S+ [A-Z_]+\/\d{3} /, milliseconds: 1, mayBe: (text) => text[10] === '.' },
  {
    // IIS: time-taken.
    pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ [A-Z]+ .* \d{3} \d+ \d+ (\d+)$/,
    milliseconds: 1,
    mayBe: (text) => text[4] === '-' && text[10] === ' ',
  },
  // nginx: $request_time behind the agent.
  { pattern: /" "[^"]*" (\d+\.\d{3})(?: |$)/, milliseconds: 1000, mayBe: hasThousandths },
];
const WITH_UNIT = /(?:^|[\s|(=:])((?:\d+(?:\.\d+)?|\.\d+) ?(?:ns|us|[µμ]s|ms|msecs|s|seconds))\b/;

/** How long the request took that a line of text records, in milliseconds; `null` when it does not say. */
export function textLatency(text: string): number | null {
  for (const { pattern, milliseconds, mayBe } of LATENCY_PLACES) {
    const found = mayBe(text) ? pattern.exec(text) : null;
    if (found !== null) return found.slice(1).reduce((sum, time) => sum + Math.max(0, Number(time)), 0) * milliseconds;
  }
  // Rails, Gin, Traefik, morgan, uWSGI and others write the unit.
  const written = mayHaveUnit(text) ? WITH_UNIT.exec(text)?.[1] : undefined;
  return written === undefined ? null : durationIn(written);
}

/** Behind a quote, a space and three characters: a dash or a capital letter. */
function hasFlagsBehindStatus(text: string): boolean {
  for (let quote = text.indexOf('" '); quote !== -1; quote = text.indexOf('" ', quote + 1)) {
    const flag = text.charCodeAt(quote + 6);
    if (text.charCodeAt(quote + 5) === SPACE && (flag === DASH || (flag >= 0x41 && flag <= 0x5a))) return true;
  }
  return false;
}

/** Behind a quote: a number with three digits behind its point, and a space or the end. */
function hasThousandths(text: string): boolean {
  for (let point = text.indexOf('.', text.indexOf('"') + 1); point !== -1; point = text.indexOf('.', point + 1)) {
    const isNumber =
      isDigit(text.charCodeAt(point - 1)) && isDigit(text.charCodeAt(point + 1)) && isDigit(text.charCodeAt(point + 3));
    if (isNumber && (point + 4 === text.length || text.charCodeAt(point + 4) === SPACE)) return true;
  }
  return false;
}

/** A slash between a digit and a digit or a sign. */
function hasTimers(text: string): boolean {
  for (let slash = text.indexOf('/'); slash !== -1; slash = text.indexOf('/', slash + 1)) {
    const next = text.charCodeAt(slash + 1);
    if (isDigit(text.charCodeAt(slash - 1)) && (isDigit(next) || next === DASH)) return true;
  }
  return false;
}

/** Whether a word that ends in `s`, as all units do, stands behind a digit: most lines have none, and that is seen in a fraction of the time. */
function mayHaveUnit(text: string): boolean {
  for (let end = text.indexOf('s'); end !== -1; end = text.indexOf('s', end + 1)) {
    if (isWord(text.charCodeAt(end + 1))) continue;
    let at = end - 1;
    while (at > 0 && isLetter(text.charCodeAt(at))) at--;
    if (text[at] === ' ') at--;
    if (isDigit(text.charCodeAt(at))) return true;
  }
  return false;
}

const SPACE = 0x20;
const DASH = 0x2d;

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === 0xb5 || code === 0x3bc;
}

function isWord(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}
