import type { Findings, Literal, NumberTest } from './literal-scan.ts';
import { assignments } from './redaction/assignment.ts';
import { authorization } from './redaction/authorization.ts';
import { cardNumber } from './redaction/card-number.ts';
import { cloudKeys } from './redaction/cloud-key.ts';
import { collections } from './redaction/collection.ts';
import { commandLines } from './redaction/command-line.ts';
import { withoutControls } from './redaction/control-characters.ts';
import { cookies } from './redaction/cookie.ts';
import type { Detector } from './redaction/detector.ts';
import { DetectorChooser } from './redaction/detector-chooser.ts';
import { encodedSecrets } from './redaction/encoded.ts';
import { foreignPasswords } from './redaction/foreign-password.ts';
import { encryptedWebToken, jsonWebKey, jsonWebToken } from './redaction/json-web-token.ts';
import { namedValues } from './redaction/named-value.ts';
import { nearNames } from './redaction/near-name.ts';
import { oneTimeCodes } from './redaction/one-time-code.ts';
import { passwordHashes } from './redaction/password-hash.ts';
import { email, ip } from './redaction/personal.ts';
import { KEY_MARK, type KeyState, noteOpenKey, privateKey, restBehindKey } from './redaction/private-key.ts';
import { sentences } from './redaction/sentence.ts';
import { dataSourcePassword, sipPassword, urlPassword } from './redaction/url-password.ts';
import { urlTokens } from './redaction/url-token.ts';
import { type UserSecret, userPattern } from './redaction/user-pattern.ts';
import { furtherTokens } from './redaction/vendors/further-tokens.ts';
import { vendorTokens } from './redaction/vendors/vendor-token.ts';
import { hasControls } from './scan/line-marks.ts';

/** Pattern sets by name, as settings name them. What tells more about a secret comes first, what tells the least last. */
const SETS: Readonly<Record<string, readonly Detector[]>> = {
  default: [
    privateKey,
    ...encodedSecrets,
    jsonWebToken,
    encryptedWebToken,
    jsonWebKey,
    ...passwordHashes,
    ...vendorTokens,
    ...furtherTokens,
    ...cloudKeys,
    ...authorization,
    ...cookies,
    urlPassword,
    dataSourcePassword,
    sipPassword,
    ...urlTokens,
    ...commandLines,
    ...assignments,
    ...foreignPasswords,
    ...namedValues,
    ...collections,
    ...sentences,
    ...oneTimeCodes,
    ...nearNames,
    cardNumber,
  ],
  email: [email],
  ip: [ip],
};

/** How often a text is looked at. Hardly one needs a third time. */
const ROUNDS = 4;

/** Whether the lines of one container are inside of a private key that began in an earlier line. */
export type RedactionState = KeyState;
export { openedWith } from './redaction/private-key.ts';

/** Takes secrets out of text before it is stored or sent: each becomes `[redacted:<kind>]`. */
export interface Redactor {
  /** A line without any of these, without such a number, not suspect, without control characters, and not inside of a private key, is not looked at. */
  readonly keywords: readonly Literal[];
  readonly isNumber: NumberTest | null;
  /** Whether `block[start, end)` may hold a secret that has no keyword. The lines of a block that does not change cost little in their order. */
  isSuspect(block: Buffer, start: number, end: number): boolean;
  /**
   * The line without its secrets, or `null` when it has none. `state` belongs to one container. What is not `known` of the line is looked for in
   * it.
   */
  redactLine(bytes: Buffer, start: number, end: number, state: RedactionState, known?: KnownOfLine): Buffer | null;
  /** A whole text, of any number of lines, without its secrets. */
  redactText(text: string): string;
}

/** What somebody knows of a line already. */
export interface KnownOfLine {
  /** Of a scanner whose first literals are the keywords. */
  readonly findings: Findings;
  /** Whether control characters are in it; see {@link hasControls}. */
  readonly isControlled: boolean;
}

/** The name of a pattern set, or a pattern of the user's. */
export type Redaction = string | UserSecret;

