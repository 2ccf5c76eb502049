/** Markup that is safe to send. Only {@link html} and {@link trusted} make it, so a plain string can never pass for it. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** What can stand in a template: texts are escaped, lists are joined, `null`, `undefined` and `false` are left out. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

/** Builds markup. Values may stand in text and in quoted attributes; everything that is not yet {@link Html} is escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0] ?? '';
  for (let i = 0; i < parts.length; i++) text += partText(parts[i]) + (strings[i + 1] ?? '');
  return new Html(text);
}

/** Marks a text of our own as markup. Never call it with anything that came from the cluster or a request. */
export function trusted(text: string): Html {
  return new Html(text);
}

function partText(part: HtmlPart): string {
  if (part instanceof Html) return part.toString();
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  return part.map(partText).join('');
}

const SPECIAL =
  /[&<>"'`\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * A text as HTML. Control characters become their names (`⟨ESC⟩`), bidirectional and invisible ones their code (`⟨U+202E⟩`),
 * so that a log line can neither break out of its place nor look like something else. Tabs and line ends stay.
 */
export function escapeText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.replace(SPECIAL, (character) => ENTITIES[character] ?? visibleCharacter(character));
}

// The pictures that Unicode has for these are missing from many fonts.
const CONTROL_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(' ');

function visibleCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = code === 0x7f ? 'DEL' : CONTROL_NAMES[code];
  return `⟨${name ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}⟩`;
}
