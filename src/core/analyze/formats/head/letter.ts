import type { Level } from '../../../model/log-line.ts';
import { levelOfLetter, NO_WORD } from '../../level-word.ts';
import { beginsWith } from './word.ts';

/** How much of the line behind the letter is looked at. */
const SEARCHED = 160;

/** What stood in the head in front of the letter. */
interface Place {
  readonly isFirst: boolean;
  readonly hasTime: boolean;
  /** Plain numbers behind the time: process and thread. */
  readonly numbers: number;
  readonly behindSeparator: boolean;
  readonly behindTab: boolean;
}

/** SAP HANA's `i Service_Startup  Startup.cpp(00123) : `. */
function hanaLevel(bytes: Buffer, start: number, end: number): Found | null {
  const [head] =
    /^[dwief] \w+ +[\w.]+\.cpp\(\d+\) : /.exec(bytes.toString('latin1', start, Math.min(end, start + SEARCHED))) ?? [];
  const level = levelOfLetter((bytes[start] ?? 0) & 0xdf);
  return head === undefined || level === NO_WORD ? null : { level, messageStart: start + head.length };
}

/** QuestDB's `I i.q.Server `, and a source file with its line, perhaps behind a thread: `D t0 main.cc:47 `. */
const LOGGER = /^ (?:server-main |(?:[a-z]\w*\.)+[\w$]+:? |(?:\w*\d\w* )?[\w./-]+\.[a-z]{1,4}:\d+:? )/;

/** A level in a single letter, and where the message begins. */
interface Found {
  readonly level: Level;
  readonly messageStart: number;
}

/**
 * Single letters: Ruby's `I, [`, telegraf's `I! `, capnslog's ` I | `, MongoDB's `I NETWORK  [`, TensorFlow's `: I path:12] `, `I [name] `, logcat's
 * `1234 1250 I Tag: ` and `I/Tag(1234): `, WebSphere's `W SRVE0190E: `, apt's `E: `. `null` where the letter is a word of the message.
 */
export function readLetter(bytes: Buffer, start: number, end: number, place: Place): Found | null {
  const letter = bytes[start] ?? 0;
  if (letter >= 0x61) return place.hasTime ? hanaLevel(bytes, start, end) : null;
  const level = letter === 0x56 ? 2 : levelOfLetter(letter); // V: logcat's verbose
  if (level === NO_WORD) return null;
  const found = (length: number): Found => ({ level, messageStart: Math.min(end, start + length) });
  const rest = bytes.toString('latin1', start + 1, Math.min(end, start + 1 + SEARCHED));
  const tag = /^\/[\w.$:-]+ *(?:\( *\d+\))?: /.exec(rest);
  if (tag !== null && (place.isFirst || place.hasTime)) return found(1 + tag[0].length);
  if (place.isFirst) {
    if (beginsWith(bytes, start + 1, end, ', [')) {
      const label = /^.*? -- .*?:/.exec(rest);
      return found(label === null ? end : 1 + label[0].length);
    }
    if (/^\[\d{4}-\d\d-\d\d\|/.test(rest)) return found(1); // Tendermint
    if (/^(?: |: | - |\|)\[?(?:\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:|\d\d:\d\d:\d\d[.,])/.test(rest)) return found(1);
    if (/^ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/.test(rest)) return found(1); // CUPS
    return /^: [A-Za-z]/.test(rest) && (level === 4 || level === 5) ? found(2) : null;
  }
  if (!place.hasTime) return null;
  const mark =
    (place.behindTab ? /^\t/ : /^(?:! | \| |: |> )/).exec(rest) ?? (bytes[start - 1] === 0x7c ? /^\|/.exec(rest) : null);
  if (mark !== null) return found(1 + mark[0].length);
  if (place.numbers > 0 && /^ +[^\s:][^:]*: ?/.test(rest)) return found(2);
  if (place.behindSeparator && /^ +- /.test(rest)) return found(3);
  return /^ +(?:[A-Z_]{2,12} +\[|\[[\w.: /-]+\] |- {2,}\[|\S+:\d+\] |[A-Z]{4,5}\d{4}[A-Z]: )/.test(rest) || LOGGER.test(rest)
    ? found(2)
    : null;
}