/** An unknown name or a pattern that cannot be used is an Error. None: nothing is redacted. */
export function createRedactor(redactions: readonly Redaction[]): Redactor {
  const names = redactions.filter((each) => typeof each === 'string');
  const unknown = names.find((name) => !(name in SETS));
  if (unknown !== undefined) throw new Error(`there is no redaction set "${unknown}", there is: ${Object.keys(SETS).join(', ')}`);
  if (redactions.length === 0) return NOTHING;
  const own = redactions.filter((each) => typeof each !== 'string');
  return redactorOf(new Set(names), own.map(userPattern));
}

const NOTHING: Redactor = {
  keywords: [],
  isNumber: null,
  isSuspect: () => false,
  redactLine: () => null,
  redactText: (text) => text,
};

function redactorOf(sets: ReadonlySet<string>, own: readonly Detector[]): Redactor {
  // What users name says most about what it is.
  const detectors = [...own, ...Object.entries(SETS).flatMap(([name, set]) => (sets.has(name) ? set : []))];
  const chooser = new DetectorChooser(detectors);
  const hasKeys = sets.has('default');

  const redactBy = (text: string, chosen: readonly number[], isLatin1 = false): string => {
    let redacted = text;
    for (const index of chosen) {
      const detector = detectors[index];
      if (detector === undefined) continue;
      redacted = isLatin1 && detector.byCharacter ? redactUtf8(detector, redacted) : detector.redact(redacted);
    }
    return redacted;
  };
  /** What is hidden may uncover what stands beside it: once more, until nothing is found. */
  const settle = (text: string, redacted: string, isLatin1: boolean): string => {
    let before = text;
    let now = redacted;
    for (let round = 1; round < ROUNDS && now !== before; round++) {
      before = now;
      const bytes = Buffer.from(now, isLatin1 ? 'latin1' : 'utf8');
      now = redactBy(now, chooser.choose(bytes, 0, bytes.length), isLatin1);
    }
    return now;
  };
  const redactSeen = (text: string, isLatin1: boolean): string => {
    const bytes = Buffer.from(text, isLatin1 ? 'latin1' : 'utf8');
    return settle(text, redactBy(text, chooser.choose(bytes, 0, bytes.length), isLatin1), isLatin1);
  };
  /** The same of what control characters hide: they stay where they hide nothing. */
  const redactUnseen = (text: string, isLatin1: boolean): string => {
    const bare = withoutControls(text);
    if (bare === null) return text;
    const redacted = redactSeen(bare, isLatin1);
    return redacted === bare ? text : redacted;
  };
  const redactText = (text: string, isLatin1 = false): string => redactUnseen(redactSeen(text, isLatin1), isLatin1);
  return {
    keywords: chooser.keywords,
    isNumber: chooser.isNumber,
    isSuspect: (block, start, end) => chooser.isSuspect(block, start, end),
    redactLine(bytes, start, end, state, known) {
      // Our patterns are ASCII: read as Latin-1, any bytes survive.
      const rest = state.keyLines > 0 ? restBehindKey(bytes.toString('latin1', start, end), state) : null;
      if (rest !== null) return Buffer.from(`${KEY_MARK}${redactText(rest, true)}`, 'latin1');
      const chosen = chooser.choose(bytes, start, end, known?.findings);
      const isControlled = known?.isControlled ?? hasControls(bytes, start, end);
      if (chosen.length === 0 && !isControlled) return null;
      const text = bytes.toString('latin1', start, end);
      const seen = settle(text, redactBy(text, chosen, true), true);
      const redacted = isControlled ? redactUnseen(seen, true) : seen;
      if (redacted === text) return null;
      if (hasKeys) noteOpenKey(isControlled ? (withoutControls(text) ?? text) : text, state);
      return Buffer.from(redacted, 'latin1');
    },
    redactText: (text) => redactText(text),
  };
}

/** Bytes that were read as Latin-1, redacted as the UTF-8 that they are. */
function redactUtf8({ redact }: Detector, latin1: string): string {
  const text = Buffer.from(latin1, 'latin1').toString('utf8');
  const redacted = redact(text);
  return redacted === text ? latin1 : Buffer.from(redacted, 'utf8').toString('latin1');
}
